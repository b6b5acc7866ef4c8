"""Services at locations over HTTP (Open Referral UK: optional), also as points for a map."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from hub.access import HubRoute
from hub.database import Tx
from hub.inline import inline
from services.directory.actions import map as mapped
from services.directory.api.answers import FOUND, Id, Read, found, json
from services.directory.api.unchanged import unless_unchanged
from services.directory.schemas import MapQuestion, PlaceSearch
from services.directory.schemas.found import FeatureCollection
from services.directory.schemas.listed import ServiceAtLocationShown, ServiceAtLocationsPage
from services.directory.store import listings

router = APIRouter(route_class=HubRoute, prefix="/service_at_locations", tags=["open referral"])
GEOJSON = "application/geo+json"
MAPPED: dict[int | str, dict[str, Any]] = {
    200: {
        **FOUND[200],
        "content": {**FOUND[200]["content"], GEOJSON: {"schema": inline(FeatureCollection)}},
    }
}


@router.get("", response_model=ServiceAtLocationsPage, responses=MAPPED)
async def list_service_at_locations(
    tx: Read, request: Request, question: Annotated[MapQuestion, Query()]
) -> Response:
    """Where services are offered, one for each place. With a postcode: nearest first.

    `format=geojson` (RFC 7946) shows places that people go to and that anybody may know of.
    """
    return await unless_unchanged(tx, request, lambda: _answer(tx, request, question))


@router.post("/search", response_model=ServiceAtLocationsPage, responses=MAPPED)
async def search_service_at_locations(tx: Read, request: Request, question: PlaceSearch) -> Response:
    """The same question as a JSON body, so that a family's postcode is in no address and in no log."""
    return await _answer(tx, request, question)


@router.get("/{place}", response_model=ServiceAtLocationShown)
async def read_service_at_location(tx: Read, request: Request, place: Id) -> Response:
    """One service at one location, with everything about both."""

    async def shown() -> Response:
        return json(await listings.one_place(tx, place))

    return await unless_unchanged(tx, request, shown)


async def _answer(tx: Tx, request: Request, question: MapQuestion) -> Response:
    if question.format == "geojson":
        shown = await mapped.points(tx, question)
        return Response(shown.model_dump_json(exclude_none=True), media_type=GEOJSON)
    return await found(tx, request, question, listings.places)
