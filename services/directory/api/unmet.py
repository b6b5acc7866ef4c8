"""Unmet need over HTTP, for whoever plans services: the front door puts it beside returned referrals."""

from typing import Annotated

from fastapi import APIRouter, Query

from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.heard import today
from hub.small_numbers import quarter_to_publish
from services.directory.actions import unmet
from services.directory.schemas import SectorMiddles, UnmetAsked, UnmetShown

router = APIRouter(route_class=HubRoute, tags=["insight"])

Insight = Annotated[Tx, allow(Scope.INSIGHT_READ)]
Area = Annotated[str, Query(max_length=8)]


@router.get("/unmet")
async def read_unmet_need(tx: Insight, asked: Annotated[UnmetAsked, Query()]) -> UnmetShown:
    """What was looked for and not there, by area and need, in a quarter that is over.

    Nothing found, everything full, or a barrier nothing removes. Numbers under 5 are hidden. See
    `GET /insight/unmet` for the whole of it, also as CSV, GeoJSON or a page.
    """
    return await unmet.publish(tx, quarter_to_publish(asked.quarter, today()))


@router.get("/sectors")
async def locate_sectors(area: Annotated[list[Area], Query(min_length=1, max_length=200)]) -> SectorMiddles:
    """The middles of postcode sectors (`BS5 6`), for a map: at most 200 at a time."""
    return SectorMiddles(areas=await unmet.middles(area))
