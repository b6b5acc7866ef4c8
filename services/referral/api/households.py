"""Households over HTTP, and the referral service's part of the shared case view."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.page import Cursor, Limit, after
from services.referral.actions import households as actions
from services.referral.schemas.case import HouseholdCaseShown
from services.referral.schemas.households import (
    HouseholdHeard,
    HouseholdOpened,
    HouseholdsPage,
    MemberHeard,
)
from services.referral.store.households import CASE, PAGE

router = APIRouter(route_class=HubRoute, prefix="/households", tags=["households"])

Read = Annotated[Tx, allow(Scope.CASES_READ)]
Write = Annotated[Tx, allow(Scope.PEOPLE_WRITE)]


@router.post("", status_code=201)
async def open_household(tx: Write, heard: HouseholdHeard) -> HouseholdOpened:
    """Bring people together as one household."""
    return HouseholdOpened(household=await actions.open_household(tx, heard))


@router.post("/{household}/members", status_code=204)
async def add_member(tx: Write, household: UUID, member: MemberHeard) -> None:
    """Add somebody to a household."""
    await actions.add_member(tx, household, member)


@router.get("", response_model=HouseholdsPage)
async def list_households(tx: Read, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """The households on your agency's caseload, the most recently changed first."""
    moment, identity = after(cursor)
    page = await tx.show(PAGE, moment=moment, identity=identity, limit=limit)
    return Response(page, media_type="application/json")


@router.get("/{household}/case", response_model=HouseholdCaseShown)
async def read_case(tx: Read, household: UUID) -> Response:
    """The case of one household: members, concerns, referrals, as far as you may see them."""
    return Response(await tx.show(CASE, household=household), media_type="application/json")
