"""Who may see where a service is, over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query

from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.page import Limit
from services.directory.actions import withhold
from services.directory.api.answers import Id
from services.directory.schemas.locations import PlaceSealing, PlaceSealingPage, VisibilityHeard

router = APIRouter(route_class=HubRoute, prefix="/locations/{location}/visibility", tags=["freshness"])

Review = Annotated[Tx, allow(Scope.DIRECTORY_REVIEW)]
Number = Annotated[int, Query(ge=1, le=2**31 - 1, description="`next` of the page before")]


@router.put("")
async def decide_visibility(tx: Review, location: Id, heard: VisibilityHeard) -> PlaceSealing:
    """Seal a place of yours, or let it out again. It holds whatever its feed says later."""
    return await withhold.decide(tx, location, heard)


@router.get("")
async def list_visibility(
    tx: Review, location: Id, limit: Limit = 20, before: Number | None = None
) -> PlaceSealingPage:
    """What was decided about a place of yours, newest first."""
    return await withhold.history(tx, location, limit, before)
