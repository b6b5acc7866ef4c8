"""Two parents who say different things: how the tests bring it about, and what is told of it."""

from typing import Any

from deploy.demo.partnership import EARLY_HELP, HOUSING, OAKFIELD
from tests.gateway.deciding import FATHER, decided, known_to_early_help
from tests.people import Family, Partner, Room, share

COLLEAGUE = {"practitioner": "p-2"}
SHARE = {"outcome": "share", "reason": "We heard both."}


async def worked_with_by_both(room: Room) -> Family:
    """A school's family that the early help team works with, and each knows of the other."""
    family = await known_to_early_help(room)
    await share(room[EARLY_HELP], OAKFIELD, [family.household], ["existence"])
    return family


async def refuses(by: Partner, family: Family, agency: str = HOUSING.id, **more: Any) -> str:
    """The father's refusal."""
    return await decided(by, family, agency, event="refused", giver=FATHER, **more)


async def disagreements(by: Partner, family: Family) -> list[dict[str, Any]]:
    """What waits for a person."""
    asked = {"subject": str(family.household), "open": "true"}
    answer = await by.get("/sharing/conflicts", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()["conflicts"]


async def told(by: Partner, conflict: str) -> set[tuple[str, str | None]]:
    """What an agency's people are told of a disagreement."""
    inbox = (await by.get("/notices", params={"limit": 100})).json()["notices"]
    return {(one["kind"], one["practitioner"]) for one in inbox if one["about"] == conflict}
