"""The data protection officer reads every decision, is told why truly, and changes none."""

import pytest

from deploy.demo.partnership import DPO, EARLY_HELP, HOUSING, NURSING, OAKFIELD
from tests.gateway.deciding import history, known_to_early_help, step
from tests.people import Family, Partner, Room, a_family, share

WHY = {"reason": "They moved away. Synthetic."}


async def explained(partner: Partner, family: Family) -> dict[str, str]:
    """Why housing may, or may not, know that somebody works with the family."""
    asked = {"agency": HOUSING.id, "subject": str(family.household), "category": "existence"}
    [reason] = (await partner.get("/sharing/explain", params=asked)).json()["reasons"]
    return reason


async def listed(partner: Partner, family: Family) -> list[str]:
    """The decisions about the child that somebody reads."""
    page = (await partner.get("/sharing/decisions", params={"subject": str(family.child)})).json()
    return [one["decision"] for one in page["decisions"]]


async def test_it_lists_and_reads_what_is_between_others(room: Room) -> None:
    family = await a_family(room)
    decision = await share(room[OAKFIELD], HOUSING, [family.child], ["existence"])
    assert await listed(room[DPO], family) == [decision]
    assert await listed(room[NURSING], family) == []
    read = await history(room[DPO], decision)
    assert (read["decision"]["agency"], read["history"][0]["recorded_by"]) == (HOUSING.id, OAKFIELD.id)


async def test_it_is_told_why_as_the_recorder_is(room: Room) -> None:
    family = await known_to_early_help(room)
    decision = await share(room[EARLY_HELP], HOUSING, [family.household], ["existence"])
    assert await explained(room[DPO], family) == await explained(room[EARLY_HELP], family)
    await room[EARLY_HELP].made(step(decision, "withdraw"), WHY)
    withdrawn = await explained(room[DPO], family)
    assert withdrawn == await explained(room[EARLY_HELP], family)
    assert (withdrawn["why"], withdrawn["decision"]) == ("withdrawn", decision)


@pytest.mark.parametrize("verb", ["withdraw", "review", "countersign"])
async def test_it_changes_none_of_them(room: Room, verb: str) -> None:
    family = await a_family(room)
    decision = await share(room[OAKFIELD], EARLY_HELP, [family.child], ["existence"])
    answer = await room[DPO].post(step(decision, verb), WHY)
    assert answer.status_code in (403, 404, 409), answer.text
    assert await listed(room[DPO], family) == [decision]
    assert (await history(room[OAKFIELD], decision))["decision"]["standing"] == "given"
