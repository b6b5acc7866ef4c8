"""A concern is read by whom it is shared with; who told the school is the school's alone to know."""

from uuid import UUID

import pytest

from deploy.demo.partner import Partner
from deploy.demo.partnership import DPO, MASH, OAKFIELD
from tests.people import Family, Room, a_family, share

PATH = "/referral/concerns"
QUERY = '{{ case(id: "{}") {{ concerns {{ narrative reporterRole }} }} }}'
TOLD_BY = "A neighbour across the landing"


@pytest.fixture
async def family(room: Room) -> Family:
    """A family with a concern, which the MASH may read."""
    family = await a_family(room)
    raised = {"upn": family.upn, "kind": "neglect", "narrative": "He came without a coat."}
    raised |= {"reporter_role": TOLD_BY, "occurred_at": "2026-11-20T08:40:00Z"}
    await room[OAKFIELD].made(PATH, raised)
    await share(
        room[OAKFIELD], MASH, [family.household, family.child], ["family_household", "safeguarding_concern"]
    )
    return family


async def told_by(partner: Partner, household: UUID, **headers: str) -> str | None:
    """Who told the school, as the case names them to somebody."""
    answer = await partner.get(f"/referral/households/{household}/case", headers=headers)
    [concern] = answer.json()["concerns"]
    assert concern["narrative"] == "He came without a coat."
    return concern["reporter_role"]


async def test_who_told_the_school_is_shown_to_it_and_to_oversight(room: Room, family: Family) -> None:
    assert await told_by(room[OAKFIELD], family.household) == TOLD_BY
    assert await told_by(room[DPO], family.household) == TOLD_BY


async def test_nobody_else_reads_it_nor_a_room_that_somebody_else_is_in(room: Room, family: Family) -> None:
    assert await told_by(room[MASH], family.household) is None
    assert await told_by(room[OAKFIELD], family.household, audience=MASH.id) is None
    answer = await room[MASH].post("/graphql", {"query": QUERY.format(family.household)})
    [concern] = answer.json()["data"]["case"]["concerns"]
    assert concern == {"narrative": "He came without a coat.", "reporterRole": None}
