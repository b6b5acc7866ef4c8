"""By when a request for erasure is answered: its clock waits only for who asks (Art 12A)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response

from gateway.rights.erasure import shown
from gateway.rights.erasure.answers import OneErasure
from gateway.rights.erasure.requests import known
from gateway.rights.requests import RequestMovedOn, require_practitioner
from gateway.rights.time_limits import ClockStarting, Extension, IdentityCheck, Step, note
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.heard import Heard, PastDate, Words
from hub.problem import NotFound

router = APIRouter(route_class=HubRoute, prefix="/rights/erasure-requests/{erasure_request}", tags=["rights"])

Handle = Annotated[Tx, allow(Scope.RIGHTS_WRITE, Scope.RECORDS_OVERSEE)]


class ErasureClockStopping(Heard):
    """Whoever asked was asked who they are."""

    waits_for: Literal["identity"] = "identity"
    on: PastDate
    reason: Words

    def step(self) -> Step:
        """The clock stops."""
        return Step("clock_stopped", self.on, self.reason, waits_for=self.waits_for)


@router.post("/clock/stop", response_model=OneErasure)
async def stop_clock_of_erasure_request(
    tx: Handle, erasure_request: UUID, why: ErasureClockStopping
) -> Response:
    """Stop the clock while whoever asked has to say who they are."""
    return await _noted(tx, erasure_request, why.step())


@router.post("/clock/start", response_model=OneErasure)
async def start_clock_of_erasure_request(tx: Handle, erasure_request: UUID, why: ClockStarting) -> Response:
    """Start it again, for a whole month from the day on which it was clear who asks."""
    return await _noted(tx, erasure_request, why.step())


@router.post("/extend", response_model=OneErasure)
async def extend_erasure_request(tx: Handle, erasure_request: UUID, why: Extension) -> Response:
    """Extend it, once, by one or two months; whoever asked has been told."""
    return await _noted(tx, erasure_request, why.step())


@router.post("/identity", response_model=OneErasure)
async def check_identity_for_erasure_request(
    tx: Handle, erasure_request: UUID, why: IdentityCheck
) -> Response:
    """Record how it was checked who asks. This alone starts no clock."""
    return await _noted(tx, erasure_request, why.step())


async def _noted(tx: Tx, erasure_request: UUID, step: Step) -> Response:
    require_practitioner(tx)
    asked = await known(tx, erasure_request)
    if asked["why"] != "asked":
        raise NotFound
    if asked["status"] not in ("open", "needs_decision"):
        raise RequestMovedOn(f"It is {asked['status']}.")
    await note(tx, erasure_request, step)
    return Response(await tx.show(shown.ONE, request=erasure_request), media_type="application/json")
