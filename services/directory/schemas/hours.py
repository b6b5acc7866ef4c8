"""When somebody can come: days of the week, parts of a day, times."""

from datetime import time
from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator

MORNING, NOON, EVENING, NIGHT = time(6), time(12), time(17), time(22)
PARTS = {"morning": (MORNING, NOON), "afternoon": (NOON, EVENING), "evening": (EVENING, NIGHT)}
DAYS = {
    "monday": "MO",
    "tuesday": "TU",
    "wednesday": "WE",
    "thursday": "TH",
    "friday": "FR",
    "saturday": "SA",
    "sunday": "SU",
}
# Every way a day is written, in English and in Welsh, whose words change at their beginning.
NAMES = {
    **DAYS,
    **{code.lower(): code for code in DAYS.values()},
    **{name[:3]: code for name, code in DAYS.items()},
    "tues": "TU", "weds": "WE", "thur": "TH", "thurs": "TH",
    "llun": "MO", "lun": "MO", "mawrth": "TU", "fawrth": "TU", "mercher": "WE", "fercher": "WE", "iau": "TH",
    "gwener": "FR", "wener": "FR", "sadwrn": "SA", "sul": "SU",
}  # fmt: skip
WEEK = tuple(DAYS.values())
Code = Literal["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


class Span(NamedTuple):
    """Part of a day, `until` not included."""

    since: time
    until: time


def read_days(said: str) -> list[str]:
    """`sat,sun`, `SA`, `Saturdays` or `Sadwrn` as RFC 5545 writes them. ValueError for a day that is none."""
    codes: list[str] = []
    for part in said.replace(" ", ",").split(","):
        name = part.strip().lower()
        code = NAMES.get(name) or DAYS.get(name.removesuffix("s"))
        if name and code is None:
            raise ValueError("not a day of the week, such as `saturday` or `SA`")
        codes += [code] if code else []
    return codes


def _one_day(said: object) -> object:
    """The code of the only day that is named."""
    days = read_days(said) if isinstance(said, str) else [said]
    if len(days) != 1:
        raise ValueError("must be one day of the week, such as `saturday` or `SA`")
    return days[0]


Day = Annotated[Code, BeforeValidator(_one_day, json_schema_input_type=str)]


def read_span(said: str) -> Span:
    """`morning`, `10:00` or `10:00-12:30`. ValueError for what is neither a part of a day nor a time."""
    words = said.strip().lower()
    if words in PARTS:
        return Span(*PARTS[words])
    try:
        since, _, until = words.partition("-")
        begins = time.fromisoformat(since.strip())
        ends = time.fromisoformat(until.strip()) if until else _a_minute_after(begins)
    except ValueError as reason:
        raise ValueError("not `morning`, `afternoon`, `evening`, `10:00` or `10:00-12:00`") from reason
    if begins.tzinfo or ends.tzinfo:
        raise ValueError("the times must be local, without a zone")
    if begins >= ends:
        raise ValueError("not local times with the earlier one first")
    return Span(begins, ends)


def _a_minute_after(moment: time) -> time:
    minutes = moment.hour * 60 + moment.minute + 1
    return time(minutes // 60, minutes % 60) if minutes < 24 * 60 else time.max
