"""Sharing decisions over HTTP: recorded, listed, read with their history, and what happens to them later."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from gateway.sharing.acquaintance import acquainted, acquainted_about
from gateway.sharing.answers import DecisionsPage, WholeDecision
from gateway.sharing.shown import HISTORY, LIST
from hub import sharing
from hub.access import HubRoute, allow, require_met
from hub.caller import Scope
from hub.database import Tx
from hub.page import Cursor, Limit, after
from hub.sharing import (
    Answer,
    CountersigningWord,
    Decision,
    DecisionEnding,
    DecisionId,
    DecisionReview,
    Event,
    Succession,
    Variation,
)

router = APIRouter(route_class=HubRoute, tags=["sharing"])

Read = Annotated[Tx, allow(Scope.SHARING_READ)]
Write = Annotated[Tx, allow(Scope.SHARING_WRITE)]
Hide = Annotated[Tx, allow(Scope.SHARING_WRITE, shows_less=True)]


class DecisionRecorded(BaseModel):
    """The id that a withdrawal names."""

    decision: DecisionId


@router.post("/sharing/decisions", status_code=201)
async def decide(tx: Hide, request: Request, decision: Decision) -> DecisionRecorded:
    """Record a decision to share, or not to share. It takes effect on the next read.

    A refusal, or a decision not to share, waits for no training and no agreement.
    """
    if decision.begins not in (Event.REFUSED, Event.NOT_SHARED):
        require_met(tx, Scope.SHARING_WRITE)
    known = await acquainted(tx, request, decision.giver, decision.subjects)
    return DecisionRecorded(decision=await sharing.decide(tx, decision, known))


@router.get("/sharing/decisions", response_model=DecisionsPage)
async def list_decisions(tx: Read, subject: UUID, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """The decisions about somebody that your agency recorded or may act on, newest first."""
    moment, identity = after(cursor)
    page = await tx.show(LIST, subject=subject, moment=moment, identity=identity, limit=limit)
    return Response(page, media_type="application/json")


@router.get("/sharing/decisions/{decision}", response_model=WholeDecision)
async def read_decision(tx: Read, decision: DecisionId) -> Response:
    """A decision with its whole history: what was said, by whom, when, and where it stands."""
    return Response(await tx.show(HISTORY, decision=decision), media_type="application/json")


@router.post("/sharing/decisions/{decision}/give", status_code=204)
async def give(tx: Write, request: Request, decision: DecisionId, answer: Answer) -> None:
    """The family agrees to what was proposed."""
    known = await acquainted_about(tx, request, answer.giver, decision)
    await sharing.give(tx, decision, answer, known)


@router.post("/sharing/decisions/{decision}/refuse", status_code=204)
async def refuse(tx: Hide, request: Request, decision: DecisionId, answer: Answer) -> None:
    """The family refuses what was proposed."""
    known = await acquainted_about(tx, request, answer.giver, decision)
    await sharing.refuse(tx, decision, answer, known)


@router.post("/sharing/decisions/{decision}/vary", status_code=204)
async def vary(tx: Write, request: Request, decision: DecisionId, variation: Variation) -> None:
    """Change what a decision covers, or for how long, from now on."""
    known = await acquainted_about(tx, request, variation.said_by, decision)
    await sharing.vary(tx, decision, variation, known)


@router.post("/sharing/decisions/{decision}/review", status_code=204)
async def review(tx: Write, decision: DecisionId, review: DecisionReview) -> None:
    """Record that a decision was looked at again and stands."""
    await sharing.review(tx, decision, review)


@router.post("/sharing/decisions/{decision}/countersign", status_code=204)
async def countersign(tx: Write, decision: DecisionId, word: CountersigningWord) -> None:
    """Let another agency's decision open what your agency wrote too, as far as it goes now."""
    await sharing.countersign(tx, decision, word)


@router.post("/sharing/decisions/{decision}/decline", status_code=204)
async def decline(tx: Hide, decision: DecisionId, word: CountersigningWord) -> None:
    """Keep what your agency wrote out of another agency's decision, from the next read on."""
    await sharing.decline(tx, decision, word)


@router.post("/sharing/decisions/{decision}/withdraw", status_code=204)
async def withdraw(tx: Hide, request: Request, decision: DecisionId, ending: DecisionEnding) -> None:
    """Take a decision out of force, from the next read, write and delivery on."""
    await sharing.withdraw(tx, decision, ending, await acquainted(tx, request, ending.said_by))


@router.post("/sharing/decisions/{decision}/supersede", status_code=201)
async def supersede(
    tx: Write, request: Request, decision: DecisionId, succession: Succession
) -> DecisionRecorded:
    """Put another decision in the place of this one, in one step. Answers the new one's id."""
    instead = succession.decision
    known = await acquainted(tx, request, instead.giver, instead.subjects)
    return DecisionRecorded(decision=await sharing.supersede(tx, decision, succession, known))
