"""HTTP in and out of the referral service, a file per noun."""

from hub.counting import counting
from services.referral.api import concerns, existence, households, insight, oversight, people, referrals

routers = (
    people.router,
    households.router,
    concerns.router,
    referrals.router,
    existence.router,
    oversight.router,
    insight.router,
    counting("referral"),
)
