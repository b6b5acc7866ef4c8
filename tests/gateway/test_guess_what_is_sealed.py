"""Who writes down many addresses and reads back which are sealed is noticed."""

import pytest

from deploy.demo.partnership import DPO, EARLY_HELP, HILLTOP, OAKFIELD
from tests.people import Family, Room, a_family, fresh_upn, share

ALARM = "alarm.sealed_text"
STREETS = ("Quillfeather", "Zebedee", "Thistledown", "Marrowbone")


async def sealed_family(room: Room, number: int, street: str) -> Family:
    """A family whose address early help sealed."""
    family = await a_family(room)
    subjects = [family.household, family.child, family.parent]
    await share(room[OAKFIELD], EARLY_HELP, subjects, ["existence"])
    seal = {
        "subjects": [str(one) for one in subjects],
        "named": [EARLY_HELP.id],
        "text": [f"{number} {street} Terrace"],
        "reason": "The family fled.",
    }
    await room[EARLY_HELP].made("/sharing/seals", seal)
    return family


async def alarms(room: Room) -> int:
    """How many times oversight was told."""
    inbox = (await room[DPO].get("/notices", params={"limit": 100})).json()["notices"]
    return sum(one["kind"] == ALARM for one in inbox)


@pytest.mark.parametrize(("families", "told"), [(1, 0), (4, 1)])
async def test_oversight_is_told_of_many_and_not_of_one(room: Room, families: int, told: int) -> None:
    streets = STREETS[:families]
    for number, street in enumerate(streets, 70 + 10 * families):
        await sealed_family(room, number, street)
    tried = ", ".join(
        f"{number} {street} Terrace" for number, street in enumerate(streets, 70 + 10 * families)
    )
    concern = {
        "upn": fresh_upn(),
        "kind": "other",
        "narrative": f"Tried: {tried}.",
        "occurred_at": "2026-11-19T08:40:00Z",
    }
    made = await room[HILLTOP].made("/referral/concerns", concern)
    before = await alarms(room)
    for _ in range(2):
        read = (await room[HILLTOP].get(f"/referral/concerns/{made['concern']}")).json()
        assert read["concern"]["narrative"] == f"Tried: {', '.join(['[sealed]'] * families)}."
    assert await alarms(room) == before + told
