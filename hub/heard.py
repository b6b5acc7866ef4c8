"""The limits of everything we hear: lengths, moments, nothing unknown, nothing PostgreSQL cannot hold."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, StringConstraints

from hub.caller import AgencyId

LONDON = ZoneInfo("Europe/London")
CLOCKS_DIFFER = timedelta(minutes=5)


def today() -> date:
    """The date families and practitioners write: London's."""
    return datetime.now(LONDON).date()


def _storable(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not contain the NUL character")
    return text


def _not_later(day: date) -> date:
    if day > today():
        raise ValueError("is in the future")
    return day


def _happened(moment: datetime) -> datetime:
    if moment > datetime.now(UTC) + CLOCKS_DIFFER:
        raise ValueError("is in the future")
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
Agency = Annotated[
    AgencyId, StringConstraints(max_length=64, pattern="^[a-z0-9][a-z0-9-]*$"), AfterValidator(_storable)
]
PastDate = Annotated[date, AfterValidator(_not_later)]
Happened = Annotated[AwareDatetime, AfterValidator(_happened)]


class Heard(BaseModel):
    """What a caller sends: exactly these fields."""

    model_config = ConfigDict(extra="forbid")
