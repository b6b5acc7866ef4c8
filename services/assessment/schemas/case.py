"""The assessment part of the shared case view."""

from pydantic import BaseModel

from services.assessment.schemas.assessments import AssessmentShown, SectionShown
from services.assessment.schemas.engagements import EngagementShown
from services.assessment.schemas.meetings import MeetingShown, MinuteShown
from services.assessment.schemas.plans import ActionShown, GoalShown, OfferShown, PlanShown


class Case(BaseModel):
    """As much of one household's early help as the caller may see; nothing to see is empty lists."""

    engagements: list[EngagementShown]
    assessments: list[AssessmentShown]
    sections: list[SectionShown]
    plans: list[PlanShown]
    goals: list[GoalShown]
    actions: list[ActionShown]
    offers: list[OfferShown]
    meetings: list[MeetingShown]
    minutes: list[MinuteShown]
