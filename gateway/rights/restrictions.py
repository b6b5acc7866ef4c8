"""Restriction of processing (UK GDPR Art 18) and objection (Art 21): put in force, listed, and lifted."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from gateway.retention.reaching import require_kept
from gateway.rights.requests import require_practitioner
from gateway.sharing.hidden import PROCESSING, Asked, listed
from gateway.sharing.restrictions import RestrictionShown
from hub import sharing
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.heard import Heard, Line, Words
from hub.page import Paged
from hub.sharing import DecisionId
from hub.sharing.processing import ProcessingRight, restrict_processing

router = APIRouter(route_class=HubRoute, prefix="/rights/restrictions", tags=["rights"])

Handle = Annotated[Tx, allow(Scope.RIGHTS_WRITE, Scope.RECORDS_OVERSEE)]


class ProcessingRestriction(Heard):
    """Keep everything about these people, and show it to nobody."""

    subjects: list[UUID] = Field(min_length=1, max_length=50, description="persons and their household")
    right: ProcessingRight = ProcessingRight.RESTRICTION
    asked_by: Line
    reason: Words


class RestrictionLifting(Heard):
    """Why processing goes on. Whoever asked for the restriction is told before (Art 18(3))."""

    reason: Words


class ProcessingRestrictionShown(RestrictionShown):
    """A restriction of processing, or an objection: hidden from everybody."""

    right: ProcessingRight | None = Field(description="null once what it says is erased")
    asked_by: str | None = Field(description="null once what it says is erased")


class ProcessingRestrictionsPage(Paged):
    """A page of them, newest first."""

    restrictions: list[ProcessingRestrictionShown]


class ProcessingRestricted(BaseModel):
    """The id that a lifting names."""

    restriction: DecisionId


@router.post("", status_code=201)
async def restrict_processing_of(
    tx: Handle, request: Request, wanted: ProcessingRestriction
) -> ProcessingRestricted:
    """Hide everything about these people from every agency, from now on and until it is lifted.

    Concerns about them are still taken in, and nobody sees them but oversight: each puts a notice
    `concern.while_restricted` into the data protection officer's inbox (`GET /notices`), with the concern's
    id. Whoever is told reads it at once, and lifts the restriction where a child may be at risk.
    """
    require_practitioner(tx)
    await require_kept(tx, request, wanted.subjects)
    made = await restrict_processing(tx, wanted.subjects, wanted.right, wanted.asked_by, wanted.reason)
    return ProcessingRestricted(restriction=made)


@router.get("", response_model=ProcessingRestrictionsPage)
async def list_processing_restrictions(tx: Handle, asked: Asked) -> Response:
    """The restrictions of processing and the objections, newest first."""
    return await listed(tx, PROCESSING, asked)


@router.post("/{restriction}/lift", status_code=204)
async def lift_processing_restriction(tx: Handle, restriction: DecisionId, why: RestrictionLifting) -> None:
    """End a restriction of processing."""
    require_practitioner(tx)
    await sharing.lift(tx, restriction, why.reason)
