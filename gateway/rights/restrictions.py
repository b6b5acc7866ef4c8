"""Restriction of processing (UK GDPR Art 18) and objection (Art 21) over HTTP: put in force, and lifted."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from gateway.rights.requests import require_practitioner
from hub import sharing
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.heard import Heard, Line, Words
from hub.sharing import DecisionId
from hub.sharing.processing import Right, restrict_processing

router = APIRouter(route_class=HubRoute, prefix="/rights/restrictions", tags=["rights"])

Handle = Annotated[Tx, allow(Scope.RIGHTS_WRITE)]


class ProcessingRestriction(Heard):
    """Keep everything about these people, and show it to nobody."""

    subjects: list[UUID] = Field(min_length=1, max_length=50, description="persons and their household")
    right: Right = Right.RESTRICTION
    asked_by: Line
    reason: Words


class RestrictionLifting(Heard):
    """Why processing goes on. Whoever asked for the restriction is told before (Art 18(3))."""

    reason: Words


class ProcessingRestricted(BaseModel):
    """The id that a lifting names."""

    restriction: DecisionId


@router.post("", status_code=201)
async def restrict_processing_of(tx: Handle, wanted: ProcessingRestriction) -> ProcessingRestricted:
    """Hide everything about these people from every agency, from now on and until it is lifted."""
    require_practitioner(tx)
    made = await restrict_processing(tx, wanted.subjects, wanted.right, wanted.asked_by, wanted.reason)
    return ProcessingRestricted(restriction=made)


@router.post("/{restriction}/lift", status_code=204)
async def lift_processing_restriction(tx: Handle, restriction: DecisionId, why: RestrictionLifting) -> None:
    """End a restriction of processing."""
    require_practitioner(tx)
    await sharing.lift(tx, restriction, why.reason)
