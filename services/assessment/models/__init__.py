"""What the assessment service stores. Rows are only ever added: what happens next is another row."""

from services.assessment.models.assessments import Assessment, AssessmentMove, Section
from services.assessment.models.earlier import EarlierVersion
from services.assessment.models.engagements import Engagement, EngagementEnd
from services.assessment.models.meetings import Meeting, Minute
from services.assessment.models.plans import Action, ActionMove, Goal, Offer, Plan, PlanMove

__all__ = [
    "Action",
    "ActionMove",
    "Assessment",
    "AssessmentMove",
    "EarlierVersion",
    "Engagement",
    "EngagementEnd",
    "Goal",
    "Meeting",
    "Minute",
    "Offer",
    "Plan",
    "PlanMove",
    "Section",
]
