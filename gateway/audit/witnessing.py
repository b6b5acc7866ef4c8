"""Witnesses over HTTP: another agency cosigns a checkpoint, having checked it against the one before.

A hub that shows two people two logs, or goes back to an older one, finds no witness for both.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import Field

from gateway.audit.proving import proved
from gateway.audit.reading import signer_at
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.heard import CLOCKS_DIFFER, Heard
from hub.problem import PayloadNotValid, Problem
from hub.proof import (
    COSIGNATURE,
    Checkpoint,
    CheckpointNotConsistent,
    KeyNotValid,
    NoteNotValid,
    Signer,
    check,
    consistency,
    cosigned,
    read_key,
    verify,
)

KEY = """
select key from hub.witness where agency = current_setting('hub.agency') order by at desc limit 1
"""
REGISTER = "insert into hub.witness (key) values (:key) on conflict do nothing returning true"
SEEN = """
select size, root from hub.cosignature where agency = current_setting('hub.agency')
order by size desc limit 1
"""
STORE = """
insert into hub.cosignature (size, root, key, line, signed_at)
values (:size, :root, :key, :line, :signed_at) on conflict (size, agency) do nothing
"""
HELD = "select root from hub.checkpoint where size = :size"
LONGEST = timedelta(days=1)

router = APIRouter(route_class=HubRoute, prefix="/audit/witness", tags=["audit"])

Witnesses = Annotated[Tx, allow(Scope.AUDIT_WITNESS)]


class CosignatureNotValid(Problem):
    """This is not a checkpoint of this log that you have cosigned."""

    status = 422


class KeyHeard(Heard):
    """The key that verifies the agency's cosignatures."""

    key: str = Field(max_length=300, description="C2SP verifier key: name+id+base64(0x04, Ed25519 key)")


class CheckpointNoteHeard(Heard):
    """A checkpoint with the agency's line below it."""

    note: str = Field(max_length=10_000, description="the note of /audit/checkpoint, and a cosignature/v1")


@router.post("/key", status_code=204)
async def register_key(tx: Witnesses, heard: KeyHeard) -> None:
    """Say which key your agency cosigns with. The newest counts; what was signed before stays signed."""
    key = heard.key.strip()
    try:
        read_key(key, COSIGNATURE)
    except KeyNotValid as reason:
        raise PayloadNotValid(errors=[{"pointer": "/key", "detail": str(reason)}]) from reason
    if not await tx.value(REGISTER, key=key):
        raise PayloadNotValid(errors=[{"pointer": "/key", "detail": "this key is registered already"}])


@router.post("", status_code=204)
async def witness(
    tx: Witnesses, heard: CheckpointNoteHeard, signer: Annotated[Signer, Depends(signer_at)]
) -> None:
    """Cosign a checkpoint that you have checked against the one you saw before (cosignature/v1).

    It is served with the checkpoint. One that contradicts what you cosigned before, or what the hub
    holds now, is refused: somebody changed or rolled back the log.
    """
    key = await tx.value(KEY)
    if key is None:
        raise CosignatureNotValid("Register your key first: POST /audit/witness/key.")
    now, line, moment = _cosigned(heard.note, key, signer)
    await _agrees(tx, now)
    values: Mapping[str, Any] = {"size": now.size, "root": now.root, "key": key}
    await tx.run(STORE, **values, line=line, signed_at=moment)


def _cosigned(note: str, key: str, signer: Signer) -> tuple[Checkpoint, str, datetime]:
    """The checkpoint, the witness's line and when it signed; raises CosignatureNotValid."""
    try:
        now = verify(note, signer.verifier_key())
        line, seconds = cosigned(note, key)
        moment = datetime.fromtimestamp(seconds, UTC)
    except (NoteNotValid, KeyNotValid, ValueError, OverflowError, OSError) as reason:
        raise CosignatureNotValid(f"The note does not verify: {reason}.") from reason
    if not -LONGEST < moment - datetime.now(UTC) < CLOCKS_DIFFER:
        raise CosignatureNotValid("It was not cosigned within the last day.")
    return now, line, moment


async def _agrees(tx: Tx, now: Checkpoint) -> None:
    """Raise CheckpointNotConsistent unless the log holds it, and it grew out of what this agency saw."""
    held = await tx.value(HELD, size=now.size)
    if held != now.root:
        raise CheckpointNotConsistent(f"The log does not hold this checkpoint of {now.size} leaves.")
    seen = await tx.rows(SEEN)
    if not seen:
        return
    before = Checkpoint(now.origin, seen[0]["size"], seen[0]["root"])
    if now.size < before.size:
        raise CheckpointNotConsistent(f"You have cosigned {before.size} leaves before.")
    try:
        path = await proved(tx, consistency(before.size, now.size))
    except KeyError as reason:
        raise CheckpointNotConsistent("The log has lost nodes of its tree.") from reason
    check(before, now, path)
