"""When a service is open on a day: the database agrees with dateutil's reading of RFC 5545."""

from datetime import date, datetime, time
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from services.directory.schemas.hours import WEEK, Span, read_days, read_span
from tests.services.directory.conftest import Directory

OPENS = (
    "select directory.opens_on(:freq, :every, :byday, :bymonthday, cast(:start as date), null, null,"
    " cast(:day as date)) as is_open"
)
RULES: list[dict[str, Any]] = [
    {"freq": "WEEKLY", "byday": "SA"},
    {"freq": "WEEKLY", "byday": "MO,WE,FR", "every": 2},
    {"freq": "WEEKLY", "every": 3},
    {"freq": "WEEKLY", "byday": "SU,MO", "every": 2},
    {"freq": "MONTHLY", "byday": "1SA"},
    {"freq": "MONTHLY", "byday": "-1FR,2TU"},
    {"freq": "MONTHLY", "byday": "TH", "every": 2},
    {"freq": "MONTHLY", "bymonthday": "1,15,-1"},
    {"freq": "MONTHLY", "every": 3},
]
START = date(2026, 9, 16)


@pytest.mark.parametrize("rule", RULES, ids=str)
async def test_a_rule_is_read_as_the_standard_has_it(directory: Directory, rule: dict[str, Any]) -> None:
    parts = {"FREQ": rule["freq"], "INTERVAL": rule.get("every"), "BYDAY": rule.get("byday"),
             "BYMONTHDAY": rule.get("bymonthday")}  # fmt: skip
    text = ";".join(f"{name}={value}" for name, value in parts.items() if value)
    begins = datetime.combine(START, time())
    expected = {at.date() for at in rrulestr(text, dtstart=begins).between(begins, datetime(2027, 9, 1), inc=True)}  # fmt: skip  # noqa: DTZ001, E501
    values = {"every": None, "byday": None, "bymonthday": None, "start": START, **rule}
    async with directory.transaction() as tx:
        days = [date.fromordinal(START.toordinal() + offset) for offset in range(-20, 340)]
        found = {day for day in days if (await tx.rows(OPENS, **values, day=day))[0]["is_open"]}
    assert found == {day for day in expected if day in days}


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("saturday", ["SA"]),
        ("Sat, sun", ["SA", "SU"]),
        ("MO", ["MO"]),
        ("mo", ["MO"]),
        ("tuesdays", ["TU"]),
        ("Tues,weds Thurs", ["TU", "WE", "TH"]),
        ("Sadwrn", ["SA"]),
        ("", []),
    ],
)
def test_days_are_read_however_they_are_written(said: str, days: list[str]) -> None:
    assert read_days(said) == days


@given(st.text())
def test_what_is_not_a_day_is_refused(said: str) -> None:
    try:
        assert set(read_days(said)) <= set(WEEK)
    except ValueError:
        return


@given(st.times(max_value=time(23, 58)))
def test_a_time_is_the_minute_from_then(said: time) -> None:
    since, until = read_span(said.replace(second=0, microsecond=0).isoformat("minutes"))
    assert since < until


@pytest.mark.parametrize("said", ["noon", "25:00", "12:00-10:00", "10:00+01:00", ""])
def test_what_is_not_a_time_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match=r"morning|local"):
        read_span(said)


def test_parts_of_a_day() -> None:
    assert read_span("Morning") == Span(time(6), time(12))
    assert read_span("16:00-18:30") == Span(time(16), time(18, 30))
