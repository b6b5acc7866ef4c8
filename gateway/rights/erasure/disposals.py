"""Routine disposal: a person proposes what is due, a second one approves it like any other erasure."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from gateway.retention.casework import look_up
from gateway.retention.proposing import ErasureFate
from gateway.rights.erasure.deciding import ACCEPT
from gateway.rights.erasure.requests import dispose, keep_items
from gateway.rights.requests import require_practitioner
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.heard import Heard, today
from hub.problem import Problem

router = APIRouter(route_class=HubRoute, prefix="/retention", tags=["rights"])

Handle = Annotated[Tx, allow(Scope.RIGHTS_WRITE, Scope.RECORDS_OVERSEE)]

WAITING = """
select true from hub.erasure_request r where :subject = any(r.subjects) and not exists (
  select from hub.erasure_event e where e.request = r.id and e.event in ('done', 'refused')) limit 1"""


class NothingIsDue(Problem):
    """Nothing about them is due, or an erasure of theirs is under way already."""

    status = 409


class Disposal(Heard):
    """Whose records are to go, because their time is over."""

    subjects: list[UUID] = Field(min_length=1, max_length=20)


class DisposalsProposed(BaseModel):
    """The requests a second person approves, one for each of them."""

    requests: list[UUID]


@router.post("/disposals", status_code=201)
async def propose_disposal(tx: Handle, request: Request, wanted: Disposal) -> DisposalsProposed:
    """Decide, as one person, that what is due about these people goes. A second person approves each."""
    require_practitioner(tx)
    return DisposalsProposed(
        requests=[await _propose(tx, request, one) for one in dict.fromkeys(wanted.subjects)]
    )


async def _propose(tx: Tx, request: Request, subject: UUID) -> UUID:
    work = await look_up(tx, request, subject, asked=False)
    due = any(one.fate is ErasureFate.ERASE for one in work.proposals.values())
    if not due or await tx.value(WAITING, subject=subject):
        raise NothingIsDue
    made = await dispose(tx, subject, work.covered, today())
    await keep_items(tx, made, work, "Due by the retention schedule.")
    await tx.run(ACCEPT, request=made)
    return made
