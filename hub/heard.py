"""The limits of everything we hear: lengths, moments, nothing unknown, nothing PostgreSQL cannot hold."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, TypeVar, cast
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    StringConstraints,
    ValidationInfo,
    field_validator,
)

from hub.caller import SLUG, STAFF_ID, AgencyId, PractitionerId

T = TypeVar("T")

# PostgreSQL keeps the first and the last day that Python knows as no day at all, and years are added to some.
YEARS = range(1900, 3000)
LONDON = ZoneInfo("Europe/London")
CLOCKS_DIFFER = timedelta(minutes=5)
DEEPEST = 20
EXACT = 2**53  # what every reader of JSON keeps to the last digit (RFC 8259, section 6)
HALF = re.compile("[\ud800-\udfff]")


def today() -> date:
    """The date families and practitioners write: London's."""
    return datetime.now(LONDON).date()


def age_on(born: date, on: date) -> int:
    """How old somebody is on a day, in years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not contain the NUL character")
    return text


def _readable_again(said: T) -> T:
    """JSON whose form is not ours, all of which can be kept, and read by whoever is shown it."""
    left: list[tuple[Any, int]] = [(said, 0)]
    while left:
        one, depth = left.pop()
        if depth > DEEPEST:
            raise ValueError(f"must not be nested more than {DEEPEST} deep")
        if isinstance(one, (Mapping, list)):
            left += [(inner, depth + 1) for inner in _inside(cast("Mapping[Any, Any] | list[Any]", one))]
        elif isinstance(one, str) and HALF.search(_storable(one)):
            raise ValueError("must not contain half a character (a lone surrogate)")
        elif isinstance(one, (int, float)) and not abs(one) <= EXACT:
            raise ValueError("must not contain a number that is not kept exactly")
    return said


def _inside(one: Mapping[Any, Any] | list[Any]) -> list[Any]:
    return [*one, *one.values()] if isinstance(one, Mapping) else one


def of_our_times(said: T) -> T:
    """A date or a moment that can be kept and counted from; whatever else is said, as it is."""
    if isinstance(said, date) and said.year not in YEARS:
        raise ValueError(f"must be of the years {YEARS[0]} to {YEARS[-1]}")
    return said


def _not_later(day: date) -> date:
    if day > today():
        raise ValueError("is in the future")
    return day


def _happened(moment: datetime) -> datetime:
    if moment > datetime.now(UTC) + CLOCKS_DIFFER:
        raise ValueError("is in the future")
    return moment


def _after_it_starts(moment: datetime, heard: ValidationInfo) -> datetime:
    """What says no `starts`, or has none, starts now."""
    if moment <= (heard.data.get("starts") or datetime.now(UTC)):
        raise ValueError("must be after it starts")
    return moment


Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_storable),
]
Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000),
    AfterValidator(_storable),
]
LONGEST_ACCOUNT = 20_000
Account = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_ACCOUNT),
    AfterValidator(_storable),
]
Anything = Annotated[dict[str, Any], AfterValidator(_readable_again)]
Agency = Annotated[AgencyId, StringConstraints(pattern=f"^{SLUG}$")]
# A person is one person, however their staff id is written: it is kept in small letters, as who asks is.
Staff = Annotated[PractitionerId, StringConstraints(pattern=f"^{STAFF_ID}$", to_lower=True)]
PastDate = Annotated[date, AfterValidator(_not_later)]
Happened = Annotated[AwareDatetime, AfterValidator(_happened)]
Until = Annotated[AwareDatetime, AfterValidator(_after_it_starts)]


class Heard(BaseModel):
    """What a caller sends: exactly these fields, and dates of our times."""

    model_config = ConfigDict(extra="forbid")

    _dates = field_validator("*")(of_our_times)
