"""What several records of an assessment have in common: its people, a note, and who wrote it when."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from hub.caller import AgencyId
from hub.heard import Heard, Words

MOST_PEOPLE = 30


def _each_once(people: list[UUID]) -> list[UUID]:
    if len(set(people)) < len(people):
        raise ValueError("names somebody twice")
    return people


People = Annotated[list[UUID], Field(max_length=MOST_PEOPLE), AfterValidator(_each_once)]
Children = Annotated[People, Field(min_length=1)]


class StepNoteHeard(Heard):
    """A few words about a step."""

    note: Words | None = None


class Shown(BaseModel):
    """What every record answers: who wrote it (`by`), about whom, and when."""

    model_config = ConfigDict(extra="forbid")

    by: AgencyId
    at: datetime
