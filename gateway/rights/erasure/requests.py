"""Requests for erasure: recorded, everything kept is looked up, and what becomes of each record proposed."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Request, Response

from gateway.retention.casework import Casework, look_up
from gateway.retention.proposing import ErasureGround, Kept, Proposal
from gateway.rights.asking import RightsRequest, require_themself, why_a_person
from gateway.rights.erasure import shown
from gateway.rights.erasure.answers import ErasuresPage, WholeErasure
from gateway.rights.requests import (
    RequestMovedOn,
    RequestOutcome,
    Verdict,
    require_practitioner,
)
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.page import Cursor, Limit, after
from hub.problem import NotFound

router = APIRouter(route_class=HubRoute, prefix="/rights/erasure-requests", tags=["rights"])

Handle = Annotated[Tx, allow(Scope.RIGHTS_WRITE, Scope.RECORDS_OVERSEE)]
Open = Annotated[bool | None, Query(alias="open", description="only those that wait for somebody, or not")]

INSERT = """
insert into hub.erasure_request (id, subject, subjects, why, ground, asked_by, asker, capacity, received_on)
values (:id, :subject, cast(:subjects as uuid[]), :why, cast(:ground as text),
  cast(:asked_by as text), cast(:asker as uuid), cast(:capacity as text), cast(:received_on as date))"""
ITEM = """
insert into hub.erasure_item (request, number, part, kind, record, under, subject, category, author,
  recorded_at, proposal, ground, until, why)
values (:request, :number, :part, :kind, :record, cast(:under as uuid[]), :subject, :category, :author,
  cast(cast(:at as text) as timestamptz), :proposal, cast(:ground as text), cast(:until as date), :why)"""


class ErasureRequest(RightsRequest):
    """Somebody asks that what the hub holds about a person, or a household and its people, is erased."""

    ground: ErasureGround = ErasureGround.NO_LONGER_NECESSARY


@router.post("", status_code=201, response_model=WholeErasure)
async def ask_for_erasure(tx: Handle, request: Request, asked: ErasureRequest) -> Response:
    """Record a request and propose what becomes of each record, unless a person must decide first."""
    require_practitioner(tx)
    require_themself(asked)
    work = await look_up(tx, request, asked.subject, asked=True)
    made = await _record(tx, asked, work.covered)
    if why := await why_a_person(tx, asked, work.family):
        await happened(tx, made, "needs_decision", why)
    else:
        await keep_items(tx, made, work)
    return await answer(tx, made, 201)


@router.get("", response_model=ErasuresPage)
async def list_erasure_requests(
    tx: Handle, is_open: Open = None, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """Every request, the routine disposals among them, newest first."""
    moment, identity = after(cursor)
    page = await tx.show(shown.PAGE, open=is_open, moment=moment, identity=identity, limit=limit)
    return Response(page, media_type="application/json")


@router.get("/{erasure_request}", response_model=WholeErasure)
async def read_erasure_request(tx: Handle, erasure_request: UUID) -> Response:
    """A request and every record it is about: what is proposed, decided and done; not what records say."""
    return await answer(tx, erasure_request)


@router.post("/{erasure_request}/decision", response_model=WholeErasure)
async def decide_about_erasure_request(
    tx: Handle, request: Request, erasure_request: UUID, verdict: Verdict
) -> Response:
    """Go on with a request, or refuse it whole and say why. Nothing that was approved is refused."""
    require_practitioner(tx)
    asked = await known(tx, erasure_request)
    if verdict.outcome is RequestOutcome.REFUSE and asked["status"] in ("open", "needs_decision"):
        await happened(tx, erasure_request, "refused", verdict.reason)
    elif verdict.outcome is RequestOutcome.ANSWER and asked["status"] == "needs_decision":
        work = await look_up(tx, request, asked["subject"], asked=True)
        await keep_items(tx, erasure_request, work, verdict.reason)
    else:
        raise RequestMovedOn(f"It is {asked['status']}.")
    return await answer(tx, erasure_request)


async def known(tx: Tx, erasure_request: UUID, *, hold: bool = True) -> Any:
    """Whom a request is about and where it stands, for the caller alone while it holds. NotFound."""
    tx.asked.append(erasure_request)
    if hold:
        await tx.run(
            "select pg_advisory_xact_lock(hashtextextended(cast(cast(:request as uuid) as text), 5))",
            request=erasure_request,
        )
    found = await tx.rows(
        f"select r.subject, r.subjects, r.why, {shown.STATUS} as status"
        " from hub.erasure_request r where r.id = :request",
        request=erasure_request,
    )
    if not found:
        raise NotFound
    return found[0]


async def answer(tx: Tx, erasure_request: UUID, status: int = 200) -> Response:
    """The request as it stands. NotFound."""
    shows = await tx.show(shown.WHOLE, request=erasure_request)
    return Response(shows, status, media_type="application/json")


async def happened(
    tx: Tx, erasure_request: UUID, event: str, reason: str, family: Collection[UUID] | None = None
) -> None:
    """Append what happened to a request; each event once. `family` as of a request for a copy."""
    await tx.run(
        "insert into hub.erasure_event (request, event, reason, family)"
        " values (:request, :event, :reason, cast(:family as uuid[])) on conflict do nothing",
        request=erasure_request,
        event=event,
        reason=reason,
        family=family and sorted(family),
    )


async def dispose(tx: Tx, subject: UUID, covered: Sequence[UUID], received_on: date) -> UUID:
    """Record that somebody's records are due by the schedule; the id."""
    made = uuid4()
    empty = dict.fromkeys(("ground", "asked_by", "asker", "capacity"))
    facts = {"id": made, "subject": subject, "subjects": list(covered), "why": "schedule"}
    await tx.run(INSERT, **facts, **empty, received_on=received_on)
    return made


async def keep_items(tx: Tx, made: UUID, work: Casework, reason: str = "What the hub keeps.") -> None:
    """Store every record with what is proposed for it."""
    proposed = [(one, work.proposals[one.record]) for one in work.records]
    for number, (kept, proposal) in enumerate([*proposed, *work.hub], start=1):
        await _keep(tx, made, number, kept, proposal)
    await happened(tx, made, "gathered", reason, work.family.everybody(work.covered[0]))


async def _record(tx: Tx, asked: ErasureRequest, covered: Sequence[UUID]) -> UUID:
    made = uuid4()
    await tx.run(INSERT, id=made, subjects=list(covered), why="asked", **asked.model_dump())
    return made


async def _keep(tx: Tx, made: UUID, number: int, kept: Kept, proposal: Proposal) -> None:
    await tx.run(
        ITEM,
        request=made,
        number=number,
        part=kept.part,
        kind=kept.kind,
        record=kept.record,
        under=list(kept.under),
        subject=kept.subject,
        category=kept.category,
        author=kept.author,
        at=kept.at,
        proposal=proposal.fate,
        ground=proposal.ground,
        until=proposal.until,
        why=proposal.why,
    )
