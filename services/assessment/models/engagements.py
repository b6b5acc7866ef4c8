"""The family's agreement to take part in early help, and its end. Not a decision about sharing."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text
from sqlmodel import Field

from hub.sharing import Category
from services.assessment.models.rows import SCHEMA, Kept, Row


class Capacity(StrEnum):
    """By what right somebody agrees."""

    PR_HOLDER = "pr_holder"
    ADULT = "adult"
    GILLICK_COMPETENT = "gillick_competent"


class Method(StrEnum):
    """How they said so."""

    IN_PERSON = "in_person"
    TELEPHONE = "telephone"
    VIDEO = "video"
    WRITTEN = "written"
    ONLINE = "online"


class Engagement(Row, table=True):
    """A family agreed to take part: who said so, by what right, to which words."""

    __table_args__ = SCHEMA
    subject: UUID = Field(index=True)
    category: str = Field(default=Category.PLAN, sa_type=Text)
    given_by: str = Field(sa_type=Text)
    capacity: str = Field(sa_type=Text)
    reasoning: str | None = Field(default=None, sa_type=Text)
    method: str = Field(sa_type=Text)
    given_on: date
    words_shown: str = Field(sa_type=Text)


class EngagementEnd(Kept, table=True):
    """A family no longer takes part."""

    __tablename__ = "engagement_end"  # pyright: ignore[reportAssignmentType]  # SQLModel's hook
    __table_args__ = SCHEMA
    subject: UUID = Field(index=True)
    category: str = Field(default=Category.PLAN, sa_type=Text)
    engagement: UUID = Field(unique=True, foreign_key="assessment.engagement.id")
    ended_on: date
    reason: str = Field(sa_type=Text)
