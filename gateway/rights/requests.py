"""Requests for a copy of one's records (UK GDPR Art 15): recorded, gathered, or put before a person first."""

import json
from collections.abc import Collection
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from gateway.retention.reaching import Families, family_of, require_kept
from gateway.rights import shown
from gateway.rights.answers import OpenRequests, WholeRequest
from gateway.rights.asking import RightsRequest, protected, require_themself, why_a_person
from gateway.rights.gathering import GATHERS, Gathered, asked_of, everybody_in, gather
from gateway.rights.proposals import Asked, AskerCapacity, Proposal, Record, propose
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.copies import keys_of, locked, opened
from hub.database import Tx
from hub.heard import Heard, Words
from hub.page import Cursor, Limit, after
from hub.problem import NotFound, Problem
from hub.sharing.overrides import PractitionerMissing

router = APIRouter(route_class=HubRoute, prefix="/rights/access-requests", tags=["rights"])

Handle = Annotated[Tx, allow(Scope.RIGHTS_WRITE, Scope.RECORDS_OVERSEE)]
Gather = Annotated[Tx, allow(Scope.RIGHTS_WRITE, *GATHERS)]

GATHERING = "select coalesce(max(gathering), 0) + 1 from hub.rights_item where request = :request"


class RequestMovedOn(Problem):
    """This request is past that step."""

    status = 409


class AccessRequest(RightsRequest):
    """Somebody asks for a copy of what the hub holds about a person."""


class RequestOutcome(StrEnum):
    """What a person decided about a request that needed one."""

    ANSWER = "answer"
    REFUSE = "refuse"


class Verdict(Heard):
    """Whether the request is answered at all, and why."""

    outcome: RequestOutcome
    reason: Words


@router.post("", status_code=201, response_model=WholeRequest)
async def ask_for_access(tx: Gather, request: Request, asked: AccessRequest) -> Response:
    """Record a request and gather what the hub holds, unless a person must decide first."""
    require_practitioner(tx)
    require_themself(asked)
    family = await family_of(request, tx.known_caller, asked.subject)
    made = await tx.value(
        "insert into hub.rights_request (subject, asked_by, asker, capacity, received_on)"
        " values (:subject, :asked_by, :asker, :capacity, :received_on) returning id",
        **asked.model_dump(),
    )
    if why := await why_a_person(tx, asked, family):
        await require_kept(tx, request, [asked.subject])
        await happened(tx, made, "needs_decision", why)
    else:
        await _fill(tx, request, (made, asked.subject, asked.capacity), family)
    return await answer(tx, made, 201)


