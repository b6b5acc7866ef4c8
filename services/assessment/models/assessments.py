"""Assessments of a whole family, their moves, and one section per sharing category and subject."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from hub.sharing import Category
from services.assessment.models.rows import SCHEMA, Kept, Row, people


class AssessmentStatus(StrEnum):
    """Where an assessment stands."""

    DRAFT = "draft"
    IN_PROGRESS = "in_progress"
    FAMILY_REVIEWED = "family_reviewed"
    COMPLETED = "completed"
    SUPERSEDED = "superseded"


class AssessmentOutcome(StrEnum):
    """What an assessment led to."""

    PLAN = "plan"
    SINGLE_AGENCY = "single_agency"
    SIGNPOSTED = "signposted"
    STEP_UP = "step_up"
    NO_SUPPORT_NEEDED = "no_support_needed"


class Assessment(Row, table=True):
    """A family's needs and strengths, looked at together in one framework."""

    __table_args__ = SCHEMA
    subject: UUID = Field(index=True)
    category: str = Field(default=Category.PLAN, sa_type=Text)
    framework: str = Field(sa_type=Text)
    framework_version: str = Field(sa_type=Text)
    lead_practitioner: str = Field(sa_type=Text)
    children: list[UUID] = Field(sa_column=people())
    adults: list[UUID] = Field(sa_column=people())
    started: date


class AssessmentMove(Kept, table=True):
    """An assessment's step to its next status. A number is taken once, so two cannot both win."""

    __tablename__ = "assessment_move"  # pyright: ignore[reportAssignmentType]  # SQLModel's hook
    __table_args__ = (UniqueConstraint("assessment", "number"), SCHEMA)
    category: str = Field(default=Category.PLAN, sa_type=Text)
    assessment: UUID = Field(foreign_key="assessment.assessment.id")
    number: int
    status: str = Field(sa_type=Text)
    decision: str | None = Field(default=None, sa_type=Text)
    note: str | None = Field(default=None, sa_type=Text)


class Section(Row, table=True):
    """What one agency contributes about one subject, in the one category that decides who sees it."""

    __table_args__ = SCHEMA
    assessment: UUID = Field(foreign_key="assessment.assessment.id", index=True)
    household: UUID = Field(index=True)
    dimension: str | None = Field(default=None, sa_type=Text)
    strengths: str | None = Field(default=None, sa_type=Text)
    worries: list[dict[str, str]] = Field(sa_type=JSONB)
    words_of_the_child: str | None = Field(default=None, sa_type=Text)
