"""A family's agreement to take part (DfE: early help is voluntary), and its end."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field, ValidationInfo, field_validator

from hub.heard import Heard, Line, PastDate, Words
from services.assessment.models.engagements import Capacity, Method
from services.assessment.schemas.texts import Shown


class EngagementHeard(Heard):
    """Somebody agreed that the family takes part. Competence is judged per decision, not by age."""

    household: UUID
    given_by: Line = Field(description="who agreed")
    capacity: Capacity
    reasoning: Words | None = Field(
        None, validate_default=True, description="gillick_competent: why the child is competent"
    )
    method: Method
    given_on: PastDate
    words_shown: Words = Field(description="the words the family was shown or read")

    @field_validator("reasoning")
    @classmethod
    def _competence_is_reasoned(cls, reasoning: str | None, heard: ValidationInfo) -> str | None:
        if reasoning is None and heard.data.get("capacity") is Capacity.GILLICK_COMPETENT:
            raise ValueError("say why this child is competent to make this decision")
        return reasoning


class EngagementEndHeard(Heard):
    """The family no longer takes part."""

    ended_on: PastDate
    reason: Words


class EngagementShown(Shown):
    """An agreement to take part, and its end once it has one."""

    engagement: UUID
    household: UUID
    given_by: str
    capacity: Capacity
    reasoning: str | None
    method: Method
    given_on: date
    words_shown: str
    ended_on: date | None
    end_reason: str | None


class OneEngagement(BaseModel):
    """An engagement."""

    engagement: EngagementShown
