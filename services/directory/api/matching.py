"""From need to service over HTTP: questions in a body, so that no URL and no log holds a postcode."""

from typing import Annotated, Any, TypeAlias

from fastapi import APIRouter, Query, Request

from hub.access import HubRoute
from services.directory.actions import match
from services.directory.api.answers import Read, noting
from services.directory.rules.needs import needs
from services.directory.schemas import AreaAsked, FirstContactsAsked, MatchAsked
from services.directory.schemas.documented import Says
from services.directory.schemas.matching import FirstContactsShown, MatchesShown, NeedShown, NeedsShown

router = APIRouter(route_class=HubRoute, tags=["from need to service"])

# Services stand in them as PostgreSQL wrote them.
Matches: TypeAlias = Annotated[dict[str, Any], Says(MatchesShown)]
FirstContacts: TypeAlias = Annotated[dict[str, list[dict[str, Any]]], Says(FirstContactsShown)]


@router.get("/needs")
async def list_needs() -> NeedsShown:
    """The needs the directory knows: their keys, what they are called, and how people put them."""
    return NeedsShown(
        needs=[NeedShown(need=n.key, label=n.label, said=list(n.said)) for n in needs().values()]
    )


@router.post("/matches")
async def match_services(tx: Read, request: Request, asked: MatchAsked) -> Matches:
    """Rank services by how well they fit, and say why. Anybody may ask; nothing of it is kept.

    A service that nobody of these ages may use, or that does not reach the postcode, is not named.
    """
    return await match.match(tx, asked, noting(request))


@router.post("/first_contacts")
async def find_first_contacts(tx: Read, asked: FirstContactsAsked) -> FirstContacts:
    """Family hubs and first points of contact for a postcode or an area, the nearest first."""
    return {"first_contacts": await match.first_contacts(tx, asked)}


@router.get("/first_contacts")
async def list_first_contacts(tx: Read, asked: Annotated[AreaAsked, Query()]) -> FirstContacts:
    """The same for a local authority, by its GSS code."""
    return {"first_contacts": await match.first_contacts(tx, FirstContactsAsked(area=asked.area))}
