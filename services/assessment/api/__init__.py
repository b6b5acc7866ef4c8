"""HTTP in and out of the assessment service, a file per noun."""

from hub.counting import counting
from services.assessment.api import assessments, case, engagements, frameworks, meetings, oversight, plans

routers = (
    frameworks.router,
    engagements.router,
    assessments.router,
    plans.router,
    meetings.router,
    case.router,
    oversight.router,
    counting("assessment"),
)
