"""Recording that a family agrees to take part in early help."""

import json
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.demo.partnership import EARLY_HELP, HOUSING
from services.assessment.schemas.engagements import OneEngagement
from tests.people import Family, Room
from tests.services.assessment.cases import engagement_of, known_family, let_see, rows_of

ENGAGEMENTS = "/assessment/engagements"


async def test_it_keeps_who_agreed_by_what_right_and_to_which_words(room: Room) -> None:
    family = await known_family(room)
    answer = await room[EARLY_HELP].post(ENGAGEMENTS, engagement_of(family))
    assert answer.status_code == 201
    shown = OneEngagement.model_validate_json(answer.content).engagement
    assert shown.household == family.household
    assert (shown.by, shown.capacity, shown.ended_on) == (EARLY_HELP.id, "pr_holder", None)
    assert shown.words_shown.startswith("We would like to help")


async def test_it_writes_an_event_without_personal_data(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family = await known_family(room)
    made = await room[EARLY_HELP].made(ENGAGEMENTS, engagement_of(family))
    engagement = UUID(made["engagement"]["engagement"])
    [event] = await rows_of(administrator, "select * from hub.event where about = $1", engagement)
    assert (event["type"], event["subject"]) == ("engagement.given", family.household)
    assert (event["category"], event["agency"]) == ("plan_and_actions", EARLY_HELP.id)


async def test_it_shares_nothing_by_itself(room: Room) -> None:
    family = await known_family(room)
    await room[EARLY_HELP].made(ENGAGEMENTS, engagement_of(family))
    await let_see(room, family, HOUSING, "housing_tenancy")
    case = await room[HOUSING].get(f"/assessment/households/{family.household}/case")
    assert case.json()["engagements"] == []


async def test_it_takes_a_competent_childs_word_with_the_reasoning(room: Room) -> None:
    family = await known_family(room)
    body = engagement_of(family, capacity="gillick_competent", given_by="Sky Synthetic")
    refused = await room[EARLY_HELP].post(ENGAGEMENTS, body)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/reasoning"
    body["reasoning"] = "Sky explained in their own words what would happen and what could be refused."
    assert (await room[EARLY_HELP].post(ENGAGEMENTS, body)).status_code == 201


async def test_it_happens_once_however_often_it_is_sent(room: Room) -> None:
    family = await known_family(room)
    once = {"idempotency-key": str(uuid4())}
    body = engagement_of(family)
    first = await room[EARLY_HELP].post(ENGAGEMENTS, body, headers=once)
    again = await room[EARLY_HELP].post(ENGAGEMENTS, body, headers=once)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    other = engagement_of(family, method="written")
    assert (await room[EARLY_HELP].post(ENGAGEMENTS, other, headers=once)).status_code == 422
    case = await room[EARLY_HELP].get(f"/assessment/households/{family.household}/case")
    assert len(case.json()["engagements"]) == 1


async def test_a_family_the_agency_does_not_work_with_is_a_family_that_is_not_there(room: Room) -> None:
    family = await known_family(room)
    nobody = Family(uuid4(), uuid4(), uuid4(), "")
    theirs = await room[HOUSING].post(ENGAGEMENTS, engagement_of(family))
    made_up = await room[HOUSING].post(ENGAGEMENTS, engagement_of(nobody))
    assert (theirs.status_code, theirs.content) == (404, made_up.content)


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("a future date", {"given_on": "2999-01-01"}, "/given_on"),
    ("no date", {"given_on": "yesterday"}, "/given_on"),
    ("an unknown capacity", {"capacity": "neighbour"}, "/capacity"),
    ("no words", {"words_shown": "   "}, "/words_shown"),
    ("a NUL", {"given_by": "Robin\x00Synthetic"}, "/given_by"),
    ("too many words", {"words_shown": "x" * 10_001}, "/words_shown"),
    ("a field we do not know", {"agency": "northshire-police"}, "/agency"),
    ("no id", {"household": "the Synthetics"}, "/household"),
]


@pytest.mark.parametrize(("change", "pointer"), [bad[1:] for bad in BAD], ids=[bad[0] for bad in BAD])
async def test_it_points_at_the_field_that_is_wrong(room: Room, change: dict[str, Any], pointer: str) -> None:
    nobody = Family(uuid4(), uuid4(), uuid4(), "")
    answer = await room[EARLY_HELP].post(ENGAGEMENTS, engagement_of(nobody, **change))
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_half_a_character_is_refused_and_not_repeated(room: Room) -> None:
    family = await known_family(room)
    body = json.dumps(engagement_of(family, given_by="Robin \ud83d"))
    kind = {"content-type": "application/json"}
    answer = await room[EARLY_HELP].post(ENGAGEMENTS, content=body, headers=kind)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/given_by"
    assert "Robin" not in answer.text
