"""A family about whom somebody asks why it is seen, or is not."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.demo.partnership import EARLY_HELP, HOUSING, OAKFIELD
from tests.people import Family, Room, a_family, share

CATEGORY = "family_household"


@dataclass(frozen=True)
class Case:
    """A family that the early help team works with, and what it can do about who sees the household."""

    room: Room
    family: Family

    async def give(self, purpose: str = "early_help", **more: Any) -> str:
        """A decision that housing may see the household."""
        by = self.room[EARLY_HELP]
        return await share(by, HOUSING, [self.family.household], [CATEGORY], purpose=purpose, **more)

    async def withdraw(self, decision: str) -> None:
        """The family changed its mind."""
        path = f"/sharing/decisions/{decision}/withdraw"
        await self.room[EARLY_HELP].made(path, {"reason": "The family changed its mind."})

    async def restrict(self, by: Any = EARLY_HELP, **more: Any) -> str:
        """The household is hidden from housing."""
        body = {
            "hidden_from": HOUSING.id,
            "subjects": [str(self.family.household)],
            "categories": [CATEGORY],
            "reason": "A relative works in the housing office.",
            **more,
        }
        return (await self.room[by].made("/sharing/restrictions", body))["restriction"]

    def asked(self) -> dict[str, str]:
        """The question: why housing sees, or does not see, the household."""
        return {"agency": HOUSING.id, "subject": str(self.family.household), "category": CATEGORY}

    async def explained(self, by: Any = EARLY_HELP, **changed: str) -> dict[str, Any]:
        """Why housing sees, or does not see, the household."""
        asked = self.asked() | changed
        answer = await self.room[by].get("/sharing/explain", params=asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def seen(self, person: str = "p-1") -> bool:
        """Whether housing sees the household, as one of its people or without saying which."""
        headers = {"authorization": f"Bearer {await self.room[HOUSING].token('early_help')}"}
        headers |= {"practitioner": person} if person else {}
        path = f"/referral/households/{self.family.household}/case"
        answer = await self.room[HOUSING].http.get(path, headers=headers)
        assert answer.status_code in (200, 404)
        return answer.status_code == 200


async def known_case(room: Room) -> Case:
    """A school's family, known to the early help team for longer than it shows them to anybody."""
    family = await a_family(room)
    ends = (datetime.now(UTC) + timedelta(days=700)).isoformat()
    await share(room[OAKFIELD], EARLY_HELP, [family.household], ["existence", CATEGORY], ends=ends)
    return Case(room, family)
