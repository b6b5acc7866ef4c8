"""Drafting a plan for a family."""

from typing import Any
from uuid import uuid4

import pytest

from deploy.demo.partnership import EARLY_HELP, HOUSING, MASH
from services.assessment.schemas.plans import OnePlan
from tests.people import Family, Room
from tests.services.assessment.cases import (
    assessed_family,
    engaged_family,
    known_family,
    plan_of,
)

PLANS = "/assessment/plans"


async def test_it_covers_the_family_and_follows_from_an_assessment(room: Room) -> None:
    case = await assessed_family(room)
    answer = await room[EARLY_HELP].post(PLANS, plan_of(case.family, assessment=case.assessment))
    assert answer.status_code == 201
    shown = OnePlan.model_validate_json(answer.content).plan
    assert (shown.status, str(shown.assessment)) == ("draft", case.assessment)
    assert (shown.children, shown.adults) == ([case.family.child], [case.family.parent])


async def test_it_waits_until_the_family_has_agreed(room: Room) -> None:
    family = await known_family(room)
    answer = await room[EARLY_HELP].post(PLANS, plan_of(family))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/family-has-not-agreed")


async def test_an_assessment_of_another_family_is_refused(room: Room) -> None:
    other, family = await assessed_family(room), await engaged_family(room)
    answer = await room[EARLY_HELP].post(PLANS, plan_of(family, assessment=other.assessment))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/assessment")


async def test_what_the_agency_cannot_see_is_not_there(room: Room) -> None:
    case = await assessed_family(room)
    theirs = await room[MASH].post(PLANS, plan_of(case.family))
    made_up = await room[EARLY_HELP].post(PLANS, plan_of(case.family, assessment=str(uuid4())))
    assert (theirs.status_code, theirs.content) == (404, made_up.content)


async def test_an_agency_without_the_scope_cannot_plan(room: Room) -> None:
    family = await engaged_family(room)
    answer = await room[HOUSING].post(PLANS, plan_of(family))
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/scope-missing")


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("an end before the start", {"target_end": "2026-03-31"}, "/target_end"),
    ("an end on the first day", {"target_end": "2026-04-01"}, "/target_end"),
    ("a tier nobody has", {"tier": "platinum"}, "/tier"),
    ("a field we do not know", {"agency": "northshire-mash"}, "/agency"),
]


@pytest.mark.parametrize(("change", "pointer"), [bad[1:] for bad in BAD], ids=[bad[0] for bad in BAD])
async def test_it_points_at_the_field_that_is_wrong(room: Room, change: dict[str, Any], pointer: str) -> None:
    nobody = Family(uuid4(), uuid4(), uuid4(), "")
    answer = await room[EARLY_HELP].post(PLANS, plan_of(nobody, **change))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer
