"""When a service of Open Referral UK 1.0 is open: weekdays and holidays as schedules of 3.0."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from services.directory.formats.oruk.fields import Fields

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
BY_NAME = {
    name[:length]: code for name, code in zip(DAYS, CODES, strict=True) for length in (2, 3, len(name))
}


def schedules(said: Fields) -> Iterator[dict[str, Any]]:
    """Every regular schedule, then every holiday."""
    for name in ("regular_schedules", "regular_schedule"):
        for part in said.parts(name):
            yield a_week(part)
    for name in ("holiday_schedules", "holiday_schedule"):
        for part in said.parts(name):
            yield _holiday(part)


def a_week(part: Fields) -> dict[str, Any]:
    """A regular schedule; one that names only a weekday is weekly."""
    byday = part.raw("byday") or weekday(part)
    return {
        **part.all(),
        "freq": part.raw("freq") or ("WEEKLY" if byday else None),
        "byday": byday,
        "valid_to": part.raw("valid_to") or part.raw("until"),
    }


def weekday(part: Fields) -> str | None:
    """`Monday`, `mon`, `MO`, or 1 for Monday, as RFC 5545 writes it."""
    said = (part.text("weekday") or "").lower()
    if said.isdecimal():
        return CODES[(int(said) - 1) % 7]
    known = BY_NAME.get(said)
    return known if known or not said else part.note("weekday", "not a day of the week, left out")


def _holiday(part: Fields) -> dict[str, Any]:
    """Other hours for some days. 3.0 cannot say "closed" but in words, and a rule would mean "open"."""
    first, last = part.date("start_date"), part.date("end_date")
    closed = str(part.raw("closed")).lower() in ("true", "1", "y", "yes")
    days = " to ".join(_in_words(day) for day in dict.fromkeys((first, last)) if day)
    if closed:
        return {"id": part.raw("id"), "description": f"Closed {days}".strip()}
    return {
        "id": part.raw("id"),
        "valid_from": first,
        "valid_to": last,
        "opens_at": part.raw("opens_at"),
        "closes_at": part.raw("closes_at"),
        "description": f"Holiday hours {days}".strip(),
    }


def _in_words(day: str) -> str:
    known = date.fromisoformat(day)
    return f"{known.day} {known:%B %Y}"
