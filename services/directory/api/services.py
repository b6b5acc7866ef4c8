"""Services over HTTP (Open Referral UK: required)."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from hub.access import HubRoute
from services.directory.actions import find
from services.directory.api.answers import Id, Read, json, listed
from services.directory.schemas import ServiceQuestion
from services.directory.store import listings

router = APIRouter(route_class=HubRoute, prefix="/services", tags=["open referral"])


@router.get("")
async def list_services(
    tx: Read, request: Request, question: Annotated[ServiceQuestion, Query()]
) -> Response:
    """Services that answer every parameter given. With a postcode: nearest first, with `metres`."""
    return await listed(tx, request, await find.services(question), question)


@router.get("/{service}")
async def read_service(tx: Read, service: Id) -> Response:
    """One service with everything about it."""
    return json(await listings.one_service(tx, service))
