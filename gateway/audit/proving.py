"""Short proofs over HTTP: that a disclosure is in the log, and that the log was only ever added to."""

import base64
import json
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from gateway.audit.reading import Anyone, Size
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.problem import NotFound, PayloadNotValid, Problem
from hub.proof import Place, consistency, inclusion, places, proof
from hub.proof.paths import Part
from hub.view import View

NODES = """
select n.level, n.index, n.hash from unnest(cast(:levels as smallint[]), cast(:indices as bigint[]))
  wanted(level, index) join hub.tree_node n on n.level = wanted.level and n.index = wanted.index
"""
CHECKPOINT = """
select size, note from hub.checkpoint where cast(:size as bigint) is null or size = :size
order by size desc limit 1
"""
# Row security says whose disclosure it is: nobody proves what it may not read.
NUMBER = """
select l.number from hub.disclosure d left join hub.leaf l on l.disclosure = d.id where d.id = :disclosure
"""
PROVEN = View(
    {
        "inclusion": """
select d.subject, 'existence' as category, json_build_object('disclosure', d.id, 'number', l.number,
  'size', cast(:size as bigint), 'text', hub.canonical(d), 'salt', encode(d.salt, 'base64'),
  'proof', cast(:path as json), 'checkpoint', cast(:note as text)) as item
from hub.disclosure d join hub.leaf l on l.disclosure = d.id where d.id = :disclosure"""
    },
    anchor="inclusion",
    single=frozenset({"inclusion"}),
)

router = APIRouter(route_class=HubRoute, prefix="/audit", tags=["audit"])

Read = Annotated[Tx, allow(Scope.DISCLOSURES_READ)]
From = Annotated[int, Query(ge=0, lt=2**63, alias="from", description="leaves in the older tree")]
To = Annotated[int, Query(ge=0, lt=2**63, description="leaves in the newer tree")]


class NotInCheckpoint(Problem):
    """This disclosure is not under that checkpoint."""

    status = 409


class Consistency(BaseModel):
    """RFC 9162, section 2.1.4: hashes in base64, in the order the verification takes them."""

    first: int
    second: int
    proof: list[str]


class Inclusion(BaseModel):
    """RFC 9162, section 2.1.3: what proves that one disclosure is in the log."""

    disclosure: UUID
    number: int = Field(description="its leaf, from 0")
    size: int = Field(description="leaves under the checkpoint")
    text: str = Field(description="what is committed to, byte for byte")
    salt: str = Field(description="32 bytes in base64")
    proof: list[str] = Field(description="hashes in base64, in the order the verification takes them")
    checkpoint: str = Field(description="the signed note (C2SP tlog-checkpoint)")


class ProvenInclusion(BaseModel):
    """The proof."""

    inclusion: Inclusion


@router.get("/inclusion", response_model=ProvenInclusion)
async def prove_inclusion(tx: Read, disclosure: UUID, size: Size | None = None) -> Response:
    """That one disclosure is in the log, under the newest checkpoint or the one of `size` leaves.

    RFC 9162, section 2.1.3. The leaf is SHA-256(0x00, SHA-256(salt, text)): whoever has this answer and
    the log's key proves it without the hub.
    """
    found = await tx.rows(NUMBER, disclosure=disclosure)
    checkpoint = await tx.rows(CHECKPOINT, size=size)
    if not found or not checkpoint:
        tx.asked.append(disclosure)
        raise NotFound
    number, under = found[0]["number"], checkpoint[0]
    if number is None or number >= under["size"]:
        raise NotInCheckpoint("It was shown after that checkpoint was signed. Ask for a newer one.")
    path = _encoded(await proved(tx, inclusion(number, under["size"])))
    body = await tx.show(
        PROVEN, disclosure=disclosure, size=under["size"], path=json.dumps(path), note=under["note"]
    )
    return Response(body, media_type="application/json")


@router.get("/consistency")
async def prove_consistency(tx: Anyone, first: From, to: To) -> Consistency:
    """That the tree of `to` leaves only added to the tree of `from` leaves (RFC 9162, section 2.1.4)."""
    newest = await tx.value("select max(size) from hub.checkpoint")
    if newest is None or not first <= to <= newest:
        detail = f"`from` is at most `to`, which is at most the newest checkpoint's {newest or 0}"
        raise PayloadNotValid(errors=[{"pointer": "/query/to", "detail": detail}])
    return Consistency(first=first, second=to, proof=_encoded(await proved(tx, consistency(first, to))))


async def proved(tx: Tx, parts: Sequence[Part]) -> list[bytes]:
    """The proof made of these parts, from the nodes the sequencer kept. Raises KeyError without them."""
    wanted = places(parts)
    levels, indices = [place.level for place in wanted], [place.number for place in wanted]
    rows = await tx.rows(NODES, levels=levels, indices=indices)
    return proof(parts, {Place(row["level"], row["index"]): row["hash"] for row in rows})


def _encoded(path: Sequence[bytes]) -> list[str]:
    return [base64.b64encode(each).decode() for each in path]
