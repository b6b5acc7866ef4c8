"""When services are open, as SQL over their schedules: the part of RFC 5545 that Open Referral UK has."""

from datetime import time
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


DAY = 86_400
# What is the same every week, or every month, stands in the entry; anything else is looked up, one by one:
# an `exists` would read every schedule there is.
_SCHEDULES = "from directory.findable_schedule s where s.service_id = f.id and"
_HOURS = "f.hours && (select cast(cast(:hours as text) as int4multirange))"
_LOOKED_UP = f"(select true {_SCHEDULES} {{where}} limit 1)"
_KEPT = f"({_HOURS} or (f.filters @> '{{{{hours:odd}}}}' and {_LOOKED_UP}))"
_KEPT_FOR_A_DATE = (
    f"(({_HOURS} and not f.filters @> '{{{{hours:dated}}}}')"
    f" or (f.filters && '{{{{hours:odd,hours:dated}}}}' and {_LOOKED_UP}))"
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
    if _is_of_a_week(question):
        kept = (_KEPT_FOR_A_DATE if question.on else _KEPT).format(where=where)
        return [kept, "f.filters && cast(:day_tokens as text[])"] if question.day else [kept]
    return [f"exists (select {_SCHEDULES} {where})"]


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
    if conditions(question) and _is_of_a_week(question):
        given["hours"] = _week(question)
        if question.day:
            given["day_tokens"] = [*(f"day:{day}" for day in question.day), "hours:any-day"]
    return given


def _is_of_a_week(question: PlaceQuestion) -> bool:
    """Whether the week's hours can answer it: not a date and a day at once, which one schedule must have."""
    return not (question.day and question.on)


def _week(question: PlaceQuestion) -> str:
    """The hours asked for as PostgreSQL writes a multirange: seconds of a week, Monday first."""
    numbers = [WEEK.index(day) for day in question.day or WEEK]
    numbers = [question.on.weekday()] if question.on else numbers
    since, until = 0, DAY
    if question.time:
        span = read_span(question.time)
        since, until = _seconds(span[0]), min(DAY, _seconds(span[1]) + (span[1].microsecond > 0))
    return "{" + ",".join(f"[{DAY * day + since},{DAY * day + until})" for day in sorted(numbers)) + "}"


def _seconds(moment: time) -> int:
    return moment.hour * 3600 + moment.minute * 60 + moment.second
