"""Ages and days as people write them in a search: "6 months old", "monday evening", "at the weekend"."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from services.directory.schemas.hours import DAYS, NAMES, PARTS

_WHO = (
    r"(?:child|baby|toddler|son|daughter|boy|girl|kid|he|she|they)(?:(?: is| are)|'s)?(?: only| now| aged?)?"
)
_UNIT = "years?|yrs?|months?|mths?|weeks?|wks?"
AGED = re.compile(
    rf"\b(?:for )?(?:a |my |an )?(?P<old>\d{{1,2}})[ -]?(?:(?P<old_unit>{_UNIT})[ -]?olds?|yo|y/o)\b"
    rf"|\b(?:my )?{_WHO} (?P<theirs>\d{{1,2}})\b(?:[ -]?(?P<their_unit>{_UNIT})\b)?(?! (?:days?|hours?)\b)"
    r"|\baged? (?P<aged>\d{1,2})\b(?![ -]?(?:\d|to\b))"
    r"|^\W*(?P<only>\d{1,2})[ -]?(?P<only_unit>months?|mths?|weeks?|wks?)\W*$",
    re.IGNORECASE,
)
YEAR = {"y": 1, "m": 12, "w": 52}  # of each unit, by its first letter
WEEKEND = ("SA", "SU")
_PART = rf"(?P<{{}}>{'|'.join(PARTS)})s?"
_ENGLISH = "|".join(DAYS)
# A day by itself may be part of a name ("Young Carers Tuesday"); so one must be said to be a time.
ON = re.compile(
    rf"\b(?:on|every|each|this|next) (?P<said>{_ENGLISH})s?\b(?: {_PART.format('part')}\b)?"
    rf"|\b(?P<with>{_ENGLISH}|mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun) {_PART.format('its_part')}\b"
    rf"|\b(?P<plural>{_ENGLISH})s\b"
    rf"|^\W*(?P<alone>{_ENGLISH})\W*$"
    r"|\b(?:ar )?(?:dydd|nos) (?P<welsh>l+un|[mf]awrth|[mf]ercher|iau|g?wener|sadwrn|sul)\b"
    r"|\b(?:(?:at|on|over) (?:the )?)?(?P<weekend>weekends?)\b",
    re.IGNORECASE,
)


class Occasion(NamedTuple):
    """An age in years, the days and the part of a day that somebody said, and the rest of what they said."""

    rest: str
    age: float | None = None
    days: tuple[str, ...] = ()
    part: str | None = None


def occasion(said: str) -> Occasion:
    """What a search says of an age and of days."""
    aged, on = AGED.search(said), ON.search(said)
    rest = ON.sub(" ", AGED.sub(" ", said))
    if on is None:
        return Occasion(rest, _age(aged))
    part = on["part"] or on["its_part"]
    return Occasion(rest, _age(aged), tuple(_days(on)), part and part.lower())


def _age(aged: re.Match[str] | None) -> float | None:
    if aged is None:
        return None
    number = aged["old"] or aged["theirs"] or aged["aged"] or aged["only"]
    unit = aged["old_unit"] or aged["their_unit"] or aged["only_unit"] or "years"
    return int(number) / YEAR[unit[0].lower()]


def _days(on: re.Match[str]) -> Iterator[str]:
    if on["weekend"]:
        yield from WEEKEND
    else:
        named = (on[way] for way in ("said", "with", "plural", "alone", "welsh"))
        yield from (NAMES[name.lower()] for name in named if name)
