"""Families to look at, and the page that says who did."""

from typing import Any
from uuid import UUID

from deploy.demo.partnership import EARLY_HELP, OAKFIELD
from tests.people import Family, Partner, Room, a_family, share


async def looks_at(partner: Partner, subject: UUID, **more: Any) -> dict[str, Any]:
    """A page of who looked."""
    answer = await partner.get("/disclosures", params={"subject": str(subject), **more})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def known_family(room: Room) -> Family:
    """A school's family that the early help team works with."""
    family = await a_family(room)
    everybody = [family.household, family.child, family.parent]
    await share(room[OAKFIELD], EARLY_HELP, everybody, ["existence", "family_household"])
    return family


def case_of(family: Family) -> str:
    """Where the case is."""
    return f"/referral/households/{family.household}/case"
