"""Freshness over HTTP: who is due, checks, links to providers."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from hub.access import HubRoute, allow, allow_anyone
from hub.caller import Scope
from hub.database import Tx
from hub.page import Cursor, Limit
from services.directory.actions import edit, verify
from services.directory.api import tables
from services.directory.api.answers import Id
from services.directory.schemas import (
    CheckHeard,
    Freshness,
    Link,
    LinkEditHeard,
    Links,
    LinksHeard,
    Listing,
    ListingDue,
    ListingDuePage,
    ProviderHeard,
    UpkeepHeard,
    VerificationHeard,
    Verifications,
)
from services.directory.schemas.freshness import UpkeepShown

router = APIRouter(route_class=HubRoute, tags=["freshness"])

Review = Annotated[Tx, allow(Scope.DIRECTORY_REVIEW)]
# The answer holds links whose secret nobody keeps, so it is not stored to be repeated.
Ask = Annotated[Tx, allow(Scope.DIRECTORY_REVIEW, claim=False)]
Propose = Annotated[Tx, allow(Scope.DIRECTORY_PROPOSE)]
Anyone = Annotated[Tx, allow_anyone()]


@router.get("/freshness/rules", response_model=UpkeepShown)
async def read_upkeep(tx: Review) -> UpkeepHeard:
    """After how many days your listings are ageing, stale and unlisted, and what the hub unlists for."""
    return await verify.upkeep(tx)


@router.put("/freshness/rules", response_model=UpkeepShown)
async def decide_upkeep(tx: Review, heard: UpkeepHeard) -> UpkeepHeard:
    """Decide that, for everything your agency keeps."""
    return await verify.decide_upkeep(tx, heard)


@router.get("/freshness/due", response_model=ListingDuePage, responses={200: {"content": {"text/csv": {}}}})
async def list_due(
    tx: Review,
    freshness: Annotated[Freshness | None, Query(description="default: ageing and stale")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
    format: tables.Format = "json",  # noqa: A002  # Open Referral UK's own name for it
) -> Response:
    """Listings nobody has vouched for lately, the longest waiting first: whom to ask, as JSON or CSV."""
    page = await verify.due(tx, freshness, limit, cursor)
    return tables.answer(format, page, page.due, ListingDue, page.next)


@router.post("/verification-links", response_model=Links, responses={200: {"content": {"text/csv": {}}}})
async def ask_providers(
    tx: Ask,
    request: Request,
    heard: LinksHeard,
    format: tables.Format = "json",  # noqa: A002
) -> Response:
    """Issue a link for each provider to say in one tap that its listing is right. Each is shown once."""
    issued = await verify.ask_providers(tx, heard, request.app.state.public_url)
    return tables.answer(format, issued, issued.links, Link)


@router.get("/verification-links/{secret}")
async def open_link(tx: Anyone, secret: str) -> Listing:
    """The listing a link is about. Opening it changes nothing: mail scanners open links too."""
    return await verify.open_link(tx, secret)


@router.post("/verification-links/{secret}/still-right", status_code=204)
async def still_right(tx: Anyone, secret: str) -> None:
    """The provider says that the listing is right. Uses the link up."""
    await verify.still_right(tx, secret)


@router.post("/verification-links/{secret}/changes", status_code=204)
async def something_changed(tx: Anyone, secret: str, heard: LinkEditHeard) -> None:
    """The provider says what has changed, and somebody will look at it. Uses the link up."""
    await edit.something_changed(tx, secret, heard)


@router.get("/services/{service}/verifications")
async def list_verifications(
    tx: Propose, service: Id, limit: Limit = 50, cursor: Cursor = None
) -> Verifications:
    """Who checked a listing of yours, when and how, newest first."""
    return await verify.checks(tx, service, limit, cursor)


@router.post("/services/{service}/verifications", status_code=204)
async def check(tx: Review, service: Id, heard: VerificationHeard) -> None:
    """Record that you checked a listing, by going there or by telephone."""
    await verify.check(tx, service, heard)


@router.post("/services/{service}/still-right", status_code=204)
async def confirm(tx: Propose, service: Id, heard: CheckHeard) -> None:
    """The provider's own system says that its listing is right."""
    assert heard.still_right
    await verify.confirm(tx, service)


@router.put("/organizations/{organization}/provider", status_code=204)
async def appoint(tx: Review, organization: Id, heard: ProviderHeard) -> None:
    """Let an agency of the partnership speak for an organisation of yours."""
    await verify.appoint(tx, organization, heard.agency)
