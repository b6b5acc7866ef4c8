"""Seals over HTTP: somebody's whereabouts, for the named alone, in records and in free text."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from gateway.sharing.restrictions import Lifting
from hub import sharing
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.sharing import DecisionId, Seal

router = APIRouter(route_class=HubRoute, tags=["sharing"])

Write = Annotated[Tx, allow(Scope.SHARING_WRITE)]


class Sealed(BaseModel):
    """The id that a lifting names."""

    seal: DecisionId


@router.post("/sharing/seals", status_code=201)
async def seal_whereabouts(tx: Write, seal: Seal) -> Sealed:
    """Seal an address, a school, a refuge for everyone not named: its records, and its text anywhere."""
    return Sealed(seal=await sharing.seal(tx, seal))


@router.post("/sharing/seals/{seal}/lift", status_code=204)
async def lift_seal(tx: Write, seal: DecisionId, ending: Lifting) -> None:
    """End a seal. Its text is kept no longer."""
    await sharing.lift(tx, seal, ending.reason)
