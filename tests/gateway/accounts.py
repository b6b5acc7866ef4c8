"""One child whom two schools know by the same UPN, each with its own account, and who sees which of them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from deploy.demo.partner import Partner
from deploy.demo.partnership import HILLTOP, OAKFIELD
from tests.people import Room, a_family

WORD = {"reason": "The family told us the same."}
NAMES = {OAKFIELD.id: "Sky", HILLTOP.id: "Skylar"}


@dataclass(frozen=True)
class Child:
    """The child's id, as every agency has it."""

    id: UUID

    async def seen_by(self, partner: Partner, **more: Any) -> set[str]:
        """The names under which somebody sees the child, each by who wrote it."""
        answer = await partner.get(f"/referral/people/{self.id}", **more)
        if answer.status_code == 404:
            return set()
        identities = answer.json()["identities"]
        assert all(one["given_name"] == NAMES[one["according_to"]] for one in identities)
        return {one["according_to"] for one in identities}


async def known_twice(room: Room) -> Child:
    """Oakfield's pupil, registered by Hilltop too: all that takes is the UPN."""
    family = await a_family(room)
    pupil = {
        "upn": family.upn,
        "given_name": NAMES[HILLTOP.id],
        "family_name": "Synthetic",
        "date_of_birth": "2016-05-04",
    }
    assert (await room[HILLTOP].made("/referral/people", pupil))["person"] == str(family.child)
    return Child(family.child)


async def told(partner: Partner, about: str) -> list[str]:
    """What stands in an agency's inbox about a decision, oldest first."""
    notices = (await partner.get("/notices", params={"limit": 100})).json()["notices"]
    return [one["kind"] for one in reversed(notices) if one["about"] == about]
