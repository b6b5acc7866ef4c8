"""Support plans, their moves, and what hangs on them: goals, actions, offers of a local service."""

from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field

from hub.caller import AgencyId
from hub.sharing import Category
from services.assessment.models.rows import SCHEMA, Kept, Row, people


class Tier(StrEnum):
    """How much support."""

    EARLY_RESPONSE = "early_response"
    INTENSIVE_WHOLE_FAMILY = "intensive_whole_family"


class PlanStatus(StrEnum):
    """Where a plan stands."""

    DRAFT = "draft"
    AGREED_WITH_FAMILY = "agreed_with_family"
    ACTIVE = "active"
    UNDER_REVIEW = "under_review"
    CLOSING = "closing"
    CLOSED = "closed"


class ActionStatus(StrEnum):
    """Where an action stands."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class GoalArea(StrEnum):
    """What a goal is about."""

    EMOTIONAL_WELLBEING = "emotional_wellbeing"
    RELATIONSHIP_BUILDING = "relationship_building"
    TIME_MANAGEMENT = "time_management"
    PARENTAL_ENGAGEMENT = "parental_engagement"
    FINANCIAL_ADVICE = "financial_advice"
    HOUSING = "housing"
    HEALTH = "health"
    EDUCATION_SEND = "education_send"
    DOMESTIC_ABUSE_SAFETY = "domestic_abuse_safety"
    SUBSTANCE = "substance"
    OTHER = "other"


class Plan(Row, table=True):
    """What everybody will do for one family, siblings included."""

    __table_args__ = SCHEMA
    subject: UUID = Field(index=True)
    category: str = Field(default=Category.PLAN, sa_type=Text)
    assessment: UUID | None = Field(default=None, foreign_key="assessment.assessment.id")
    tier: str = Field(sa_type=Text)
    starts: date
    target_end: date
    lead_practitioner: str = Field(sa_type=Text)
    children: list[UUID] = Field(sa_column=people())
    adults: list[UUID] = Field(sa_column=people())


class PlanMove(Kept, table=True):
    """A plan's step to its next status. A number is taken once, so two cannot both win."""

    __tablename__ = "plan_move"  # pyright: ignore[reportAssignmentType]  # SQLModel's hook
    __table_args__ = (UniqueConstraint("plan", "number"), SCHEMA)
    category: str = Field(default=Category.PLAN, sa_type=Text)
    plan: UUID = Field(foreign_key="assessment.plan.id")
    number: int
    status: str = Field(sa_type=Text)
    note: str | None = Field(default=None, sa_type=Text)


class OnPlan(Row):
    """What hangs on a plan, about the household or one of its people."""

    category: str = Field(default=Category.PLAN, sa_type=Text)
    plan: UUID = Field(foreign_key="assessment.plan.id", index=True)
    household: UUID = Field(index=True)


class Goal(OnPlan, table=True):
    """Where one child, adult or the family is to get to, and from where."""

    __table_args__ = SCHEMA
    area: str = Field(sa_type=Text)
    text: str = Field(sa_type=Text)
    baseline: str | None = Field(default=None, sa_type=Text)
    target: str = Field(sa_type=Text)


class Action(OnPlan, table=True):
    """What one agency will do towards a goal, and by when."""

    __table_args__ = SCHEMA
    goal: UUID = Field(foreign_key="assessment.goal.id")
    text: str = Field(sa_type=Text)
    owner: AgencyId = Field(sa_type=Text)
    due: date


class ActionMove(Kept, table=True):
    """An action was assigned, done or dropped. A number is taken once, so two cannot both win."""

    __tablename__ = "action_move"  # pyright: ignore[reportAssignmentType]  # SQLModel's hook
    __table_args__ = (UniqueConstraint("action", "number"), SCHEMA)
    category: str = Field(default=Category.PLAN, sa_type=Text)
    action: UUID = Field(foreign_key="assessment.action.id")
    number: int
    status: str = Field(sa_type=Text)
    note: str | None = Field(default=None, sa_type=Text)


class Offer(OnPlan, table=True):
    """A service of the local directory, offered to somebody in the family."""

    __table_args__ = SCHEMA
    service: str = Field(sa_type=Text)
    name: str = Field(sa_type=Text)
    source: str = Field(sa_type=Text)
    why: str = Field(sa_type=Text)
