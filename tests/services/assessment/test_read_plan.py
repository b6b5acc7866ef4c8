"""Reading a plan with what hangs on it."""

from deploy.demo.partnership import CHARITY, EARLY_HELP
from services.assessment.schemas.plans import WholePlan
from tests.people import Room
from tests.services.assessment.cases import (
    Planned,
    action_of,
    goal_of,
    let_see,
    offer_of,
    planned_family,
    take_back,
)


async def filled(room: Room) -> Planned:
    """A plan with a goal, an action and an offer."""
    case, asker = await planned_family(room), room[EARLY_HELP]
    goal = await asker.made(f"{case.path}/goals", goal_of(case.family.household))
    await asker.made(f"{case.path}/actions", action_of(goal["goal"]["goal"]))
    await asker.made(f"{case.path}/offers", offer_of(case.family.child))
    return case


async def test_it_shows_goals_actions_and_offers(room: Room) -> None:
    case = await filled(room)
    answer = await room[EARLY_HELP].get(case.path)
    whole = WholePlan.model_validate_json(answer.content)
    assert (len(whole.goals), len(whole.actions), len(whole.offers)) == (1, 1, 1)
    assert whole.actions[0].goal == whole.goals[0].goal


async def test_it_is_shown_after_a_decision_and_gone_after_its_withdrawal(room: Room) -> None:
    case = await filled(room)
    assert (await room[CHARITY].get(case.path)).status_code == 404
    decision = await let_see(room, case.family, CHARITY, "plan_and_actions")
    assert (await room[CHARITY].get(case.path)).content == (await room[EARLY_HELP].get(case.path)).content
    await take_back(room, decision)
    assert (await room[CHARITY].get(case.path)).status_code == 404
