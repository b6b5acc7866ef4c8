"""Starting to assess a family."""

from typing import Any
from uuid import uuid4

import pytest

from deploy.demo.partnership import EARLY_HELP, MASH, NURSING
from services.assessment.schemas.assessments import OneAssessment
from tests.people import Family, Room
from tests.services.assessment.cases import (
    assessed_family,
    assessment_of,
    engaged_family,
    known_family,
    let_see,
    section_of,
)

ASSESSMENTS = "/assessment/assessments"


async def test_it_begins_as_a_draft_in_the_newest_version_of_the_framework(room: Room) -> None:
    family = await engaged_family(room)
    answer = await room[EARLY_HELP].post(ASSESSMENTS, assessment_of(family))
    assert answer.status_code == 201
    shown = OneAssessment.model_validate_json(answer.content).assessment
    assert (shown.status, shown.framework, shown.framework_version) == (
        "draft",
        "assessment_triangle",
        "1",
    )
    assert (shown.by, shown.children, shown.adults) == (
        EARLY_HELP.id,
        [family.child],
        [family.parent],
    )


async def test_it_waits_until_the_family_has_agreed(room: Room) -> None:
    family = await known_family(room)
    answer = await room[EARLY_HELP].post(ASSESSMENTS, assessment_of(family))
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/family-has-not-agreed"


async def test_an_agreement_the_agency_may_not_see_is_no_agreement_to_it(room: Room) -> None:
    family = await engaged_family(room)
    await let_see(room, family, NURSING, "health_physical")
    answer = await room[NURSING].post(ASSESSMENTS, assessment_of(family))
    assert answer.status_code == 409
    await let_see(room, family, NURSING, "plan_and_actions")
    await room[NURSING].made(ASSESSMENTS, assessment_of(family))


async def test_an_agency_cannot_assess_people_it_does_not_work_with(room: Room) -> None:
    family = await engaged_family(room)
    theirs = await room[MASH].post(ASSESSMENTS, assessment_of(family))
    made_up = await room[MASH].post(ASSESSMENTS, assessment_of(family, household=str(uuid4())))
    sibling = assessment_of(family, children=[str(family.child), str(uuid4())])
    unknown_child = await room[EARLY_HELP].post(ASSESSMENTS, sibling)
    assert theirs.status_code == unknown_child.status_code == 404
    assert theirs.content == made_up.content == unknown_child.content


async def test_it_replaces_a_completed_one(room: Room) -> None:
    earlier = await assessed_family(room)
    family = earlier.family
    body = assessment_of(family, supersedes=earlier.assessment)
    too_soon = await room[EARLY_HELP].post(ASSESSMENTS, body)
    assert too_soon.json()["type"] == "/problems/assessment-move-not-allowed"
    await room[EARLY_HELP].made(f"{earlier.path}/sections", section_of(family.household))
    await room[EARLY_HELP].made(f"{earlier.path}/review-with-family", {})
    await room[EARLY_HELP].made(f"{earlier.path}/complete", {"decision": "plan"})
    await room[EARLY_HELP].made(ASSESSMENTS, body)
    old = (await room[EARLY_HELP].get(earlier.path)).json()
    assert old["assessment"]["status"] == "superseded"
    assert (await room[EARLY_HELP].post(ASSESSMENTS, body)).status_code == 409


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("a framework nobody has", {"framework": "horoscope"}, "/framework"),
    ("a version nobody has", {"framework_version": "99"}, "/framework"),
    ("no child", {"children": []}, "/children"),
    ("a child named twice", {"children": ["0" * 32, "0" * 32]}, "/children"),
    ("a future start", {"started": "2999-01-01"}, "/started"),
    ("a field we do not know", {"status": "completed"}, "/status"),
]


@pytest.mark.parametrize(("change", "pointer"), [bad[1:] for bad in BAD], ids=[bad[0] for bad in BAD])
async def test_it_points_at_the_field_that_is_wrong(room: Room, change: dict[str, Any], pointer: str) -> None:
    nobody = Family(uuid4(), uuid4(), uuid4(), "")
    answer = await room[EARLY_HELP].post(ASSESSMENTS, assessment_of(nobody, **change))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_nobody_is_both_a_child_and_an_adult(room: Room) -> None:
    family = await engaged_family(room)
    body = assessment_of(family, adults=[str(family.child)])
    answer = await room[EARLY_HELP].post(ASSESSMENTS, body)
    assert answer.json()["type"] == "/problems/named-as-child-and-adult"
