"""Seals over HTTP: somebody's whereabouts, for the named alone, in records and in free text."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel

from gateway.sharing.hidden import SEALS, Asked, HiddenShown, listed
from gateway.sharing.restrictions import Lifting
from hub import sharing
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.page import Paged
from hub.sharing import DecisionId, Seal

router = APIRouter(route_class=HubRoute, tags=["sharing"])

Read = Annotated[Tx, allow(Scope.SHARING_READ)]
Write = Annotated[Tx, allow(Scope.SHARING_WRITE)]
Hide = Annotated[Tx, allow(Scope.SHARING_WRITE, shows_less=True)]


class SealShown(HiddenShown):
    """A seal, without its text."""

    seal: DecisionId


class SealsPage(Paged):
    """A page of seals, newest first."""

    seals: list[SealShown]


class SealRecorded(BaseModel):
    """The id that a lifting names."""

    seal: DecisionId


@router.post("/sharing/seals", status_code=201)
async def seal_whereabouts(tx: Hide, seal: Seal) -> SealRecorded:
    """Seal an address, a school, a refuge for everyone not named: its records, and its text anywhere."""
    return SealRecorded(seal=await sharing.seal(tx, seal))


@router.get("/sharing/seals", response_model=SealsPage)
async def list_seals(tx: Read, asked: Asked) -> Response:
    """The seals that your agency recorded, newest first, without their text; for oversight, everybody's."""
    return await listed(tx, SEALS, asked)


@router.post("/sharing/seals/{seal}/lift", status_code=204)
async def lift_seal(tx: Write, seal: DecisionId, ending: Lifting) -> None:
    """End a seal: your agency's own, or for oversight anybody's. Its text is kept no longer."""
    await sharing.lift(tx, seal, ending.reason)
