"""What became of requests for help, as counts, for whoever plans services."""

import json
from typing import Annotated

from fastapi import APIRouter, Query, Response

from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.heard import today
from hub.small_numbers import quarter_to_publish
from services.referral.rules.needs import sayings
from services.referral.schemas.insight import ReturnedShown
from services.referral.store.insight import RETURNED

router = APIRouter(route_class=HubRoute, prefix="/insight", tags=["insight"])

Insight = Annotated[Tx, allow(Scope.INSIGHT_READ)]
Quarter = Annotated[str, Query(pattern=r"^20\d\d-Q[1-4]$", description="such as 2026-Q3")]


@router.get("/returned", response_model=ReturnedShown)
async def count_returned_referrals(tx: Insight, quarter: Quarter | None = None) -> Response:
    """Referrals returned or signposted in a quarter that is over, by area, need and reason: counts alone.

    Numbers under 5 are hidden, and what was published once does not change.
    """
    first = quarter_to_publish(quarter, today())
    return Response(
        await tx.show(RETURNED, quarter=first, sayings=json.dumps(sayings())), media_type="application/json"
    )
