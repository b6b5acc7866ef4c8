"""Setting goals on a plan, for the family or one of its people."""

from uuid import uuid4

from deploy.demo.partnership import EARLY_HELP, MASH
from services.assessment.schemas.plans import OneGoal
from tests.people import Room, share
from tests.services.assessment.cases import goal_of, let_see, planned_family


async def test_it_is_set_for_a_child_an_adult_or_the_family(room: Room) -> None:
    case = await planned_family(room)
    for subject in (case.family.household, case.family.child, case.family.parent):
        answer = await room[EARLY_HELP].post(f"{case.path}/goals", goal_of(subject))
        assert answer.status_code == 201
        assert OneGoal.model_validate_json(answer.content).goal.subject == subject
    whole = (await room[EARLY_HELP].get(case.path)).json()
    assert len(whole["goals"]) == 3


async def test_it_is_for_nobody_else(room: Room) -> None:
    case = await planned_family(room)
    answer = await room[EARLY_HELP].post(f"{case.path}/goals", goal_of(uuid4()))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/not-of-this-family")
    unknown = await room[EARLY_HELP].post(f"{case.path}/goals", goal_of(case.family.child, area="astrology"))
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/area")


async def test_a_childs_goal_is_shown_to_those_who_may_see_the_childs_plan(room: Room) -> None:
    case = await planned_family(room)
    for subject in (case.family.household, case.family.child):
        await room[EARLY_HELP].made(f"{case.path}/goals", goal_of(subject))
    await share(room[EARLY_HELP], MASH, [case.family.household], ["plan_and_actions"])
    shown = (await room[MASH].get(case.path)).json()
    assert [goal["subject"] for goal in shown["goals"]] == [str(case.family.household)]


async def test_another_agency_adds_its_own_once_it_sees_the_plan(room: Room) -> None:
    case = await planned_family(room)
    body = goal_of(case.family.child)
    assert (await room[MASH].post(f"{case.path}/goals", body)).status_code == 404
    await let_see(room, case.family, MASH, "plan_and_actions")
    made = await room[MASH].made(f"{case.path}/goals", body)
    assert made["goal"]["by"] == MASH.id
