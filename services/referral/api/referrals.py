"""Referrals over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.page import Cursor, Limit, after
from services.referral.actions import referrals as actions
from services.referral.rules.moves import Status
from services.referral.schemas.referrals import (
    EndHeard,
    LevelHeard,
    ReferralHeard,
    ReferralsPage,
    TriageHeard,
    WholeReferral,
)
from services.referral.store.referrals import ONE, PAGE

router = APIRouter(route_class=HubRoute, prefix="/referrals", tags=["referrals"])

Read = Annotated[Tx, allow(Scope.REFERRALS_READ)]
Write = Annotated[Tx, allow(Scope.REFERRALS_WRITE)]
Decide = Annotated[Tx, allow(Scope.REFERRALS_TRIAGE)]


async def _shown(tx: Tx, referral: UUID, status: int = 200) -> Response:
    return Response(await tx.show(ONE, referral=referral), status, media_type="application/json")


@router.post("", status_code=201, response_model=WholeReferral)
async def submit_referral(tx: Write, heard: ReferralHeard) -> Response:
    """Ask another agency for help for a household."""
    return await _shown(tx, await actions.submit(tx, heard), 201)


@router.get("", response_model=ReferralsPage)
async def list_referrals(tx: Read, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """The referrals your agency made, received or was passed, newest first."""
    moment, identity = after(cursor)
    page = await tx.show(PAGE, moment=moment, identity=identity, limit=limit)
    return Response(page, media_type="application/json")


@router.get("/{referral}", response_model=WholeReferral)
async def read_referral(tx: Read, referral: UUID) -> Response:
    """A referral, its moves and, where you may see it, the reasoning of its triage."""
    return await _shown(tx, referral)


@router.post("/{referral}/acknowledge", response_model=WholeReferral)
async def acknowledge_referral(tx: Decide, referral: UUID) -> Response:
    """Tell the referrer that it arrived."""
    await actions.acknowledge(tx, referral)
    return await _shown(tx, referral)


@router.post("/{referral}/triage", response_model=WholeReferral)
async def triage_referral(tx: Decide, referral: UUID, heard: TriageHeard) -> Response:
    """Decide, and tell the referrer. The agency it is passed on to decides from then on."""
    await actions.triage(tx, referral, heard)
    return await _shown(tx, referral)


@router.post("/{referral}/step-up", response_model=WholeReferral)
async def step_up_referral(tx: Decide, referral: UUID, heard: LevelHeard) -> Response:
    """From early help to social care: by the agency it is with, or by the one that received it."""
    await actions.step(tx, referral, Status.SOCIAL_CARE, heard)
    return await _shown(tx, referral)


@router.post("/{referral}/step-down", response_model=WholeReferral)
async def step_down_referral(tx: Decide, referral: UUID, heard: LevelHeard) -> Response:
    """From social care to early help: by the agency it is with."""
    await actions.step(tx, referral, Status.EARLY_HELP, heard)
    return await _shown(tx, referral)


@router.post("/{referral}/close", response_model=WholeReferral)
async def close_referral(tx: Decide, referral: UUID, heard: EndHeard) -> Response:
    """The help this referral asked for has been given."""
    await actions.close(tx, referral, heard)
    return await _shown(tx, referral)


@router.post("/{referral}/withdraw", response_model=WholeReferral)
async def withdraw_referral(tx: Write, referral: UUID, heard: EndHeard) -> Response:
    """Take your own referral back before it is decided."""
    await actions.withdraw(tx, referral, heard)
    return await _shown(tx, referral)
