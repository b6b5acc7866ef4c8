"""Concerns over HTTP: one, or a batch from a school's safeguarding system."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response

from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.page import Cursor, Limit, after
from services.referral.actions import concerns
from services.referral.api.people import MatchingKey
from services.referral.formats import concern_export
from services.referral.schemas.concerns import ConcernHeard, ConcernReceived, ConcernsPage, OneConcern
from services.referral.schemas.files import ConcernsReport
from services.referral.store.concerns import ONE, PAGE

router = APIRouter(route_class=HubRoute, prefix="/concerns", tags=["concerns"])

Read = Annotated[Tx, allow(Scope.CONCERNS_READ)]
Write = Annotated[Tx, allow(Scope.CONCERNS_WRITE, storing=True)]
Once = Annotated[Tx, allow(Scope.CONCERNS_WRITE, claim=False, storing=True)]

BATCH = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string"}} for kind in ("text/csv", "application/x-ndjson")},
    }
}


@router.post("", status_code=201, response_model=ConcernReceived)
async def receive_concern(tx: Once, heard: ConcernHeard, key: MatchingKey) -> Response:
    """Receive one concern. Durable before the 201."""
    answer = await concerns.receive(tx, heard, key)
    return Response(answer, 201, media_type="application/json")


@router.post("/batch", openapi_extra=BATCH)
async def receive_concerns(tx: Write, request: Request, key: MatchingKey) -> ConcernsReport:
    """Receive an export of concerns (CSV or NDJSON): good lines are kept, bad ones reported by number."""
    kind = request.headers.get("content-type", "")
    return await concerns.receive_batch(tx, concern_export.read(await request.body(), kind), key)


@router.get("", response_model=ConcernsPage)
async def list_concerns(tx: Read, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """The concerns your agency raised, newest first."""
    moment, identity = after(cursor)
    page = await tx.show(PAGE, moment=moment, identity=identity, limit=limit)
    return Response(page, media_type="application/json")


@router.get("/{concern}", response_model=OneConcern)
async def read_concern(tx: Read, concern: UUID) -> Response:
    """One concern you may see."""
    return Response(await tx.show(ONE, concern=concern), media_type="application/json")
