"""Reviewing an assessment with the family, and completing it."""

import asyncio

import pytest

from deploy.demo.partnership import EARLY_HELP, NURSING
from tests.people import Room
from tests.services.assessment.cases import Assessed, assessed_family, let_see, section_of

NOTE = {"note": "Robin corrected the date of the move and agreed with the rest."}


async def contributed(room: Room) -> Assessed:
    """An assessment with something in it."""
    case = await assessed_family(room)
    await room[EARLY_HELP].made(f"{case.path}/sections", section_of(case.family.household))
    return case


async def test_it_keeps_what_the_family_said(room: Room) -> None:
    case = await contributed(room)
    made = await room[EARLY_HELP].made(f"{case.path}/review-with-family", NOTE)
    assert made["assessment"]["status"] == "family_reviewed"
    whole = (await room[EARLY_HELP].get(case.path)).json()
    assert whole["moves"][-1]["note"] == NOTE["note"]


async def test_there_must_be_something_to_review(room: Room) -> None:
    case = await assessed_family(room)
    answer = await room[EARLY_HELP].post(f"{case.path}/review-with-family", NOTE)
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/assessment-move-not-allowed"


@pytest.mark.parametrize("step", ["review-with-family", "complete"])
async def test_of_two_simultaneous_moves_one_wins(room: Room, step: str) -> None:
    case = await contributed(room)
    body = {}
    if step == "complete":
        await room[EARLY_HELP].made(f"{case.path}/review-with-family", {})
        body = {"decision": "plan"}
    await let_see(room, case.family, NURSING, "plan_and_actions")
    askers = (room[EARLY_HELP], room[NURSING]) * 2
    answers = await asyncio.gather(*(asker.post(f"{case.path}/{step}", body) for asker in askers))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


async def test_a_section_and_a_review_at_once_leave_no_section_unreviewed(room: Room) -> None:
    case = await contributed(room)
    section, review = await asyncio.gather(
        room[EARLY_HELP].post(f"{case.path}/sections", section_of(case.family.household)),
        room[EARLY_HELP].post(f"{case.path}/review-with-family", NOTE),
    )
    assert review.status_code == 200
    whole = (await room[EARLY_HELP].get(case.path)).json()
    reviewed_at = whole["moves"][-1]["at"]
    assert section.status_code in (201, 409)
    assert all(section["at"] < reviewed_at for section in whole["sections"])


async def test_it_is_completed_with_a_decision_on_support(room: Room) -> None:
    case = await contributed(room)
    path, body = f"{case.path}/complete", {"decision": "plan", "note": "Two needs to meet together."}
    assert (await room[EARLY_HELP].post(path, body)).status_code == 409
    await room[EARLY_HELP].made(f"{case.path}/review-with-family", NOTE)
    made = await room[EARLY_HELP].made(path, body)
    assert made["assessment"]["status"] == "completed"
    last = (await room[EARLY_HELP].get(case.path)).json()["moves"][-1]
    assert (last["decision"], last["note"]) == ("plan", body["note"])
    wrong = await room[EARLY_HELP].post(path, {"decision": "luck"})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/decision")


async def test_its_author_learns_of_a_step_another_agency_took(room: Room) -> None:
    case = await contributed(room)
    await let_see(room, case.family, NURSING, "plan_and_actions")
    await room[NURSING].made(f"{case.path}/review-with-family", NOTE)
    whole = (await room[EARLY_HELP].get(case.path)).json()
    assert (whole["assessment"]["status"], whole["moves"][-1]["by"]) == ("family_reviewed", NURSING.id)
