"""Everybody who was shown what was erased is told (UK GDPR Art 17(2) and 19): whose, and of which kind."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from gateway.rights.erasure import shown
from gateway.rights.erasure.answers import ErasuresTold
from hub.access import HubRoute, allow
from hub.caller import AgencyId, Scope
from hub.database import Tx
from hub.page import Cursor, Limit, after
from hub.problem import NotFound

router = APIRouter(route_class=HubRoute, prefix="/rights/erasures", tags=["rights"])

Read = Annotated[Tx, allow(Scope.NOTICES_READ)]
For = Annotated[AgencyId, Query(alias="for", max_length=64, description="who was shown it: your own agency")]


@router.get("", response_model=ErasuresTold)
async def list_erasures(tx: Read, agency: For, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """What was erased of what an agency was shown, newest first: erase your own copies too."""
    caller = tx.known_caller
    if agency != caller.agency and not caller.oversees:
        raise NotFound
    moment, identity = after(cursor)
    page = await tx.show(shown.RECEIVED, agency=agency, moment=moment, identity=identity, limit=limit)
    return Response(page, media_type="application/json")
