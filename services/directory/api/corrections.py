"""What is wrong with listings over HTTP: anybody says so, whoever keeps the listing decides."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from hub.access import HubRoute, allow, allow_anyone
from hub.caller import Scope
from hub.database import Tx
from hub.page import Cursor, Limit
from services.directory.actions import correct, unlist, verify
from services.directory.api import tables
from services.directory.api.answers import Id
from services.directory.schemas import (
    Freshness,
    Kind,
    ListingReview,
    ListingReviewPage,
    ReasonHeard,
    ReportHeard,
    ReportReceived,
    ReviewDecisionHeard,
    State,
    Unlistable,
    UnlistedPage,
    UnlistHeard,
    UnlistingReport,
)
from services.directory.store.reviews import Wanted

router = APIRouter(route_class=HubRoute, tags=["corrections"])

Anyone = Annotated[Tx, allow_anyone()]
Read = Annotated[Tx, allow(Scope.DIRECTORY_PROPOSE)]
Decide = Annotated[Tx, allow(Scope.DIRECTORY_REVIEW)]


@router.post("/services/{service}/reports", status_code=202)
async def report(tx: Anyone, service: Id, heard: ReportHeard) -> ReportReceived:
    """Say that a listing is wrong. Nobody asks who you are, and what could tell is masked."""
    return await correct.report(tx, service, heard)


@router.get("/reviews")
async def list_reviews(
    tx: Read,
    state: Annotated[State, Query(description="`open`: waiting or taken")] = "open",
    kind: Kind | None = None,
    freshness: Freshness | None = None,
    service: UUID | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> ListingReviewPage:
    """What was said of the listings you keep or speak for, the longest waiting first."""
    return await correct.queue(tx, Wanted(state, kind, freshness, service), limit, cursor)


@router.get("/reviews/{review}")
async def read_review(tx: Read, review: Id) -> ListingReview:
    """One entry of the queue."""
    return await correct.one(tx, review)


@router.post("/reviews/{review}/take")
async def take(tx: Decide, review: Id) -> ListingReview:
    """Say that you are looking into it."""
    return await correct.take(tx, review)


@router.post("/reviews/{review}/decide")
async def decide(tx: Decide, review: Id, heard: ReviewDecisionHeard) -> ListingReview:
    """Decide, with your reason. What is accepted takes effect at once, and the provider is told."""
    return await correct.decide(tx, review, heard)


@router.get("/unlisting", response_model=UnlistingReport, responses={200: {"content": {"text/csv": {}}}})
async def preview_unlisting(tx: Decide, format: tables.Format = "json") -> Response:  # noqa: A002
    """What your rules would unlist now. Nothing is."""
    found = await unlist.would_unlist(tx, await verify.upkeep(tx))
    return tables.answer(format, found, found.services, Unlistable)


@router.post("/unlisting")
async def apply_unlisting(tx: Decide) -> UnlistingReport:
    """Unlist what your rules find."""
    return await unlist.apply_rules(tx, await verify.upkeep(tx))


@router.get("/unlisted")
async def list_unlisted(tx: Read, limit: Limit = 50, cursor: Cursor = None) -> UnlistedPage:
    """What is not listed of yours, why, and since when."""
    return await unlist.unlisted(tx, limit, cursor)


@router.post("/services/{service}/unlist", status_code=204)
async def unlist_one(tx: Decide, service: Id, heard: UnlistHeard) -> None:
    """Take a service off every list, at once."""
    await unlist.unlist(tx, service, heard)


@router.post("/services/{service}/relist", status_code=204)
async def relist(tx: Decide, service: Id, heard: ReasonHeard) -> None:
    """Bring a service back."""
    await unlist.relist(tx, service, heard.reason)
