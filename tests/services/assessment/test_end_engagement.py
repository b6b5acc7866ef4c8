"""Recording that a family takes part no longer."""

import asyncio

from deploy.demo.partnership import EARLY_HELP, MASH
from services.assessment.schemas.engagements import OneEngagement
from tests.people import Family, Room
from tests.services.assessment.cases import (
    assessment_of,
    engagement_of,
    known_family,
    let_see,
    plan_of,
)

END = {"ended_on": "2026-05-01", "reason": "The family would rather manage on its own."}


async def agreed(room: Room) -> tuple[Family, str]:
    """A family and its engagement."""
    family = await known_family(room)
    made = await room[EARLY_HELP].made("/assessment/engagements", engagement_of(family))
    return family, f"/assessment/engagements/{made['engagement']['engagement']}/end"


async def test_it_keeps_when_and_why(room: Room) -> None:
    _, path = await agreed(room)
    answer = await room[EARLY_HELP].post(path, END)
    assert answer.status_code == 200
    shown = OneEngagement.model_validate_json(answer.content).engagement
    assert (str(shown.ended_on), shown.end_reason) == (END["ended_on"], END["reason"])


async def test_nothing_starts_after_it_until_the_family_agrees_again(room: Room) -> None:
    family, path = await agreed(room)
    await room[EARLY_HELP].made(path, END)
    assessment = await room[EARLY_HELP].post("/assessment/assessments", assessment_of(family))
    plan = await room[EARLY_HELP].post("/assessment/plans", plan_of(family))
    assert assessment.json()["type"] == plan.json()["type"] == "/problems/family-has-not-agreed"
    await room[EARLY_HELP].made("/assessment/engagements", engagement_of(family))
    await room[EARLY_HELP].made("/assessment/assessments", assessment_of(family))


async def test_an_older_yes_does_not_outlive_a_no(room: Room) -> None:
    family, path = await agreed(room)
    await room[EARLY_HELP].made("/assessment/engagements", engagement_of(family))
    await room[EARLY_HELP].made(path, END)
    answer = await room[EARLY_HELP].post("/assessment/assessments", assessment_of(family))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/family-has-not-agreed")


async def test_an_engagement_ends_once_even_when_two_say_so_together(room: Room) -> None:
    _, path = await agreed(room)
    answers = await asyncio.gather(*(room[EARLY_HELP].post(path, END) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert refused.json()["type"] == "/problems/engagement-already-ended"


async def test_it_does_not_end_before_it_began(room: Room) -> None:
    _, path = await agreed(room)
    answer = await room[EARLY_HELP].post(path, {**END, "ended_on": "2026-03-01"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/ended_on")


async def test_whoever_recorded_the_agreement_learns_that_another_agency_ended_it(room: Room) -> None:
    family, path = await agreed(room)
    await let_see(room, family, MASH, "plan_and_actions")
    await room[MASH].made(path, END)
    case = await room[EARLY_HELP].get(f"/assessment/households/{family.household}/case")
    assert case.json()["engagements"][0]["ended_on"] == END["ended_on"]
    answer = await room[EARLY_HELP].post("/assessment/assessments", assessment_of(family))
    assert answer.status_code == 409
