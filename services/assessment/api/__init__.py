"""HTTP in and out of the assessment service, a file per noun."""

from services.assessment.api import assessments, case, engagements, frameworks, meetings, plans

routers = (
    frameworks.router,
    engagements.router,
    assessments.router,
    plans.router,
    meetings.router,
    case.router,
)
