"""Receiving concerns: one at a time, or a batch in which each bad line is named and the good ones kept."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any
from uuid import uuid4

from hub import idempotency
from hub.database import Tx
from hub.line import Row
from hub.problem import TemporarilyUnavailable
from services.referral.formats.concern_export import BadLine, ConcernLine
from services.referral.rules import external_ids, identifiers
from services.referral.rules.external_ids import ExternalIdReused
from services.referral.schemas.concerns import ConcernHeard
from services.referral.schemas.files import ConcernsReport, LineCounts, LineRefused, LineTaken
from services.referral.store import concerns, people

TRIES = 3


async def receive(tx: Tx, heard: ConcernHeard, matching_key: bytes) -> str:
    """Store one concern, once. Returns `{"concern", "person"}` as JSON.

    Durable before it is answered; a repeat of the same Idempotency-Key gets the first answer
    (AlreadyAnswered), with another body IdempotencyKeyReused. The same concern under the same `external_id`
    is one concern, another one ExternalIdReused.
    """
    upn = identifiers.upn(heard.upn)
    facts = _facts(heard.model_dump(exclude={"upn"}), people.digest(matching_key, upn))
    for _ in range(TRIES):
        row = await concerns.receive_once(tx, facts)
        if row:
            return await _answer(tx, row, facts)
        if await idempotency.known(tx):
            await idempotency.replay(tx)
    raise TemporarilyUnavailable


async def _answer(tx: Tx, row: Row, facts: Mapping[str, Any]) -> str:
    """What is stored under the key. Where another took the external_id meanwhile, we look at theirs."""
    if row["settled"]:
        await _check(tx, row, facts)
        return row["body"]
    theirs = await _receive(tx, facts)
    return await concerns.answer_with(tx, theirs["concern"], theirs["person"])


async def _receive(tx: Tx, facts: Mapping[str, Any]) -> Row:
    for _ in range(TRIES):
        row = await concerns.receive(tx, facts)
        if row:
            await _check(tx, row, facts)
            return row
    raise TemporarilyUnavailable


async def _check(tx: Tx, row: Row, facts: Mapping[str, Any]) -> None:
    """Only where the external_id was used before is anything compared: a new concern costs one statement."""
    if row["again"]:
        external_ids.check_repeat(alike=await concerns.alike(tx, facts))


async def receive_batch(
    tx: Tx, lines: Iterable[ConcernLine | BadLine], matching_key: bytes
) -> ConcernsReport:
    """Store every good line in one transaction and report every bad one by its number."""
    received, already_had, bad = list[LineTaken](), list[LineTaken](), list[LineRefused]()
    for line in lines:
        found = await _receive_line(tx, line, matching_key)
        if isinstance(found, BadLine):
            bad.append(LineRefused(line=found.number, errors=list(found.errors)))
            continue
        (already_had if found["again"] else received).append(
            LineTaken(line=line.number, concern=found["concern"])
        )
    counts = LineCounts(received=len(received), already_had=len(already_had), bad=len(bad))
    return ConcernsReport(received=received, already_had=already_had, bad=bad, counts=counts)


async def _receive_line(tx: Tx, line: ConcernLine | BadLine, matching_key: bytes) -> Row | BadLine:
    """What became of a line: where it is stored, or what is wrong with it."""
    if isinstance(line, BadLine):
        return line
    try:
        return await _receive(tx, _facts_of(line, matching_key))
    except ExternalIdReused as problem:
        return BadLine(line.number, (problem.fault(),))


def _facts_of(line: ConcernLine, matching_key: bytes) -> dict[str, Any]:
    facts = asdict(line)
    upn = facts.pop("upn")
    facts.pop("number")
    facts["kind"] = facts.pop("category")
    facts["school_rag"] = facts.pop("rag")
    return _facts(facts, people.digest(matching_key, upn))


def _facts(heard: Mapping[str, Any], digest: bytes) -> dict[str, Any]:
    return {**heard, "digest": digest, "concern": uuid4(), "person": uuid4()}
