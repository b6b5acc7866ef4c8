"""Concerns, one at a time."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from typing_extensions import TypeAliasType

from hub.caller import AgencyId
from hub.heard import Account, Happened, Heard, Line
from hub.page import Paged
from services.referral.schemas.people import UPN

SchoolRag = TypeAliasType("SchoolRag", Literal["red", "amber", "green"])
EXAMPLE: dict[str, JsonValue] = {
    "upn": UPN,
    "kind": "attendance",
    "narrative": "Late four times this week, and without lunch on three of them.",
    "words_of_the_child": "I get my brother ready in the mornings.",
    "immediate_action": "Lunch was given; the class teacher spoke with home.",
    "reporter_role": "Class teacher",
    "occurred_at": "2026-01-12T09:10:00Z",
}


class ConcernKind(StrEnum):
    """What a concern is about."""

    PHYSICAL = "physical"
    EMOTIONAL = "emotional"
    NEGLECT = "neglect"
    SEXUAL = "sexual"
    LOW_LEVEL = "low_level"
    ATTENDANCE = "attendance"
    BEHAVIOUR = "behaviour"
    WELFARE = "welfare"
    ONLINE = "online"
    OTHER = "other"


class ConcernHeard(Heard):
    """What somebody noticed about a child: facts, the child's own words, what was done at once."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    upn: Annotated[str, Field(max_length=20)]
    external_id: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    kind: ConcernKind
    narrative: Account
    words_of_the_child: Account | None = None
    immediate_action: Account | None = None
    reporter_role: Line | None = None
    school_rag: SchoolRag | None = None
    occurred_at: Happened
    recorded_at: Happened | None = None


class ConcernReceived(BaseModel):
    """The concern that was received, and whom it is about."""

    concern: UUID
    person: UUID


class ConcernShown(BaseModel):
    """What somebody noticed about a child."""

    concern: UUID
    person: UUID
    kind: ConcernKind
    narrative: str
    words_of_the_child: str | None
    immediate_action: str | None = Field(description="what was done at once")
    reporter_role: str | None = Field(description="who told the school; null for another agency's concern")
    school_rag: SchoolRag | None = Field(description="the school's own colours, which are not the MASH's")
    raised_by: AgencyId
    occurred_at: datetime
    recorded_at: datetime | None = Field(description="when it was written down, where the sender said so")
    received_at: datetime
    external_id: str | None = Field(description="your own id for it; null for another agency's concern")


class OneConcern(BaseModel):
    """A concern."""

    concern: ConcernShown


class ConcernsPage(Paged):
    """A page of the concerns that the caller's agency raised, newest first."""

    concerns: list[ConcernShown]
