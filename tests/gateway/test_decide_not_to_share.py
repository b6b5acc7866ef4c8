"""A decision not to share is not written down beside one's own that shares the same."""

from typing import Any

import pytest

from deploy.demo.partner import Partner
from deploy.demo.partnership import EARLY_HELP, HOUSING, OAKFIELD, POLICE
from tests.gateway.deciding import body, decided, known_to_early_help, sees, step
from tests.people import Family, Room, a_family

PATH = "/sharing/decisions"
WEIGHED = {
    "basis": "safeguarding",
    "giver": None,
    "detriment_test": "Nothing good comes of it.",
    "share": False,
}


def not_to(family: Family, agency: str, **more: Any) -> dict[str, Any]:
    """What is recorded where a person decides that an agency is not to see the household."""
    return body(family, agency, **WEIGHED, **more)


async def still_shared(by: Partner, said: dict[str, Any]) -> str:
    """The detail of the refusal."""
    answer = await by.post(PATH, said)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/still-shared"), answer.text
    return answer.json()["detail"]


@pytest.mark.parametrize("recipient", [HOUSING.id, f"type:{HOUSING.type}"])
async def test_it_says_which_decisions_still_share_it(room: Room, recipient: str) -> None:
    school, family = room[OAKFIELD], await a_family(room)
    shares = [await decided(school, family, agency) for agency in (HOUSING.id, f"type:{HOUSING.type}")]
    detail = await still_shared(school, not_to(family, recipient))
    assert all(one in detail for one in shares)


async def test_it_is_recorded_once_they_are_withdrawn(room: Room) -> None:
    school, family = room[OAKFIELD], await a_family(room)
    shares = await decided(school, family, HOUSING.id)
    await still_shared(school, not_to(family, HOUSING.id))
    await school.made(step(shares, "withdraw"), {"reason": "It does harm."})
    await school.made(PATH, not_to(family, HOUSING.id))
    assert not await sees(room[HOUSING], family)


async def test_or_takes_the_place_of_the_one_that_shares(room: Room) -> None:
    school, family = room[OAKFIELD], await a_family(room)
    shares = await decided(school, family, HOUSING.id, **{**WEIGHED, "share": True})
    said = {"reason": "It does harm.", "decision": not_to(family, HOUSING.id)}
    await school.made(step(shares, "supersede"), said)
    assert not await sees(room[HOUSING], family)


@pytest.mark.parametrize(
    "other", [{"agency": POLICE.id}, {"categories": ["existence"]}, {"purpose": "safeguarding"}]
)
async def test_what_is_shared_otherwise_does_not_stand_in_its_way(room: Room, other: dict[str, Any]) -> None:
    school, family = room[OAKFIELD], await a_family(room)
    await decided(school, family, HOUSING.id)
    assert await school.made(PATH, {**not_to(family, HOUSING.id), **other})


async def test_nobody_elses_decision_is_counted_or_named(room: Room) -> None:
    family = await known_to_early_help(room)
    await decided(room[OAKFIELD], family, HOUSING.id)
    assert await room[EARLY_HELP].made(PATH, not_to(family, HOUSING.id))
    assert await sees(room[HOUSING], family)
