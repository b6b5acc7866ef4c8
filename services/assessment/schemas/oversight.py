"""What can be put right of what is kept about somebody, for the hub's data protection officer."""

from hub.erasure import as_heard
from services.assessment.schemas.assessments import AssessmentHeard, CompletionHeard, SectionHeard
from services.assessment.schemas.engagements import EngagementEndHeard, EngagementHeard
from services.assessment.schemas.meetings import MeetingHeard, MinuteHeard
from services.assessment.schemas.plans import ActionHeard, GoalHeard, OfferHeard, PlanHeard
from services.assessment.schemas.texts import StepNoteHeard

CORRECTABLE = as_heard(
    *(EngagementHeard, EngagementEndHeard, AssessmentHeard, SectionHeard, CompletionHeard),
    *(PlanHeard, GoalHeard, ActionHeard, OfferHeard, StepNoteHeard, MeetingHeard, MinuteHeard),
)
