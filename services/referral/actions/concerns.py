"""Receiving concerns: one at a time, or a batch in which each bad line is named and the good ones kept."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID, uuid4

from hub import idempotency
from hub.database import Tx
from hub.problem import TemporarilyUnavailable
from services.referral.formats.concern_export import BadLine, ConcernLine
from services.referral.rules import identifiers
from services.referral.schemas.concerns import ConcernHeard
from services.referral.schemas.files import ConcernsReport, LineCounts, LineRefused, LineTaken
from services.referral.store import concerns, people

TRIES = 3


async def receive(tx: Tx, heard: ConcernHeard, matching_key: bytes) -> str:
    """Store one concern, once. Returns `{"concern", "person"}` as JSON.

    Durable before it is answered; a repeat of the same Idempotency-Key gets the first answer
    (AlreadyAnswered), with another body IdempotencyKeyReused. The same `external_id` is the same concern.
    """
    upn = identifiers.upn(heard.upn)
    facts = _facts(heard.model_dump(exclude={"upn"}), people.digest(matching_key, upn))
    for _ in range(TRIES):
        answer = await concerns.receive_once(tx, facts)
        if answer:
            return answer
        if await idempotency.known(tx):
            await idempotency.replay(tx)
    raise TemporarilyUnavailable


async def receive_batch(
    tx: Tx, lines: Iterable[ConcernLine | BadLine], matching_key: bytes
) -> ConcernsReport:
    """Store every good line in one transaction and report every bad one by its number."""
    received, already_had, bad = list[LineTaken](), list[LineTaken](), list[LineRefused]()
    for line in lines:
        if isinstance(line, BadLine):
            bad.append(LineRefused(line=line.number, errors=list(line.errors)))
            continue
        concern, again = await _receive_line(tx, line, matching_key)
        (already_had if again else received).append(LineTaken(line=line.number, concern=concern))
    counts = LineCounts(received=len(received), already_had=len(already_had), bad=len(bad))
    return ConcernsReport(received=received, already_had=already_had, bad=bad, counts=counts)


async def _receive_line(tx: Tx, line: ConcernLine, matching_key: bytes) -> tuple[UUID, bool]:
    facts = asdict(line)
    upn = facts.pop("upn")
    facts.pop("number")
    facts["kind"] = facts.pop("category")
    facts["school_rag"] = facts.pop("rag")
    for _ in range(TRIES):
        row = await concerns.receive(tx, _facts(facts, people.digest(matching_key, upn)))
        if row:
            return row["concern"], row["again"]
    raise TemporarilyUnavailable


def _facts(heard: Mapping[str, Any], digest: bytes) -> dict[str, Any]:
    return {**heard, "digest": digest, "concern": uuid4(), "person": uuid4()}
