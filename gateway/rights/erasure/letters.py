"""The answer to the family: what was erased, what is kept, until when and why, and who was told.

UK GDPR Art 12(3) and (4): in plain words, with the way to complain. It says nothing that a record said.
"""

import json
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from gateway.rights.erasure import shown
from gateway.rights.erasure.answers import ErasureLetter
from gateway.rights.erasure.requests import known
from gateway.rights.gathering import sealed_for_the_family
from gateway.rights.readable import letter
from gateway.rights.releases import PDF, CopyFormat
from gateway.rights.words import kind_of_record
from gateway.rights.written import whole, written
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.problem import NotFound, Problem
from hub.seals.answers import MadeOfSealed

router = APIRouter(route_class=HubRoute, prefix="/rights/erasure-requests/{erasure_request}", tags=["rights"])

Handle = Annotated[Tx, allow(Scope.RIGHTS_WRITE, Scope.RECORDS_OVERSEE)]

RIGHTS = (
    "You can ask the data protection officer to look at this again, complain to the Information"
    " Commissioner (ico.org.uk, 0303 123 1113), or go to court."
)
ABOUT = {
    "self": "your own records",
    "parental_responsibility": "the records of a child, for whom you asked with parental responsibility",
    "representative": "the records of a person whom you represent",
}
OPEN_END = "until somebody decides that it is not needed any more"


class NotAnswered(Problem):
    """There is no answer before the erasure is carried out or refused."""

    status = 409


@router.get("/letter", response_model=ErasureLetter, responses={200: {"content": PDF}})
async def write_erasure_letter(
    tx: Handle,
    request: Request,
    erasure_request: UUID,
    format: CopyFormat = CopyFormat.JSON,  # noqa: A002
) -> Response:
    """The letter to whoever asked: as JSON, or a tagged PDF (`?format=pdf`). A routine disposal has none."""
    asked = await known(tx, erasure_request)
    if asked["why"] != "asked":
        raise NotFound
    if asked["status"] not in ("done", "refused"):
        raise NotAnswered
    laid_out = _laid_out(json.loads(await tx.show(shown.LETTER, request=erasure_request)))
    sealed, answer = await sealed_for_the_family(tx, request.app.state.part.seals, laid_out)
    answer["told"] = [whole(name) for name in answer["told"]]
    if format is CopyFormat.JSON:
        return Response(json.dumps(answer), media_type="application/json")
    named = {"content-disposition": f'attachment; filename="erasure-{erasure_request}.pdf"'}
    return MadeOfSealed(sealed, await letter(answer), "application/pdf", headers=named)


def _laid_out(said: Mapping[str, Any]) -> dict[str, Any]:
    """The letter's parts, in the words of the family."""
    request, refused = said["request"], said["request"]["refused"]
    return {
        "request": request["request"],
        "to": request["asked_by"],
        "about": ABOUT[request["capacity"]],
        "received": written(request["received_on"]),
        "answered": written(request["done_at"]).partition(",")[0],
        "refused": request["reason"] if refused else None,
        "erased": [] if refused else [_counted(one) for one in said["erased"]],
        "kept": [] if refused else [_kept(one) for one in said["kept"]],
        "told": [] if refused else [one["name"] for one in said["told"]],
        "rights": RIGHTS,
    }


def _counted(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"what": kind_of_record(one["kind"], one["category"]), "records": one["records"]}


def _kept(one: Mapping[str, Any]) -> dict[str, Any]:
    until = f"until {written(one['until'])}" if one["until"] else OPEN_END
    return {**_counted(one), "until": until, "why": one["reason"]}
