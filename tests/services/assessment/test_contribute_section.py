"""Contributing to an assessment: one section per sharing category and subject."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from deploy.demo.partnership import EARLY_HELP, NURSING, POLICE
from services.assessment.schemas.assessments import OneSection
from tests.people import Room
from tests.services.assessment.cases import assessed_family, let_see, section_of, take_back


async def test_it_takes_the_sharing_category_of_its_dimension(room: Room) -> None:
    case = await assessed_family(room)
    answer = await room[EARLY_HELP].post(f"{case.path}/sections", section_of(case.family.household))
    assert answer.status_code == 201
    shown = OneSection.model_validate_json(answer.content).section
    assert (shown.category, shown.subject) == ("housing_tenancy", case.family.household)
    assert [(worry.text, worry.standing) for worry in shown.worries] == [
        ("There is damp in one bedroom.", "fact")
    ]


async def test_its_author_may_choose_another_category(room: Room) -> None:
    case = await assessed_family(room)
    body = section_of(case.family.child, dimension="ensuring_safety", category="domestic_abuse")
    made = await room[EARLY_HELP].made(f"{case.path}/sections", body)
    assert made["section"]["category"] == "domestic_abuse"


async def test_the_first_section_sets_the_assessment_going(room: Room) -> None:
    case = await assessed_family(room)
    await asyncio.gather(
        *(room[EARLY_HELP].made(f"{case.path}/sections", section_of(case.family.household)) for _ in range(3))
    )
    whole = (await room[EARLY_HELP].get(case.path)).json()
    assert whole["assessment"]["status"] == "in_progress"
    assert [move["status"] for move in whole["moves"]] == ["draft", "in_progress"]
    assert len(whole["sections"]) == 3


async def test_another_agency_contributes_once_it_sees_the_assessment(room: Room) -> None:
    case = await assessed_family(room)
    body = section_of(case.family.child, dimension="health", strengths=None)
    assert (await room[NURSING].post(f"{case.path}/sections", body)).status_code == 404
    decision = await let_see(room, case.family, NURSING, "plan_and_actions")
    made = await room[NURSING].made(f"{case.path}/sections", body)
    assert made["section"]["by"] == NURSING.id
    await take_back(room, decision)
    assert (await room[NURSING].post(f"{case.path}/sections", body)).status_code == 404


async def test_its_answer_says_nothing_of_what_others_wrote(room: Room) -> None:
    case = await assessed_family(room)
    await room[EARLY_HELP].made(f"{case.path}/sections", section_of(case.family.household))
    await let_see(room, case.family, POLICE, "plan_and_actions")
    body = section_of(case.family.household, dimension=None, category="police_justice")
    assert set(await room[POLICE].made(f"{case.path}/sections", body)) == {"section"}


async def test_a_childs_words_stand_in_a_section_of_their_own(room: Room) -> None:
    case = await assessed_family(room)
    path, words = f"{case.path}/sections", "I like it when Nan is here."
    mixed = section_of(case.family.child, words_of_the_child=words)
    silent = section_of(case.family.child, dimension=None, category="wishes_feelings")
    for body in (mixed, silent):
        answer = await room[EARLY_HELP].post(path, body)
        assert answer.json()["type"] == "/problems/childs-words-stand-alone"
    body = {
        "subject": str(case.family.child),
        "category": "wishes_feelings",
        "words_of_the_child": words,
    }
    made = await room[EARLY_HELP].made(path, body)
    assert made["section"]["words_of_the_child"] == words


async def test_nothing_is_added_once_the_family_has_reviewed_it(room: Room) -> None:
    case = await assessed_family(room)
    body = section_of(case.family.household)
    await room[EARLY_HELP].made(f"{case.path}/sections", body)
    await room[EARLY_HELP].made(f"{case.path}/review-with-family", {})
    answer = await room[EARLY_HELP].post(f"{case.path}/sections", body)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/assessment-not-open")


async def test_it_is_about_somebody_whom_the_assessment_names(room: Room) -> None:
    case = await assessed_family(room)
    answer = await room[EARLY_HELP].post(f"{case.path}/sections", section_of(uuid4()))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/not-of-this-family")


async def test_its_dimension_is_one_of_the_assessments_framework(room: Room) -> None:
    case = await assessed_family(room, framework="unocini")
    body = section_of(case.family.child, dimension="income")
    answer = await room[EARLY_HELP].post(f"{case.path}/sections", body)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/dimension-unknown")


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("no category at all", {"dimension": None}, "/category"),
    ("what belongs elsewhere", {"category": "home_address"}, "/category"),
    ("a category nobody has", {"category": "gossip"}, "/category"),
    ("nothing said", {"strengths": None, "worries": []}, "/words_of_the_child"),
    ("neither fact nor opinion", {"worries": [{"text": "x", "standing": "rumour"}]}, "/worries/0/standing"),
    ("too many worries", {"worries": [{"text": "x", "standing": "fact"}] * 51}, "/worries"),
    ("a NUL", {"worries": [{"text": "\x00", "standing": "fact"}]}, "/worries/0/text"),
]


@pytest.mark.parametrize(("change", "pointer"), [bad[1:] for bad in BAD], ids=[bad[0] for bad in BAD])
async def test_it_points_at_the_field_that_is_wrong(room: Room, change: dict[str, Any], pointer: str) -> None:
    body = section_of(uuid4(), **change)
    answer = await room[EARLY_HELP].post(f"/assessment/assessments/{uuid4()}/sections", body)
    assert answer.status_code == 422
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]
