"""Reading an assessment: each agency its own part of it."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from deploy.demo.partnership import EARLY_HELP, HOUSING, NURSING, OAKFIELD, POLICE, Agency
from hub.sharing import Category
from services.assessment.schemas.assessments import ELSEWHERE, WholeAssessment
from tests.people import Room, share
from tests.services.assessment.cases import (
    Assessed,
    assessed_family,
    let_see,
    rows_of,
    section_of,
    take_back,
)

IN_SECTIONS = sorted(set(Category) - ELSEWHERE)
THREE = ("health_physical", "housing_tenancy", "police_justice")


async def filled(room: Room, categories: Iterable[str] = THREE) -> Assessed:
    """An assessment with a section about the child in each of these categories."""
    case = await assessed_family(room)
    for category in categories:
        words = "I want a room of my own." if category == Category.WISHES else None
        body = section_of(case.family.child, dimension=None, category=category, words_of_the_child=words)
        await room[EARLY_HELP].made(f"{case.path}/sections", body)
    return case


async def seen(room: Room, agency: Agency, case: Assessed) -> list[str]:
    """The categories of the sections an agency is shown."""
    answer = await room[agency].get(case.path)
    assert answer.status_code == 200, answer.text
    return sorted(section["category"] for section in answer.json()["sections"])


async def test_its_author_sees_all_of_it(room: Room) -> None:
    case = await filled(room, IN_SECTIONS)
    answer = await room[EARLY_HELP].get(case.path)
    whole = WholeAssessment.model_validate_json(answer.content)
    assert sorted(section.category for section in whole.sections) == IN_SECTIONS


async def test_a_section_is_shown_per_category_and_gone_after_the_withdrawal(room: Room) -> None:
    case = await filled(room, IN_SECTIONS)
    await let_see(room, case.family, HOUSING, "plan_and_actions")
    assert await seen(room, HOUSING, case) == []
    for category in IN_SECTIONS:
        decision = await let_see(room, case.family, HOUSING, category)
        assert await seen(room, HOUSING, case) == [category]
        await take_back(room, decision)
        assert await seen(room, HOUSING, case) == []


async def test_health_housing_and_police_sections_go_only_where_they_are_shared(room: Room) -> None:
    case = await filled(room)
    shared = {NURSING: "health_physical", HOUSING: "housing_tenancy", POLICE: "police_justice"}
    for agency, category in shared.items():
        await let_see(room, case.family, agency, "plan_and_actions", category)
    for agency, category in shared.items():
        assert await seen(room, agency, case) == [category]


async def test_what_is_shared_about_the_household_is_not_shared_about_the_child(room: Room) -> None:
    case = await filled(room)
    both = ["plan_and_actions", "housing_tenancy"]
    await share(room[EARLY_HELP], HOUSING, [case.family.household], both)
    assert await seen(room, HOUSING, case) == []
    await share(room[EARLY_HELP], HOUSING, [case.family.child], ["housing_tenancy"])
    assert await seen(room, HOUSING, case) == ["housing_tenancy"]


async def test_sharing_holds_for_its_purpose_only(room: Room) -> None:
    case = await filled(room)
    await let_see(room, case.family, HOUSING, "plan_and_actions", "housing_tenancy")
    other = await room[HOUSING].get(case.path, purpose="attendance")
    assert other.status_code == 404


async def test_a_decision_not_to_share_and_one_not_yet_begun_show_nothing(room: Room) -> None:
    case = await filled(room)
    await let_see(room, case.family, HOUSING, "plan_and_actions")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    for more in ({"share": False}, {"starts": tomorrow}):
        await share(room[EARLY_HELP], HOUSING, [case.family.child], ["housing_tenancy"], **more)
    assert await seen(room, HOUSING, case) == []


async def test_an_agency_always_sees_what_it_wrote_itself(room: Room) -> None:
    case = await assessed_family(room)
    decision = await let_see(room, case.family, NURSING, "plan_and_actions")
    body = section_of(case.family.child, dimension="health")
    await room[NURSING].made(f"{case.path}/sections", body)
    assert await seen(room, EARLY_HELP, case) == []
    assert await seen(room, NURSING, case) == ["health_physical"]
    await take_back(room, decision)
    assert (await room[NURSING].get(case.path)).status_code == 404
    own = await room[NURSING].get(f"/assessment/households/{case.family.household}/case")
    assert [section["by"] for section in own.json()["sections"]] == [NURSING.id]
    assert own.json()["assessments"] == []


@pytest.mark.parametrize("categories", [["plan_and_actions"], ["plan_and_actions", "police_justice"]])
async def test_what_was_shown_is_written_down(
    room: Room, administrator: asyncpg.Connection, categories: list[str]
) -> None:
    case = await filled(room)
    await let_see(room, case.family, POLICE, *categories)
    answer = await room[POLICE].get(case.path)
    rows = await rows_of(
        administrator,
        "select subject, categories from hub.disclosure where request = $1 and outcome = 'shown'",
        UUID(answer.headers["x-request-id"]),
    )
    told = {(row["subject"], category) for row in rows for category in row["categories"]}
    about = {"plan_and_actions": case.family.household, "police_justice": case.family.child}
    assert told == {(about[category], category) for category in categories}


async def test_a_school_that_knows_the_child_does_not_know_the_assessment(room: Room) -> None:
    case = await filled(room)
    assert (await room[OAKFIELD].get(case.path)).status_code == 404
