"""Agreeing a plan with the family."""

import asyncio

from deploy.demo.partnership import EARLY_HELP, MASH
from tests.people import Room
from tests.services.assessment.cases import engagement_of, known_family, let_see, plan_of, planned_family


async def test_it_keeps_that_the_family_agreed(room: Room) -> None:
    case = await planned_family(room)
    note = {"note": "Robin asked for evening visits; agreed."}
    made = await room[EARLY_HELP].made(f"{case.path}/agree", note)
    assert made["plan"]["status"] == "agreed_with_family"
    whole = (await room[EARLY_HELP].get(case.path)).json()
    assert [move["status"] for move in whole["moves"]] == ["draft", "agreed_with_family"]
    assert whole["moves"][-1]["note"] == note["note"]


async def test_of_two_simultaneous_agreements_one_wins(room: Room) -> None:
    case = await planned_family(room)
    await let_see(room, case.family, MASH, "plan_and_actions")
    askers = (room[EARLY_HELP], room[MASH]) * 2
    answers = await asyncio.gather(*(asker.post(f"{case.path}/agree", {}) for asker in askers))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.json()["type"] == "/problems/plan-move-not-allowed"


async def test_a_family_that_takes_part_no_longer_agrees_to_no_plan(room: Room) -> None:
    family = await known_family(room)
    asker = room[EARLY_HELP]
    said = await asker.made("/assessment/engagements", engagement_of(family))
    plan = await asker.made("/assessment/plans", plan_of(family))
    end = {"ended_on": "2026-05-01", "reason": "Enough."}
    await asker.made(f"/assessment/engagements/{said['engagement']['engagement']}/end", end)
    answer = await asker.post(f"/assessment/plans/{plan['plan']['plan']}/agree", {})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/family-has-not-agreed")
