"""The assessment part of the shared case view: one statement, every part under row security."""

from hub.view import View
from services.assessment.store.assessments import ASSESSMENT, SECTION
from services.assessment.store.engagements import ENGAGEMENT
from services.assessment.store.meetings import MEETING, MINUTE
from services.assessment.store.plans import ACTION, GOAL, OFFER, PLAN

# No anchor: whether the case exists for this caller is the referral service's to say.
CASE = View(
    {
        "engagements": ENGAGEMENT.format(which="e.subject = :household"),
        "assessments": ASSESSMENT.format(which="a.subject = :household"),
        "sections": SECTION.format(which="s.household = :household"),
        "plans": PLAN.format(which="p.subject = :household"),
        "goals": GOAL.format(which="g.household = :household"),
        "actions": ACTION.format(which="t.household = :household"),
        "offers": OFFER.format(which="o.household = :household"),
        "meetings": MEETING.format(which="m.subject = :household"),
        "minutes": MINUTE.format(which="n.subject = :household"),
    }
)
