"""Release by a second person, and the copy that leaves: JSON for machines, PDF for people."""

import json
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from gateway.rights import readable, shown
from gateway.rights.answers import CopyOfRecords, WholeRequest
from gateway.rights.gathering import sealed_for_the_family
from gateway.rights.requests import (
    RequestMovedOn,
    answer,
    happened,
    known,
    readable_copies,
    require_practitioner,
)
from gateway.rights.without_others import corrections_alone
from hub.access import HubRoute, Part, allow
from hub.caller import Scope
from hub.database import Tx
from hub.heard import Heard, Words
from hub.problem import Problem
from hub.seals.answers import MadeOfSealed, SealedJson

router = APIRouter(route_class=HubRoute, prefix="/rights/access-requests/{access_request}", tags=["rights"])

Handle = Annotated[Tx, allow(Scope.RIGHTS_WRITE, Scope.RECORDS_OVERSEE)]

PDF = {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}
LAW = {
    "third_party": "It is about somebody else, or says who told us (DPA 2018, Schedule 2, paragraph 16).",
    "serious_harm": "Showing it would be likely to cause serious harm (DPA 2018, Schedule 3).",
    "child_abuse_data": "It is not in the best interests of the child (DPA 2018, Schedule 3, paragraph 21).",
    "confidential_reference": "It is a reference given in confidence (DPA 2018, Schedule 2, paragraph 24).",
    "legal_privilege": "It is legally privileged (DPA 2018, Schedule 2, paragraph 19).",
}
NOT_HERE = (
    "What was decided about sharing is not in this copy: who may see what and why, what was refused, and any"
    " emergency in which an agency looked without waiting for it. Ask the data protection officer for those"
    " decisions, and for the list of who looked."
)
STANDING = """
select count(*) filter (where not exists (
    select from hub.rights_item_decision d where d.item = i.id)) as undecided,
  coalesce(bool_or(exists (select from hub.rights_item_decision d
    where d.item = i.id and lower(d.practitioner) = lower(:practitioner))), false) as decided_by_us
from hub.rights_item i where i.request = :request and hub.counts(i)"""


class SecondPersonNeeded(Problem):
    """Whoever decided about the records does not release them: a second person does."""

    status = 403


class ItemsUndecided(Problem):
    """Some of the records still wait for a person's decision."""

    status = 409


class NotReleased(Problem):
    """Nothing leaves before a second person has released it."""

    status = 409


class ProtectionCameSince(Problem):
    """An order or a seal came to protect them or their household since this was gathered."""

    status = 409


class Release(Heard):
    """Why the copy may go as it is."""

    reason: Words


class CopyFormat(StrEnum):
    """How the copy is written."""

    JSON = "json"
    PDF = "pdf"


@router.post("/release", response_model=WholeRequest)
async def release(tx: Handle, access_request: UUID, why: Release) -> Response:
    """Let the copy go, as somebody who decided about none of its records."""
    require_practitioner(tx)
    if (status := await _status(tx, access_request)) != "open":
        raise RequestMovedOn(f"It is {status}.")
    [standing] = await tx.rows(STANDING, request=access_request, practitioner=tx.known_caller.practitioner)
    if standing["undecided"]:
        raise ItemsUndecided(f"{standing['undecided']} of them.")
    if standing["decided_by_us"]:
        raise SecondPersonNeeded
    await happened(tx, access_request, "released", why.reason)
    return await answer(tx, access_request)


@router.get("/export", response_model=CopyOfRecords, responses={200: {"content": PDF}})
async def export(
    tx: Handle,
    request: Request,
    access_request: UUID,
    format: CopyFormat = CopyFormat.JSON,  # noqa: A002
) -> Response:
    """The copy for the person who asked, with a manifest of what was withheld and by which exemption."""
    if (status := await _status(tx, access_request)) != "released":
        raise NotReleased(f"It is {status}. Once its records are decided, a second person releases it.")
    sealed, copy = await _copy(tx, request.app.state.part, access_request)
    agencies = copy["request"].pop("agencies")
    if format is CopyFormat.JSON:
        return Response(json.dumps(copy), media_type="application/json")
    named = {"content-disposition": f'attachment; filename="records-{access_request}.pdf"'}
    return MadeOfSealed(sealed, await readable.pdf(copy, agencies), "application/pdf", headers=named)


async def _status(tx: Tx, access_request: UUID) -> str:
    """Where a request stands. ProtectionCameSince where what it gathered is not to be let go any more."""
    asked = await known(tx, access_request)
    if asked["status"] == "needs_decision" and asked["stands"] != "needs_decision":
        raise ProtectionCameSince
    return asked["status"]


async def _copy(tx: Tx, part: Part, access_request: UUID) -> tuple[SealedJson, dict[str, Any]]:
    """The copy, with nothing in it that is sealed by now, whoever it was that asked us for it."""
    said = await readable_copies(tx, await tx.show(shown.EXPORT, request=access_request))
    said["corrections"] = await corrections_alone(tx, access_request, said["corrections"])
    sealed, copy = await sealed_for_the_family(tx, part.seals, said)
    partly = [
        {
            "number": one["number"],
            "decision": "redact",
            "exemption": one["exemption"],
            "law": LAW[one["exemption"]],
        }
        for one in copy["records"]
        if one["redacted"]
    ]
    wholly = [{**one, "decision": "withhold", "law": LAW[one["exemption"]]} for one in copy.pop("withheld")]
    return sealed, {**copy, "manifest": [*partly, *wholly], "not_here": NOT_HERE}
