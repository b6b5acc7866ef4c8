"""Restrictions over HTTP: put in force, and lifted."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from hub import sharing
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.heard import Heard
from hub.sharing import DecisionId, Restriction

router = APIRouter(route_class=HubRoute, tags=["sharing"])

Write = Annotated[Tx, allow(Scope.SHARING_WRITE)]


class Lifting(Heard):
    """Why a restriction is lifted."""

    reason: str = Field(min_length=3, max_length=2000, description="in words a family could read")


class Restricted(BaseModel):
    """The id that a lifting names."""

    restriction: DecisionId


@router.post("/sharing/restrictions", status_code=201)
async def restrict(tx: Write, restriction: Restriction) -> Restricted:
    """Hide something from an agency, one person of it, or everybody not named, whatever was decided."""
    return Restricted(restriction=await sharing.restrict(tx, restriction))


@router.post("/sharing/restrictions/{restriction}/lift", status_code=204)
async def lift(tx: Write, restriction: DecisionId, ending: Lifting) -> None:
    """End a restriction."""
    await sharing.lift(tx, restriction, ending.reason)
