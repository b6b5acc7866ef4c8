"""The limits of everything we hear: lengths, moments, nothing unknown, nothing PostgreSQL cannot hold."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, TypeVar
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


def today() -> date:
    """The date families and practitioners write: London's."""
    return datetime.now(LONDON).date()


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not contain the NUL character")
    return text


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
