"""The rules of a referral's life, without a hub."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.referral.rules.clock import LONDON, decide_by
from services.referral.rules.moves import MOVES, MoveNotAllowed, Status, check_move

FINAL = {Status.RETURNED, Status.SIGNPOSTED, Status.CLOSED, Status.WITHDRAWN}


@given(some.sampled_from(Status), some.sampled_from(Status))
def test_a_step_is_allowed_exactly_where_the_table_has_it(here: Status, there: Status) -> None:
    if there in MOVES[here]:
        check_move(here, there)
    else:
        with pytest.raises(MoveNotAllowed):
            check_move(here, there)


def test_every_status_has_a_row_and_every_life_an_end() -> None:
    assert set(MOVES) == set(Status)
    assert {status for status, onward in MOVES.items() if not onward} == FINAL


@given(some.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=some.just(UTC)))  # noqa: DTZ001
def test_a_decision_is_due_on_a_working_day_within_a_week(submitted: datetime) -> None:
    due = decide_by(submitted)
    assert due.astimezone(LONDON).weekday() < 5
    assert timedelta(hours=22) < due - submitted < timedelta(days=7)


@pytest.mark.parametrize(
    ("submitted", "due"),
    [
        ("2026-11-20T15:00:00+00:00", "2026-11-23T15:00:00+00:00"),
        ("2026-12-24T15:00:00+00:00", "2026-12-29T15:00:00+00:00"),
        ("2026-03-27T12:00:00+00:00", "2026-03-30T11:00:00+00:00"),
    ],
    ids=["over a weekend", "over Christmas", "into summer time"],
)
def test_the_clock_knows_weekends_bank_holidays_and_summer_time(submitted: str, due: str) -> None:
    assert decide_by(datetime.fromisoformat(submitted)) == datetime.fromisoformat(due)
