"""The assessment part of the shared case view."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg

from deploy.demo.partnership import EARLY_HELP, HOUSING, MASH, NURSING, POLICE
from services.assessment.schemas.case import Case
from tests.people import Family, Room
from tests.services.assessment.cases import (
    action_of,
    assessed_family,
    goal_of,
    let_see,
    meeting_of,
    offer_of,
    plan_of,
    rows_of,
    section_of,
    take_back,
)

PARTS = {
    *("engagements", "assessments", "sections", "plans", "goals"),
    *("actions", "offers", "meetings", "minutes"),
}


async def whole_family(room: Room) -> Family:
    """A family with something in every part of its case."""
    case, asker = await assessed_family(room), room[EARLY_HELP]
    family = case.family
    for dimension in ("housing", "health"):
        await asker.made(f"{case.path}/sections", section_of(family.household, dimension=dimension))
    police = section_of(family.household, dimension=None, category="police_justice")
    await asker.made(f"{case.path}/sections", police)
    made = await asker.made("/assessment/plans", plan_of(family, assessment=case.assessment))
    plan = f"/assessment/plans/{made['plan']['plan']}"
    goal = await asker.made(f"{plan}/goals", goal_of(family.household))
    await asker.made(f"{plan}/actions", action_of(goal["goal"]["goal"]))
    await asker.made(f"{plan}/offers", offer_of(family.child))
    meeting = await asker.made("/assessment/meetings", meeting_of(family))
    minutes = f"/assessment/meetings/{meeting['meeting']['meeting']}/minutes"
    await asker.made(minutes, {"text": "A plan was drafted."})
    return family


def path_of(family: Family) -> str:
    """Where the case is."""
    return f"/assessment/households/{family.household}/case"


async def test_its_author_sees_every_part(room: Room) -> None:
    family = await whole_family(room)
    answer = await room[EARLY_HELP].get(path_of(family))
    case = Case.model_validate_json(answer.content)
    assert {name: len(answer.json()[name]) for name in PARTS} == {
        **dict.fromkeys(PARTS, 1),
        "sections": 3,
    }
    assert (case.assessments[0].status, case.plans[0].status) == ("in_progress", "draft")
    assert case.actions[0].status == "open"


async def test_each_agency_sees_its_own_part(room: Room) -> None:
    family = await whole_family(room)
    shared = {NURSING: "health_physical", HOUSING: "housing_tenancy", POLICE: "police_justice"}
    for agency, category in shared.items():
        await let_see(room, family, agency, category)
    for agency, category in shared.items():
        case = (await room[agency].get(path_of(family))).json()
        assert [section["category"] for section in case["sections"]] == [category]
        assert not any(case[name] for name in PARTS - {"sections"})


async def test_who_may_see_nothing_gets_empty_lists_like_for_a_made_up_id(room: Room) -> None:
    family = await whole_family(room)
    nobody = Family(uuid4(), uuid4(), uuid4(), "")
    theirs, made_up = await room[MASH].get(path_of(family)), await room[MASH].get(path_of(nobody))
    assert theirs.status_code == made_up.status_code == 200
    assert theirs.content == made_up.content
    assert theirs.json() == {name: [] for name in PARTS}


async def test_housings_withdrawal_leaves_the_police_what_they_had(room: Room) -> None:
    family = await whole_family(room)
    duty: dict[str, Any] = {
        "basis": "statutory_duty",
        "given_by": None,
        "detriment_test": "Silence would harm more.",
    }
    housing = await let_see(room, family, HOUSING, "housing_tenancy")
    await let_see(room, family, POLICE, "police_justice", **duty)
    await take_back(room, housing)
    assert (await room[HOUSING].get(path_of(family))).json()["sections"] == []
    assert len((await room[POLICE].get(path_of(family))).json()["sections"]) == 1


async def test_what_was_shown_to_whom_is_written_in_the_same_statement(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family = await whole_family(room)
    await let_see(room, family, HOUSING, "housing_tenancy")
    answer = await room[HOUSING].get(path_of(family))
    [row] = await rows_of(
        administrator,
        "select agency, subject, categories, row_count from hub.disclosure where request = $1",
        UUID(answer.headers["x-request-id"]),
    )
    assert tuple(row.values()) == (HOUSING.id, family.household, ["housing_tenancy"], 1)
