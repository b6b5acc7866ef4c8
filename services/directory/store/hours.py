"""When services are open, as SQL over their schedules: the part of RFC 5545 that Open Referral UK has."""

from typing import Any

from services.directory.schemas import PlaceQuestion
from services.directory.schemas.hours import WEEK, read_span

AHEAD = 34  # days: every weekday of a month, so that "the first Saturday" counts as a Saturday

_EVERY_WEEK = "s.freq = 'WEEKLY' and coalesce(s.interval, 1) = 1 and s.byday is not null"
_SOON = (
    f"coalesce(s.valid_from, s.dtstart, current_date) <= current_date + {AHEAD}"
    " and coalesce(s.valid_to, current_date) >= current_date"
)
_OPENS = (
    "directory.opens_on(s.freq, s.interval, s.byday, s.bymonthday, s.dtstart, s.valid_from, s.valid_to, {})"
)
_ON_A_DAY = (
    f"case when {_EVERY_WEEK} then upper(s.byday) ~ array_to_string(cast(:days as text[]), '|') and {_SOON}"
    f" else exists (select from generate_series(current_date, current_date + {AHEAD}, interval '1 day') day"
    f" where to_char(day, 'ID')::int = any(:day_numbers) and {_OPENS.format('day::date')}) end"
)
_TIMES = (
    "coalesce(s.opens_at < cast(:until as time), true)"
    " and coalesce(s.closes_at > cast(:since as time) or s.closes_at <= s.opens_at, true)"
)


def conditions(question: PlaceQuestion) -> list[str]:
    """That one schedule of a service f is of the days and in the times asked for. No schedule: not known."""
    asked: list[str] = []
    if question.day:
        asked.append(_ON_A_DAY)
    if question.on:
        asked.append(_OPENS.format("cast(:on as date)"))
    if question.time:
        asked.append(_TIMES)
    if not asked:
        return []
    where = " and ".join(asked)
    return [f"exists (select from directory.findable_schedule s where s.service_id = f.id and {where})"]


def values(question: PlaceQuestion) -> dict[str, Any]:
    """The parameters of the conditions."""
    given: dict[str, Any] = {}
    if question.day:
        given |= {"days": question.day, "day_numbers": [WEEK.index(day) + 1 for day in question.day]}
    if question.on:
        given["on"] = question.on
    if question.time:
        since, until = read_span(question.time)
        given |= {"since": since, "until": until}
    return given
