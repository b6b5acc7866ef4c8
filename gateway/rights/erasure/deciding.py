"""What becomes of each record: a person decides, one by one or as proposed. A second one approves."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from gateway.retention.proposing import ErasureFate, KeepingGround
from gateway.rights.erasure import shown
from gateway.rights.erasure.answers import OneErasureItem, WholeErasure
from gateway.rights.erasure.requests import answer, known
from gateway.rights.requests import RequestMovedOn, require_practitioner
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.heard import Heard, Words
from hub.problem import NotFound, Problem

router = APIRouter(route_class=HubRoute, prefix="/rights/erasure-requests/{erasure_request}", tags=["rights"])

Handle = Annotated[Tx, allow(Scope.RIGHTS_WRITE, Scope.RECORDS_OVERSEE)]

ACCEPT = """
insert into hub.erasure_item_decision (item, decision, ground, until, reason)
select i.id, i.proposal, i.ground, i.until, i.why from hub.erasure_item i
where i.request = :request and not exists (
  select from hub.erasure_item_decision d where d.item = i.id)"""


class GroundNeeded(Problem):
    """What is kept says on which ground, and what is erased names none."""

    status = 422


class RecordErasure(Heard):
    """What becomes of one record."""

    decision: ErasureFate
    ground: KeepingGround | None = None
    until: date | None = Field(None, description="until when it is kept; until somebody decides if left out")
    reason: Words = Field(description="in words the family can read")


@router.post("/items/{item}", response_model=OneErasureItem)
async def decide_about_record(
    tx: Handle, erasure_request: UUID, item: UUID, decided: RecordErasure
) -> Response:
    """Erase or keep one record. The latest decision counts, until the approval."""
    await _open(tx, erasure_request)
    if (decided.decision is ErasureFate.KEEP) is (decided.ground is None):
        raise GroundNeeded
    found = "select true from hub.erasure_item where id = :item and request = :request"
    if not await tx.value(found, item=item, request=erasure_request):
        raise NotFound
    await tx.run(
        "insert into hub.erasure_item_decision (item, decision, ground, until, reason)"
        " values (:item, :decision, :ground, :until, :reason)",
        item=item,
        **decided.model_dump(),
    )
    seen = await tx.show(shown.ONE_ITEM, request=erasure_request, item=item)
    return Response(seen, media_type="application/json")


@router.post("/items", response_model=WholeErasure)
async def accept_erasure_proposals(tx: Handle, erasure_request: UUID) -> Response:
    """Decide everything that is left as it was proposed, in this person's name."""
    await _open(tx, erasure_request)
    await tx.run(ACCEPT, request=erasure_request)
    return await answer(tx, erasure_request)


async def _open(tx: Tx, erasure_request: UUID) -> None:
    require_practitioner(tx)
    status = (await known(tx, erasure_request))["status"]
    if status != "open":
        raise RequestMovedOn(f"It is {status}.")
