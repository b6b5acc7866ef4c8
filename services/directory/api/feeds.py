"""Feeds over HTTP: name one, and it is pulled; see what its pulls did, and decide what they may hide."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request

from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.page import Cursor, Limit
from services.directory.actions import keep_feeds
from services.directory.api.answers import Id
from services.directory.schemas import (
    FeedHeard,
    FeedReport,
    FeedSettings,
    FeedShown,
    FeedsPage,
    Provenance,
    PullDecision,
    PullLines,
    PullShown,
    PullsPage,
    PullState,
    What,
)

router = APIRouter(route_class=HubRoute, tags=["feeds"])

Write = Annotated[Tx, allow(Scope.DIRECTORY_WRITE)]
Pull = Callable[[Tx, FeedHeard], Awaitable[FeedReport]]


@router.post("/feeds")
async def pull_feed(tx: Write, request: Request, heard: FeedHeard) -> FeedReport:
    """Pull a feed now, and answer what it added, changed and hid, what failed, and what waits for you.

    Open Referral UK 3.0 and 1.0, Outpost, and files: HSDS data packages, JSON. The same again with a new
    Idempotency-Key pulls again: what has not changed is left alone.
    """
    pull: Pull = request.app.state.pull
    return await pull(tx, heard)


@router.get("/feeds")
async def list_feeds(tx: Write, limit: Limit = 50, cursor: Cursor = None) -> FeedsPage:
    """The feeds of the hub, newest first: how often each is pulled, and how it is doing."""
    return await keep_feeds.page(tx, limit, cursor)


@router.get("/feeds/{feed}")
async def read_feed(tx: Write, feed: Id) -> FeedShown:
    """One feed."""
    return await keep_feeds.one(tx, feed)


@router.patch("/feeds/{feed}")
async def change_feed(tx: Write, feed: Id, heard: FeedSettings) -> FeedShown:
    """Say how often a feed is pulled by itself, and how much it may hide without asking."""
    return await keep_feeds.change(tx, feed, heard)


@router.get("/pulls")
async def list_pulls(
    tx: Write,
    feed: UUID | None = None,
    state: PullState | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> PullsPage:
    """What the pulls of your feeds did, newest first. `state=waiting`: those that need a decision."""
    return await keep_feeds.pulls_page(tx, feed, state, limit, cursor)


@router.get("/pulls/{pull}")
async def read_pull(tx: Write, pull: Id) -> PullShown:
    """One pull."""
    return await keep_feeds.one_pull(tx, pull)


@router.get("/pulls/{pull}/lines")
async def read_pull_lines(
    tx: Write,
    pull: Id,
    what: What | None = None,
    after: Annotated[int, Query(ge=0, le=2_000_000_000, description="`next` of the page before")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> PullLines:
    """Everything a pull added, changed, hid, refused or mended. `what=to_hide`: what it would hide."""
    return await keep_feeds.lines(tx, pull, what, after, limit)


@router.post("/pulls/{pull}/approve")
async def approve_pull(tx: Write, pull: Id, heard: PullDecision) -> PullShown:
    """Hide what a pull that waits proposed to hide."""
    return await keep_feeds.approve(tx, pull, heard.reason)


@router.post("/pulls/{pull}/reject")
async def reject_pull(tx: Write, pull: Id, heard: PullDecision) -> PullShown:
    """Hide nothing. What is still missing then is proposed again by the next pull."""
    return await keep_feeds.reject(tx, pull, heard.reason)


@router.get("/services/{service}/provenance")
async def read_provenance(tx: Write, service: Id) -> Provenance:
    """Where a service came from: feed, id and date there, shape, and what pulls said of it."""
    return await keep_feeds.provenance(tx, service)
