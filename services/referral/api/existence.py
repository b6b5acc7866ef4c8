"""The existence register over HTTP: ask it, and say that your agency works with somebody."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from hub.access import ASKS, HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from services.referral.actions import existence
from services.referral.api.people import MatchingKey
from services.referral.rules.fishing import TooManyLookUps
from services.referral.schemas.existence import (
    ExistenceAsked,
    ExistenceShown,
    InvolvementBegun,
    InvolvementHeard,
)

router = APIRouter(route_class=HubRoute, tags=["existence"])

Ask = Annotated[Tx, allow(Scope.EXISTENCE_READ, asks=True)]
Write = Annotated[Tx, allow(Scope.EXISTENCE_WRITE)]


@router.post(
    "/existence",
    response_model=ExistenceShown,
    responses={429: {"description": TooManyLookUps.title()}},
    openapi_extra=ASKS,
)
async def ask_who_is_involved(tx: Ask, asked: ExistenceAsked, key: MatchingKey, request: Request) -> Response:
    """Is anyone working with this person, and who leads? A POST, so that nobody stands in a URL.

    An empty list is all there is for somebody unknown and for somebody you may not know of. How many
    different people your client may ask about in an hour is in the RateLimit headers.
    """
    body, quota = await existence.ask(tx, asked, key, request.app.state.look_ups_an_hour)
    if body is None:
        return quota.refusal().response()
    return Response(body, media_type="application/json", headers=quota.headers)


@router.post("/people/{person}/involvement", status_code=201)
async def begin_involvement(tx: Write, person: UUID, heard: InvolvementHeard) -> InvolvementBegun:
    """Say that your agency works with somebody, in which role, and whether it leads."""
    return InvolvementBegun(involvement=await existence.begin(tx, person, heard))


@router.post("/people/{person}/involvement/{involvement}/end", status_code=204)
async def end_involvement(tx: Write, person: UUID, involvement: UUID) -> None:
    """Say that it no longer does."""
    await existence.end(tx, person, involvement)
