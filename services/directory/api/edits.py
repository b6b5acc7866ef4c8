"""Edits over HTTP: proposed by those a listing belongs to, with everything it said before."""

from typing import Annotated

from fastapi import APIRouter, Query

from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.page import Limit
from services.directory.actions import edit
from services.directory.api.answers import Id
from services.directory.schemas import EditHeard, EditProposed, ListingVersionPage

router = APIRouter(route_class=HubRoute, prefix="/services/{service}", tags=["edits"])

Propose = Annotated[Tx, allow(Scope.DIRECTORY_PROPOSE)]
Number = Annotated[int, Query(ge=1, le=2**31 - 1, description="`next` of the page before")]


@router.post("/edits", status_code=201)
async def propose_edit(tx: Propose, service: Id, heard: EditHeard) -> EditProposed:
    """Propose an edit of a listing that you keep or speak for. It waits for a decision."""
    return await edit.propose(tx, service, heard)


@router.get("/versions")
async def list_versions(
    tx: Propose, service: Id, limit: Limit = 20, before: Number | None = None
) -> ListingVersionPage:
    """What the listing said before: who changed what, when, and why, newest first."""
    return await edit.history(tx, service, limit, before)


@router.post("/versions/{number}/restore", status_code=201)
async def restore_version(tx: Propose, service: Id, number: int) -> EditProposed:
    """Propose that the listing says again what it said then."""
    return await edit.restore(tx, service, number)