@router.get("", response_model=OpenRequests)
async def list_access_requests(tx: Handle, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """The requests that are not answered yet, the most urgent first."""
    moment, identity = after(cursor)
    page = await tx.show(shown.LIST, moment=moment, identity=identity, limit=limit)
    return Response(page, media_type="application/json")


@router.get("/{access_request}", response_model=WholeRequest)
async def read_access_request(tx: Handle, access_request: UUID) -> Response:
    """A request and every record it gathered, with what is proposed and what was decided."""
    return await answer(tx, access_request)


@router.post("/{access_request}/decision", response_model=WholeRequest)
async def decide_about_request(
    tx: Gather, request: Request, access_request: UUID, verdict: Verdict
) -> Response:
    """Answer or refuse a request that needs a person's decision. To answer is to gather anew."""
    require_practitioner(tx)
    asked = await known(tx, access_request)
    if asked["status"] != "needs_decision":
        raise RequestMovedOn(f"It is {asked['status']}.")
    if verdict.outcome is RequestOutcome.REFUSE:
        await happened(tx, access_request, "refused", verdict.reason)
    else:
        family = await family_of(request, tx.known_caller, asked["subject"])
        whole = (access_request, asked["subject"], asked["capacity"])
        await _fill(tx, request, whole, family, verdict.reason)
    return await answer(tx, access_request)


async def known(tx: Tx, access_request: UUID) -> Any:
    """Whom a request is about, in what capacity, and where it stands, for the caller alone. NotFound.

    `stands` is what was last done with it, whatever came to protect somebody since.
    """
    tx.asked.append(access_request)
    await tx.run(
        "select pg_advisory_xact_lock(hashtextextended(cast(cast(:request as uuid) as text), 4))",
        request=access_request,
    )
    found = await tx.rows(
        f"select r.subject, r.capacity, {shown.STATUS} as status, hub.stands_at(r.id) as stands"
        " from hub.rights_request r where r.id = :request",
        request=access_request,
    )
    if not found:
        raise NotFound
    return found[0]


async def answer(tx: Tx, access_request: UUID, status: int = 200) -> Response:
    """The request as it stands, its copies opened. NotFound."""
    said = await readable_copies(tx, await tx.show(shown.WHOLE, request=access_request))
    return Response(json.dumps(said), status, media_type="application/json")


async def readable_copies(tx: Tx, said: bytes) -> Any:
    """What was shown, with its copies of records opened; `[erased]` where their key is gone."""
    body = json.loads(said)
    items = [*body.get("items", ()), *body.get("records", ()), *filter(None, [body.get("item")])]
    keys = await keys_of(tx, {UUID(one["about"]) for one in items if one["about"]})
    for one in items:
        about = UUID(one.pop("about") or str(UUID(int=0)))
        for name in one.keys() & {"content", "redacted"}:
            one[name] = opened(keys.get(about), about, one[name])
    return body


async def happened(
    tx: Tx, access_request: UUID, event: str, reason: str, family: Collection[UUID] | None = None
) -> None:
    """Append what happened to a request. `family`, of a gathering: whose protection asks for a person."""
    await tx.run(
        "insert into hub.rights_event (request, event, reason, family)"
        " values (:request, :event, :reason, cast(:family as uuid[]))",
        request=access_request,
        event=event,
        reason=reason,
        family=family and sorted(family),
    )


def require_practitioner(tx: Tx) -> None:
    """A person handles a request, not a client. Raises PractitionerMissing."""
    if not tx.known_caller.practitioner:
        raise PractitionerMissing("Say in the header `Practitioner` which person this is.")


async def _fill(
    tx: Tx,
    request: Request,
    asked_for: tuple[UUID, UUID, str],
    family: Families,
    reason: str = "What the hub holds.",
) -> None:
    made, subject, capacity = asked_for
    gathered = await gather(request, tx.known_caller, subject)
    if not gathered.records:
        raise NotFound
    asked = await _asked(tx, subject, gathered, for_a_child=capacity == AskerCapacity.PARENTAL_RESPONSIBILITY)
    keys = await keys_of(tx, {whom(record, subject) for record in gathered.records}, make=True)
    gathering = await tx.value(GATHERING, request=made)
    for number, record in enumerate(gathered.records, start=1):
        about = whom(record, subject)
        await _keep(tx, made, (gathering, number), propose(asked, record), record, about, keys[about])
    await happened(tx, made, "gathered", reason, family.everybody(subject))


async def _asked(tx: Tx, subject: UUID, gathered: Gathered, *, for_a_child: bool) -> Asked:
    sealed = await protected(tx, {subject, *map(UUID, everybody_in(gathered))})
    return asked_of(subject, gathered, for_a_child=for_a_child, sealed=sealed)


async def _keep(
    tx: Tx, made: UUID, place: tuple[int, int], proposal: Proposal, record: Record, about: UUID, key: bytes
) -> None:
    await tx.run(
        "insert into hub.rights_item"
        " (request, gathering, number, part, category, about, content, redacted, proposal, exemption, why)"
        " values (:request, :gathering, :number, :part, :category, :about, cast(:content as json),"
        " cast(:redacted as json), :proposal, cast(:exemption as text), :why)",
        request=made,
        gathering=place[0],
        number=place[1],
        part=record.part,
        category=record.category,
        about=about,
        content=json.dumps(locked(key, about, record.content)),
        redacted=json.dumps(locked(key, about, proposal.redacted)),
        proposal=proposal.decision,
        exemption=proposal.exemption,
        why=proposal.why,
    )


def whom(record: Record, subject: UUID) -> UUID:
    """Whom a record is about: under their key it is kept. Without a name in it, whom was asked about."""
    said = (record.content.get(name) for name in ("person", "subject", "household"))
    return next((UUID(one) for one in said if one), subject)
