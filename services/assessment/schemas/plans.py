"""Plans and what hangs on them."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel, Field

from hub.caller import AgencyId
from hub.heard import Agency, Heard, Line, Words
from services.assessment.models.plans import ActionStatus, GoalArea, PlanStatus, Tier
from services.assessment.schemas.texts import Children, People, Shown


class PlanHeard(Heard):
    """A plan for one family, siblings included."""

    household: UUID
    assessment: UUID | None = Field(None, description="the assessment it follows from")
    tier: Tier
    starts: date
    target_end: date
    lead_practitioner: Line
    children: Children
    adults: People = Field([])


class GoalHeard(Heard):
    """Where somebody is to get to, and from where."""

    subject: UUID = Field(description="the household, or one of the plan's people")
    area: GoalArea
    text: Words
    baseline: Words | None = None
    target: Words


class ActionHeard(Heard):
    """What one agency will do towards a goal."""

    goal: UUID
    text: Words
    owner: Agency = Field(description="the agency that will do it")
    due: date


class OfferHeard(Heard):
    """A service of the local directory for somebody in the family."""

    subject: UUID = Field(description="for whom: the household, or one of the plan's people")
    service: Line = Field(description="the service's id in the directory")
    name: Line
    source: Line = Field(description="the feed or directory it stands in")
    why: Words


class PlanShown(Shown):
    """A plan and where it stands."""

    plan: UUID
    household: UUID
    assessment: UUID | None
    tier: Tier
    starts: date
    target_end: date
    lead_practitioner: str
    children: list[UUID]
    adults: list[UUID]
    status: PlanStatus


class PlanMoveShown(Shown):
    """One step of a plan."""

    plan: UUID
    number: int
    status: PlanStatus
    note: str | None


class GoalShown(Shown):
    """A goal."""

    goal: UUID
    plan: UUID
    subject: UUID
    area: GoalArea
    text: str
    baseline: str | None
    target: str


class ActionShown(Shown):
    """An action and where it stands."""

    action: UUID
    plan: UUID
    goal: UUID
    subject: UUID
    text: str
    owner: AgencyId
    due: date
    status: ActionStatus


class OfferShown(Shown):
    """A service on the plan."""

    offer: UUID
    plan: UUID
    subject: UUID
    service: str
    name: str
    source: str
    why: str


class OnePlan(BaseModel):
    """A plan without what hangs on it."""

    plan: PlanShown


class OneGoal(BaseModel):
    """A goal."""

    goal: GoalShown


class OneAction(BaseModel):
    """An action."""

    action: ActionShown


class OneOffer(BaseModel):
    """An offer."""

    offer: OfferShown


class WholePlan(OnePlan):
    """A plan with its history and as much of what hangs on it as the caller may see."""

    moves: list[PlanMoveShown]
    goals: list[GoalShown]
    actions: list[ActionShown]
    offers: list[OfferShown]
