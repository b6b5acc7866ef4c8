"""What becomes of each record a request gathered: a person decides, one by one or as proposed."""

import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from gateway.rights import shown
from gateway.rights.answers import OneItem, WholeRequest
from gateway.rights.proposals import CopyFate, Exemption
from gateway.rights.requests import (
    RequestMovedOn,
    answer,
    known,
    readable_copies,
    require_practitioner,
)
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.copies import keys_of, locked, opened
from hub.database import Tx
from hub.heard import Anything, Heard, Words
from hub.problem import NotFound, Problem

router = APIRouter(route_class=HubRoute, prefix="/rights/access-requests/{access_request}", tags=["rights"])

Handle = Annotated[Tx, allow(Scope.RIGHTS_WRITE, Scope.RECORDS_OVERSEE)]

ACCEPT = """
insert into hub.rights_item_decision (item, decision, exemption, reason)
select i.id, i.proposal, i.exemption, i.why from hub.rights_item i
where i.request = :request and hub.counts(i) and not exists (
  select from hub.rights_item_decision d where d.item = i.id)"""


class ExemptionNeeded(Problem):
    """What is not shown in full says by which exemption, and what is shown in full names none."""

    status = 422


class RedactionNeeded(Problem):
    """This record has no redaction of its own yet: say what is to be shown."""

    status = 422


class ItemDecision(Heard):
    """What becomes of one record."""

    decision: CopyFate
    exemption: Exemption | None = None
    redacted: Anything | None = Field(
        None, max_length=100, description="what is shown instead, where the proposed redaction is not right"
    )
    reason: Words


@router.post("/items/{item}", response_model=OneItem)
async def decide_about_item(tx: Handle, access_request: UUID, item: UUID, decided: ItemDecision) -> Response:
    """Release, redact or withhold one record. The latest decision counts, until the release."""
    await _open(tx, access_request)
    if (decided.decision is CopyFate.RELEASE) is not (decided.exemption is None):
        named = ", ".join(exemption.value for exemption in Exemption)
        raise ExemptionNeeded(f"`redact` and `withhold` take an `exemption` ({named}); `release` takes none.")
    found = await tx.rows(
        "select about, cast(content as text) as content, cast(redacted as text) as redacted"
        " from hub.rights_item i where id = :item and request = :request and hub.counts(i)",
        item=item,
        request=access_request,
    )
    if not found:
        raise NotFound
    about, copied = found[0]["about"], found[0]
    key = (await keys_of(tx, [about], make=True))[about]
    content, redacted = (opened(key, about, json.loads(copied[name])) for name in ("content", "redacted"))
    if decided.decision is CopyFate.REDACT and redacted in (content, {}) and decided.redacted is None:
        raise RedactionNeeded
    await _decide(tx, item, decided, key, about)
    seen = await readable_copies(tx, await tx.show(shown.ONE_ITEM, request=access_request, item=item))
    return Response(json.dumps(seen), media_type="application/json")


@router.post("/items", response_model=WholeRequest)
async def accept_proposals(tx: Handle, access_request: UUID) -> Response:
    """Decide everything that is left as it was proposed, in this person's name."""
    await _open(tx, access_request)
    await tx.run(ACCEPT, request=access_request)
    return await answer(tx, access_request)


async def _open(tx: Tx, access_request: UUID) -> None:
    require_practitioner(tx)
    status = (await known(tx, access_request))["status"]
    if status != "open":
        raise RequestMovedOn(f"It is {status}.")


async def _decide(tx: Tx, item: UUID, decided: ItemDecision, key: bytes, about: UUID) -> None:
    redacted = None if decided.redacted is None else json.dumps(locked(key, about, decided.redacted))
    await tx.run(
        "insert into hub.rights_item_decision (item, decision, exemption, redacted, reason) values"
        " (:item, :decision, :exemption, cast(:redacted as json), :reason)",
        item=item,
        decision=decided.decision,
        exemption=decided.exemption,
        redacted=redacted,
        reason=decided.reason,
    )
