"""Assigning actions, and finishing or dropping them."""

import asyncio
from uuid import uuid4

from deploy.demo.partnership import EARLY_HELP, HOUSING, MASH
from services.assessment.schemas.plans import OneAction
from tests.people import Room
from tests.services.assessment.cases import (
    Planned,
    action_of,
    goal_of,
    let_see,
    planned_family,
    take_back,
)


async def with_a_goal(room: Room) -> tuple[Planned, str]:
    """A plan and its one goal."""
    case = await planned_family(room)
    made = await room[EARLY_HELP].made(f"{case.path}/goals", goal_of(case.family.child))
    return case, made["goal"]["goal"]


async def assigned(room: Room) -> tuple[Planned, str]:
    """A plan, and where its one action is."""
    case, goal = await with_a_goal(room)
    made = await room[EARLY_HELP].made(f"{case.path}/actions", action_of(goal))
    return case, f"{case.path}/actions/{made['action']['action']}"


async def test_it_is_open_and_about_whom_its_goal_is_about(room: Room) -> None:
    case, goal = await with_a_goal(room)
    answer = await room[EARLY_HELP].post(f"{case.path}/actions", action_of(goal))
    assert answer.status_code == 201
    shown = OneAction.model_validate_json(answer.content).action
    assert (shown.status, shown.subject, shown.owner) == ("open", case.family.child, HOUSING.id)


async def test_it_shares_nothing_with_the_agency_that_is_to_do_it(room: Room) -> None:
    case, goal = await with_a_goal(room)
    await room[EARLY_HELP].made(f"{case.path}/actions", action_of(goal))
    assert (await room[HOUSING].get(case.path)).status_code == 404


async def test_it_belongs_to_a_goal_of_the_same_plan(room: Room) -> None:
    case, _ = await with_a_goal(room)
    _, elsewhere = await with_a_goal(room)
    foreign = await room[EARLY_HELP].post(f"{case.path}/actions", action_of(elsewhere))
    made_up = await room[EARLY_HELP].post(f"{case.path}/actions", action_of(str(uuid4())))
    assert (foreign.status_code, foreign.content) == (404, made_up.content)


async def test_its_owner_is_an_agency_of_the_partnership(room: Room) -> None:
    case, goal = await with_a_goal(room)
    body = action_of(goal, owner="acme-removals")
    answer = await room[EARLY_HELP].post(f"{case.path}/actions", body)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/agency-unknown")


async def test_it_is_done_once_even_when_two_say_so_together(room: Room) -> None:
    _, action = await assigned(room)
    answers = await asyncio.gather(
        *(room[EARLY_HELP].post(f"{action}/{end}", {}) for end in ("done", "drop", "done", "drop"))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


async def test_it_is_done_or_dropped_with_a_word_why(room: Room) -> None:
    for end, status in (("done", "done"), ("drop", "dropped")):
        _, action = await assigned(room)
        made = await room[EARLY_HELP].made(f"{action}/{end}", {"note": "A visit was made."})
        assert made["action"]["status"] == status
        again = await room[EARLY_HELP].post(f"{action}/done", {})
        assert again.json()["type"] == "/problems/action-move-not-allowed"


async def test_another_agency_finishes_it_and_its_author_learns_of_it(room: Room) -> None:
    case, action = await assigned(room)
    assert (await room[MASH].post(f"{action}/done", {})).status_code == 404
    decision = await let_see(room, case.family, MASH, "plan_and_actions")
    await room[MASH].made(f"{action}/done", {})
    await take_back(room, decision)
    whole = (await room[EARLY_HELP].get(case.path)).json()
    assert [task["status"] for task in whole["actions"]] == ["done"]


async def test_an_action_of_another_plan_is_not_there(room: Room) -> None:
    case, _ = await assigned(room)
    _, elsewhere = await assigned(room)
    wrong = f"{case.path}/actions/{elsewhere.rpartition('/')[2]}/done"
    assert (await room[EARLY_HELP].post(wrong, {})).status_code == 404
