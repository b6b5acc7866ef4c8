"""The limits of everything we hear: lengths, dates, nothing unknown, nothing PostgreSQL cannot hold."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from hub.caller import AgencyId

LONDON = ZoneInfo("Europe/London")
MOST_PEOPLE = 30


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


def _each_once(people: list[UUID]) -> list[UUID]:
    if len(set(people)) < len(people):
        raise ValueError("names somebody twice")
    return people


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
People = Annotated[list[UUID], Field(max_length=MOST_PEOPLE), AfterValidator(_each_once)]
Children = Annotated[People, Field(min_length=1)]


class Heard(BaseModel):
    """What a caller sends: exactly these fields."""

    model_config = ConfigDict(extra="forbid")


class NoteHeard(Heard):
    """A few words about a step."""

    note: Words | None = None


class Shown(BaseModel):
    """What every record answers: who wrote it (`by`), about whom, and when."""

    model_config = ConfigDict(extra="forbid")

    by: AgencyId
    at: datetime
