"""Disagreements over HTTP: two who may decide say different things, listed for a person who resolves them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from gateway.sharing.answers import ConflictsPage
from gateway.sharing.shown import CONFLICTS
from hub import sharing
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.page import Cursor, Limit, after
from hub.sharing import Resolution

router = APIRouter(route_class=HubRoute, tags=["sharing"])

Read = Annotated[Tx, allow(Scope.SHARING_READ)]
Write = Annotated[Tx, allow(Scope.SHARING_WRITE)]
Open = Annotated[bool | None, Query(alias="open", description="only those that wait for somebody, or not")]


@router.get("/sharing/conflicts", response_model=ConflictsPage)
async def list_conflicts(
    tx: Read, is_open: Open = None, subject: UUID | None = None, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """Where two who may decide say different things and your agency recorded one of them; oversight, all.

    Newest first.
    """
    moment, identity = after(cursor)
    page = await tx.show(
        CONFLICTS, open=is_open, subject=subject, moment=moment, identity=identity, limit=limit
    )
    return Response(page, media_type="application/json")


@router.post("/sharing/conflicts/{conflict}/resolve", status_code=204)
async def resolve_conflict(tx: Write, conflict: UUID, resolution: Resolution) -> None:
    """Decide, as a named person and with reasons, what two who may decide could not agree about.

    Either agency that recorded a side may resolve it as `do_not_share`. As `share`, only the one that
    recorded the refusal, and there a colleague who recorded neither side; where no person was named with
    one, nobody of that agency may. Oversight resolves it either way, and is told of `share`.
    """
    await sharing.resolve(tx, conflict, resolution)
