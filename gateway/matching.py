"""From a plan to services over HTTP; GraphQL says the same as `matches` (gateway.graphql.matches)."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from gateway.graphql.asking import Asking, PartMissing
from gateway.graphql.matches import PlanMatchHeard, match_plan
from gateway.hop import Services
from gateway.marks import Marks
from hub.access import ASKS, HubRoute, allow_if_authenticated
from hub.caller import Caller
from hub.problem import NotFound

router = APIRouter(route_class=HubRoute, tags=["from need to service"])
Known = Annotated[Caller, allow_if_authenticated()]
PROBLEM = "application/problem+json"


@router.post("/plans/{plan}/matches", openapi_extra=ASKS)
async def match_services_to_a_plan(
    request: Request, caller: Known, plan: UUID, heard: PlanMatchHeard
) -> Response:
    """Rank services for a plan's needs, its children's ages and the family's home, and say why each fits.

    It changes nothing and needs no Idempotency-Key. Where you may not see a birthday or an address, that
    is not used: `asked` says what was.
    """
    services: Services = request.app.state.services
    marks: Marks = request.app.state.marks
    asking = Asking(caller, request.state.request_id, services.hops, services.signer, marks)
    answer = await match_plan(asking, plan, heard)
    if answer is None:
        raise NotFound
    if isinstance(answer, PartMissing):
        return Response(json.dumps(answer.problem), answer.problem["status"], media_type=PROBLEM)
    return Response(json.dumps(answer), media_type="application/json")
