"""When a request is due follows from what happened to it: one rule, whatever happened, in whatever order."""

import calendar
import json
from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as some

COUNT = """
select hub.time_limit($1, array(select jsonb_populate_record(null::hub.time_limit_event, e)
  from jsonb_array_elements($2::jsonb) with ordinality one (e, place) order by place))"""

Happened = Sequence[dict[str, Any]]
days = some.dates(date(2020, 1, 1), date(2035, 12, 31))
lengths = some.integers(0, 400)
pauses = some.lists(some.tuples(some.integers(0, 40), lengths), max_size=4)
CHECKED = {"event": "identity_checked", "day": "2026-01-01"}


@pytest.fixture(scope="module")
async def counting(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that only counts."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def due(counting: asyncpg.Connection, received: date, happened: Happened = ()) -> date | None:
    """When it is due."""
    return await counting.fetchval(COUNT, received, json.dumps(list(happened)))


def months_after(day: date, many: int) -> date:
    """The same day of a later month, or its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + many, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def paused(received: date, them: Sequence[tuple[int, int]], waits_for: str = "scope") -> list[dict[str, Any]]:
    """The clock stopped so many days after what went before, and started so many days later, each time."""
    found, day = list[dict[str, Any]](), received
    for after, lasting in them:
        asked = day + timedelta(after)
        day = asked + timedelta(lasting)
        found += [{"event": "clock_stopped", "day": str(asked), "waits_for": waits_for}]
        found += [{"event": "clock_started", "day": str(day)}]
    return found


def extended(months: int) -> dict[str, Any]:
    """Extended by so many months."""
    return {"event": "extended", "day": "2026-01-01", "months": months}


@given(days)
async def test_it_is_due_a_month_after_it_was_received(counting: asyncpg.Connection, received: date) -> None:
    assert await due(counting, received) == months_after(received, 1)


@given(days, pauses)
async def test_the_days_from_asking_what_they_mean_to_hearing_it_do_not_count(
    counting: asyncpg.Connection, received: date, them: Sequence[tuple[int, int]]
) -> None:
    away = sum(lasting + 1 for _, lasting in them)
    expected = months_after(received, 1) + timedelta(away)
    assert await due(counting, received, paused(received, them)) == expected


@given(days, pauses, some.integers(0, 40), lengths, pauses)
async def test_the_month_begins_anew_once_it_is_clear_who_asks(
    counting: asyncpg.Connection,
    received: date,
    before: Sequence[tuple[int, int]],
    after: int,
    lasting: int,
    later: Sequence[tuple[int, int]],
) -> None:
    known = paused(received, before)
    last = date.fromisoformat(known[-1]["day"]) if known else received
    shown = paused(last, [(after, lasting)], "identity")
    begins = date.fromisoformat(shown[-1]["day"])
    rest = paused(begins, later)
    assert await due(counting, received, [*known, *shown, *rest]) == await due(counting, begins, rest)


@given(days, pauses, some.integers(1, 2), some.data())
async def test_an_extension_adds_its_months_wherever_it_came(
    counting: asyncpg.Connection,
    received: date,
    them: Sequence[tuple[int, int]],
    months: int,
    data: some.DataObject,
) -> None:
    happened = paused(received, them)
    place = data.draw(some.integers(0, len(happened)))
    away = sum(lasting + 1 for _, lasting in them)
    longer = [*happened[:place], extended(months), *happened[place:]]
    assert await due(counting, received, longer) == months_after(received, 1 + months) + timedelta(away)


@given(days, pauses, some.sampled_from(["identity", "scope"]), some.integers(0, 40))
async def test_nothing_is_due_while_the_hub_waits(
    counting: asyncpg.Connection,
    received: date,
    them: Sequence[tuple[int, int]],
    waits_for: str,
    after: int,
) -> None:
    stopped = paused(received, [*them, (after, 0)], waits_for)[:-1]
    assert await due(counting, received, stopped) is None
    assert await due(counting, received, [*stopped, extended(2), CHECKED]) is None


@given(days, pauses, some.data())
async def test_that_it_was_checked_who_asks_moves_no_clock(
    counting: asyncpg.Connection, received: date, them: Sequence[tuple[int, int]], data: some.DataObject
) -> None:
    happened = paused(received, them)
    place = data.draw(some.integers(0, len(happened)))
    checked = [*happened[:place], CHECKED, *happened[place:]]
    assert await due(counting, received, checked) == await due(counting, received, happened)
