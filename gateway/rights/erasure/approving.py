"""Approval by a second person, and the erasure itself: service by service, resumable, done once.

The approval commits first, because each service reads it for itself before it erases anything. What a
crash leaves undone, `carry-out` does: every step of it is as good twice as once.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from gateway.retention.proposing import ErasureFate, Kept, without_their_parts
from gateway.retention.reaching import PARTS, erase_in, kept_about
from gateway.rights.erasure.answers import WholeErasure
from gateway.rights.erasure.requests import answer, happened, known
from gateway.rights.releases import ItemsUndecided, Release
from gateway.rights.requests import RequestMovedOn, require_practitioner
from hub.access import HubRoute, Part, allow, operation_of
from hub.caller import Scope
from hub.database import Tx
from hub.problem import Problem

router = APIRouter(route_class=HubRoute, prefix="/rights/erasure-requests/{erasure_request}", tags=["rights"])

Handle = Annotated[Tx, allow(Scope.RIGHTS_WRITE, Scope.RECORDS_OVERSEE)]

STANDING = """
select count(*) filter (where not exists (
    select from hub.erasure_item_decision d where d.item = i.id)) as undecided,
  coalesce(bool_or(exists (select from hub.erasure_item_decision d
    where d.item = i.id and lower(d.practitioner) = lower(cast(:practitioner as text)))), false) as by_us
from hub.erasure_item i where i.request = :request"""
FATES = """
select i.part, i.kind, i.record, i.subject, i.category, i.author, i.under, d.decision
from hub.erasure_item i cross join lateral (select d.decision from hub.erasure_item_decision d
  where d.item = i.id order by d.at desc, d.id desc limit 1) d where i.request = :request"""
COPY_ASKED_FOR = """
select true from hub.rights_request r where r.subject = any(cast(:subjects as uuid[])) and not exists (
  select from hub.rights_event e where e.request = r.id and e.event in ('released', 'refused')) limit 1"""
HELD = "select hub.is_held(cast(:request as uuid))"
FINISH = "select hub.finish_erasure(cast(:request as uuid), cast(:gone as uuid[]))"


class ApprovedByTheSamePerson(Problem):
    """Whoever decided about the records does not approve their erasure: a second person does."""

    status = 403


class PartsAreKept(Problem):
    """A record cannot be erased from under parts of it that are kept."""

    status = 409


class CopyAskedFor(Problem):
    """They asked for a copy of these records: answer that first, for nothing can be copied afterwards."""

    status = 409


class HoldStands(Problem):
    """A hold keeps everything about them: nothing goes before it ends."""

    status = 409


class RecordsCameSince(Problem):
    """Records about them came since this was gathered, and nobody has decided about those."""

    status = 409


@router.post("/approve", response_model=WholeErasure)
async def approve_erasure(tx: Handle, request: Request, erasure_request: UUID, why: Release) -> Response:
    """Approve what a colleague decided, as somebody who decided none of it, and erase."""
    require_practitioner(tx)
    asked = await known(tx, erasure_request, hold=False)
    if asked["status"] != "open":
        raise RequestMovedOn(f"It is {asked['status']}.")
    fates = await _check(tx, erasure_request)
    if ErasureFate.ERASE in fates.values():
        await _require_nothing_new(tx, request, asked["subjects"], fates)
    if await tx.value(COPY_ASKED_FOR, subjects=asked["subjects"]):
        raise CopyAskedFor
    await _commit_approval(request, tx, erasure_request, why.reason)
    return await _carry_out(tx, request, erasure_request)


@router.post("/carry-out", response_model=WholeErasure)
async def carry_out_erasure(tx: Handle, request: Request, erasure_request: UUID) -> Response:
    """Go on with an approved erasure that was cut short. What is gone already stays gone."""
    require_practitioner(tx)
    asked = await known(tx, erasure_request, hold=False)
    if asked["status"] not in ("approved", "done"):
        raise RequestMovedOn(f"It is {asked['status']}.")
    await _require_no_hold(tx, erasure_request)
    return await _carry_out(tx, request, erasure_request)


async def _check(tx: Tx, erasure_request: UUID) -> dict[UUID, ErasureFate]:
    """What was decided of each record.

    ItemsUndecided, ApprovedByTheSamePerson, HoldStands, which PostgreSQL refuses as well; or PartsAreKept.
    """
    [standing] = await tx.rows(STANDING, request=erasure_request, practitioner=tx.known_caller.practitioner)
    if standing["undecided"]:
        raise ItemsUndecided(f"{standing['undecided']} of them.")
    if standing["by_us"]:
        raise ApprovedByTheSamePerson
    await _require_no_hold(tx, erasure_request)
    rows: list[dict[str, Any]] = [dict(row) for row in await tx.rows(FATES, request=erasure_request)]
    fates = {row["record"]: ErasureFate(row.pop("decision")) for row in rows}
    records = [Kept(**row) for row in rows]
    if torn := without_their_parts(records, fates):
        raise PartsAreKept(f"Keep, or erase the parts of: {', '.join(map(str, torn))}.")
    return fates


async def _require_no_hold(tx: Tx, erasure_request: UUID) -> None:
    """HoldStands, where anything is to go: it may have come after everything was decided."""
    if await tx.value(HELD, request=erasure_request):
        raise HoldStands


async def _require_nothing_new(
    tx: Tx, request: Request, people: Sequence[UUID], decided: Mapping[UUID, ErasureFate]
) -> None:
    kept = await kept_about(request, tx.known_caller, people)
    if new := {one.record for one in kept} - decided.keys():
        raise RecordsCameSince(f"{len(new)} of them.")


async def _commit_approval(request: Request, tx: Tx, erasure_request: UUID, reason: str) -> None:
    part: Part = request.app.state.part
    operation = operation_of(request)
    async with part.database.transaction(tx.known_caller, operation, tx.request) as approval:
        await happened(approval, erasure_request, "approved", reason)
        await approval.commit()


async def _carry_out(tx: Tx, request: Request, erasure_request: UUID) -> Response:
    left = [await erase_in(request, tx.known_caller, part, erasure_request) for part in PARTS]
    nowhere = set[UUID].intersection(*map(set, left))
    await tx.run(FINISH, request=erasure_request, gone=sorted(nowhere))
    return await answer(tx, erasure_request)
