"""Restrictions over HTTP: put in force, listed, and lifted."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from gateway.sharing.hidden import RESTRICTIONS, Asked, HiddenShown, listed
from hub import sharing
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.heard import Heard
from hub.page import Paged
from hub.sharing import DecisionId, Restriction

router = APIRouter(route_class=HubRoute, tags=["sharing"])

Read = Annotated[Tx, allow(Scope.SHARING_READ)]
Write = Annotated[Tx, allow(Scope.SHARING_WRITE)]
Hide = Annotated[Tx, allow(Scope.SHARING_WRITE, shows_less=True)]


class Lifting(Heard):
    """Why a restriction is lifted."""

    reason: str = Field(min_length=3, max_length=2000, description="in words a family could read")


class RestrictionShown(HiddenShown):
    """A restriction."""

    restriction: DecisionId


class RestrictionsPage(Paged):
    """A page of restrictions, newest first."""

    restrictions: list[RestrictionShown]


class RestrictionRecorded(BaseModel):
    """The id that a lifting names."""

    restriction: DecisionId


@router.post("/sharing/restrictions", status_code=201)
async def restrict(tx: Hide, restriction: Restriction) -> RestrictionRecorded:
    """Hide something from an agency, one person of it, or everybody not named, whatever was decided."""
    return RestrictionRecorded(restriction=await sharing.restrict(tx, restriction))


@router.get("/sharing/restrictions", response_model=RestrictionsPage)
async def list_restrictions(tx: Read, asked: Asked) -> Response:
    """The restrictions that your agency recorded, newest first; for oversight, everybody's."""
    return await listed(tx, RESTRICTIONS, asked)


@router.post("/sharing/restrictions/{restriction}/lift", status_code=204)
async def lift(tx: Write, restriction: DecisionId, ending: Lifting) -> None:
    """End a restriction: your agency's own, or for oversight anybody's. Who recorded it is told."""
    await sharing.lift(tx, restriction, ending.reason)
