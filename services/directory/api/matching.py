"""From need to service over HTTP: questions in a body, so that no URL and no log holds a postcode."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from hub.access import HubRoute
from services.directory.actions import match
from services.directory.api.answers import Read, noting
from services.directory.rules.needs import needs
from services.directory.schemas import AreaAsked, FirstContactsAsked, MatchAsked

router = APIRouter(route_class=HubRoute, tags=["from need to service"])


@router.get("/needs")
async def list_needs() -> dict[str, list[dict[str, Any]]]:
    """The needs the directory knows: their keys, what they are called, and how people put them."""
    return {"needs": [{"need": n.key, "label": n.label, "said": list(n.said)} for n in needs().values()]}


@router.post("/matches")
async def match_services(tx: Read, request: Request, asked: MatchAsked) -> dict[str, Any]:
    """Rank services by how well they fit, and say why. Anybody may ask; nothing of it is kept.

    A service that nobody of these ages may use, or that does not reach the postcode, is not named.
    """
    return await match.match(tx, asked, noting(request))


@router.post("/first_contacts")
async def find_first_contacts(tx: Read, asked: FirstContactsAsked) -> dict[str, list[dict[str, Any]]]:
    """Family hubs and first points of contact for a postcode or an area, the nearest first."""
    return {"first_contacts": await match.first_contacts(tx, asked)}


@router.get("/first_contacts")
async def list_first_contacts(
    tx: Read, asked: Annotated[AreaAsked, Query()]
) -> dict[str, list[dict[str, Any]]]:
    """The same for a local authority, by its GSS code."""
    return {"first_contacts": await match.first_contacts(tx, FirstContactsAsked(area=asked.area))}
