"""Services at locations over HTTP (Open Referral UK: optional)."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from hub.access import HubRoute
from services.directory.actions import find
from services.directory.api.answers import Id, Read, json, listed
from services.directory.schemas import PlaceQuestion
from services.directory.store import listings

router = APIRouter(route_class=HubRoute, prefix="/service_at_locations", tags=["open referral"])


@router.get("")
async def list_service_at_locations(
    tx: Read, request: Request, question: Annotated[PlaceQuestion, Query()]
) -> Response:
    """Where services are offered, one for each place. With a postcode: nearest first."""
    return await listed(tx, request, await find.places_of_services(question), question)


@router.get("/{place}")
async def read_service_at_location(tx: Read, place: Id) -> Response:
    """One service at one location, with everything about both."""
    return json(await listings.one_place(tx, place))
