"""What anybody may have of the audit log: its checkpoints, its key, its witnesses."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

from hub.access import HubRoute, allow_anyone
from hub.caller import AgencyId
from hub.database import Tx
from hub.problem import NotFound
from hub.proof import Signer

# The note with the lines of its witnesses below the log's own.
NOTE = """
select c.note || coalesce((
  select string_agg(s.line, '' order by s.at) from hub.cosignature s where s.size = c.size), '')
from hub.checkpoint c where {which}"""
NEWEST = NOTE.format(which="true order by c.size desc limit 1")
OF_SIZE = NOTE.format(which="c.size = :size")
WITNESSED = NOTE.format(which="c.size = (select max(size) from hub.cosignature)")
WITNESSES = "select distinct on (agency) agency, key from hub.witness order by agency, at desc"

router = APIRouter(route_class=HubRoute, prefix="/audit", tags=["audit"])

Anyone = Annotated[Tx, allow_anyone()]
Size = Annotated[int, Query(ge=0, lt=2**63, description="how many leaves a checkpoint has")]
Witnessed = Annotated[bool, Query(description="the newest that another agency has cosigned")]


class Witnessing(BaseModel):
    """An agency that watches the log, and the key that verifies its cosignatures."""

    agency: AgencyId
    key: str


def signer_at(request: Request) -> Signer:
    """Who signs the checkpoints of the hub that was asked."""
    return request.app.state.signer


@router.get("/checkpoint", response_class=PlainTextResponse)
async def read_checkpoint(
    tx: Anyone, size: Size | None = None, witnessed: Witnessed = False
) -> PlainTextResponse:
    """The newest signed checkpoint of the log of who saw what (C2SP tlog-checkpoint), or an earlier one."""
    if size is not None:
        note = await tx.value(OF_SIZE, size=size)
    else:
        note = await tx.value(WITNESSED if witnessed else NEWEST)
    if note is None:
        raise NotFound
    return PlainTextResponse(note, headers={"cache-control": "no-cache"})


@router.get("/key", response_class=PlainTextResponse)
async def read_key(signer: Annotated[Signer, Depends(signer_at)]) -> PlainTextResponse:
    """The key that verifies checkpoints (C2SP signed-note verifier key)."""
    return PlainTextResponse(signer.verifier_key() + "\n")


@router.get("/witnesses")
async def list_witnesses(tx: Anyone) -> list[Witnessing]:
    """Which agencies cosign this log, each with its newest key."""
    return [Witnessing(agency=row["agency"], key=row["key"]) for row in await tx.rows(WITNESSES)]
