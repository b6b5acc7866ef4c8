"""Bringing people together as a household: the subject of a case."""

from uuid import UUID, uuid4

from hub.database import Tx
from hub.sharing import Category
from hub.trace import record
from services.referral.models import Household
from services.referral.schemas.households import HouseholdHeard, MemberHeard
from services.referral.store import households


async def open_household(tx: Tx, heard: HouseholdHeard) -> UUID:
    """Open a household of people the caller can see; returns its id. NotFound for anybody else."""
    for member in heard.members:
        await households.require_visible(tx, member.person)
    identity = uuid4()
    household = Household(id=identity, subject=identity, name=heard.name)
    tx.session.add(household)
    await tx.session.flush()
    for member in heard.members:
        await _add(tx, household.id, member)
    await record(tx, "household.opened", household.id, Category.HOUSEHOLD)
    return household.id


async def add_member(tx: Tx, household: UUID, member: MemberHeard) -> None:
    """Add somebody to a household; twice is as good as once, and the latest role counts.

    Both must be visible to the caller (NotFound).
    """
    await households.require_open(tx, household)
    await households.require_visible(tx, member.person)
    await _add(tx, household, member)
    await record(tx, "household.member_added", household, Category.HOUSEHOLD, member.person)


async def _add(tx: Tx, household: UUID, member: MemberHeard) -> None:
    await households.keep_member(tx, household, member.person, member.role)
