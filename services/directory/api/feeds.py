"""Feeds over HTTP: name one, and it is pulled."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Request

from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from services.directory.schemas import FeedHeard, FeedReport

router = APIRouter(route_class=HubRoute, prefix="/feeds", tags=["feeds"])

Write = Annotated[Tx, allow(Scope.DIRECTORY_WRITE)]
Pull = Callable[[Tx, FeedHeard], Awaitable[FeedReport]]


@router.post("")
async def pull_feed(tx: Write, request: Request, heard: FeedHeard) -> FeedReport:
    """Pull an Open Referral UK feed now, and answer what it added, changed and hid, and what failed.

    The same again with a new Idempotency-Key pulls again: what has not changed is left alone.
    """
    pull: Pull = request.app.state.pull
    return await pull(tx, heard)
