"""Services over HTTP (Open Referral UK: required)."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from hub.access import HubRoute
from services.directory.actions import facets, show
from services.directory.api.answers import FOUND, Id, Read, found, json, written
from services.directory.api.unchanged import unless_unchanged
from services.directory.schemas import ServiceQuestion, ServiceSearch
from services.directory.schemas.found import Facets
from services.directory.schemas.listed import ServicesPage
from services.directory.schemas.services import WholeService
from services.directory.store import listings

router = APIRouter(route_class=HubRoute, prefix="/services", tags=["open referral"])


@router.get("", response_model=ServicesPage, responses=FOUND)
async def list_services(
    tx: Read, request: Request, question: Annotated[ServiceQuestion, Query()]
) -> Response:
    """Services that answer every parameter given. With a postcode: nearest first, with `metres`.

    The words of a search are taken as people mean them: "debt advice on saturday morning", "my child is 7".
    """
    return await unless_unchanged(tx, request, lambda: found(tx, request, question, listings.services))


@router.post("/search", response_model=ServicesPage, responses=FOUND)
async def search_services(tx: Read, request: Request, question: ServiceSearch) -> Response:
    """The same question as a JSON body, so that a family's postcode is in no address and in no log.

    It changes nothing and needs no Idempotency-Key.
    """
    return await found(tx, request, question, listings.services)


@router.get("/facets", response_model=Facets)
async def count_services(
    tx: Read, request: Request, question: Annotated[ServiceQuestion, Query()]
) -> Response:
    """How many of the services that answer a question there are of each kind, day, age and cost."""

    async def counted() -> Response:
        return written(await facets.count(tx, question))

    return await unless_unchanged(tx, request, counted)


@router.post("/facets", response_model=Facets)
async def count_services_privately(tx: Read, question: ServiceSearch) -> Response:
    """The same counts for a question asked as a JSON body."""
    return written(await facets.count(tx, question))


@router.get(
    "/{service}",
    response_model=WholeService,
    responses={301: {"description": "a duplicate: `location` is the one that is listed"}},
)
async def read_service(tx: Read, request: Request, service: Id) -> Response:
    """One service with everything about it; a confirmed duplicate leads to the one that is listed."""

    async def shown() -> Response:
        found = await show.service(tx, service)
        if isinstance(found, bytes):
            return json(found)
        return Response(status_code=301, headers={"location": f"/services/{found}"})

    return await unless_unchanged(tx, request, shown)
