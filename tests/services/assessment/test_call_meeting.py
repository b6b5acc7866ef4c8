"""Calling a network meeting, minuting it, and reading it back."""

from typing import Any
from uuid import uuid4

import pytest

from deploy.demo.partnership import EARLY_HELP, HOUSING, MASH
from services.assessment.schemas.meetings import OneMeeting, OneMinute, WholeMeeting
from tests.people import Family, Room
from tests.services.assessment.cases import known_family, let_see, meeting_of, take_back

MEETINGS = "/assessment/meetings"
MINUTE = {"text": "Everybody said what they know.", "decision": "Meet again in six weeks."}


async def called(room: Room) -> tuple[Family, str]:
    """A family and where its meeting is."""
    family = await known_family(room)
    made = await room[EARLY_HELP].made(MEETINGS, meeting_of(family))
    return family, f"{MEETINGS}/{made['meeting']['meeting']}"


async def test_it_keeps_when_where_and_who_is_asked(room: Room) -> None:
    family = await known_family(room)
    answer = await room[EARLY_HELP].post(MEETINGS, meeting_of(family))
    assert answer.status_code == 201
    shown = OneMeeting.model_validate_json(answer.content).meeting
    assert shown.starts_at.isoformat() == "2026-04-20T14:30:00+00:00"
    assert (shown.private_room, shown.agencies) == (True, ["oakfield-primary", "northshire-housing"])


async def test_an_invitation_shares_nothing(room: Room) -> None:
    _, path = await called(room)
    assert (await room[HOUSING].get(path)).status_code == 404


async def test_a_family_the_agency_does_not_work_with_is_not_there(room: Room) -> None:
    family = await known_family(room)
    theirs = await room[MASH].post(MEETINGS, meeting_of(family))
    made_up = await room[MASH].post(MEETINGS, meeting_of(family, household=str(uuid4())))
    assert (theirs.status_code, theirs.content) == (404, made_up.content)


async def test_only_agencies_of_the_partnership_are_asked(room: Room) -> None:
    family = await known_family(room)
    answer = await room[EARLY_HELP].post(MEETINGS, meeting_of(family, agencies=["acme-removals"]))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/agency-unknown")


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("a time without a zone", {"starts_at": "2026-04-20T15:30:00"}, "/starts_at"),
    ("nobody asked", {"agencies": []}, "/agencies"),
    ("more than a room holds", {"agencies": ["a-school"] * 41}, "/agencies"),
    ("what is no agency id", {"agencies": ["Acme & Sons"]}, "/agencies/0"),
    ("no venue", {"venue": ""}, "/venue"),
]


@pytest.mark.parametrize(("change", "pointer"), [bad[1:] for bad in BAD], ids=[bad[0] for bad in BAD])
async def test_it_points_at_the_field_that_is_wrong(room: Room, change: dict[str, Any], pointer: str) -> None:
    nobody = Family(uuid4(), uuid4(), uuid4(), "")
    answer = await room[EARLY_HELP].post(MEETINGS, meeting_of(nobody, **change))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_it_is_minuted_with_its_decision(room: Room) -> None:
    _, path = await called(room)
    answer = await room[EARLY_HELP].post(f"{path}/minutes", MINUTE)
    assert answer.status_code == 201
    assert OneMinute.model_validate_json(answer.content).minute.decision == MINUTE["decision"]
    whole = WholeMeeting.model_validate_json((await room[EARLY_HELP].get(path)).content)
    assert [minute.by for minute in whole.minutes] == [EARLY_HELP.id]


async def test_minutes_have_their_own_sharing_category(room: Room) -> None:
    family, path = await called(room)
    await room[EARLY_HELP].made(f"{path}/minutes", MINUTE)
    await let_see(room, family, HOUSING, "plan_and_actions")
    assert (await room[HOUSING].get(path)).json()["minutes"] == []
    decision = await let_see(room, family, HOUSING, "meeting_minutes")
    assert len((await room[HOUSING].get(path)).json()["minutes"]) == 1
    await take_back(room, decision)
    assert (await room[HOUSING].get(path)).json()["minutes"] == []


async def test_another_agency_minutes_a_meeting_it_can_see(room: Room) -> None:
    family, path = await called(room)
    assert (await room[MASH].post(f"{path}/minutes", MINUTE)).status_code == 404
    await let_see(room, family, MASH, "plan_and_actions")
    made = await room[MASH].made(f"{path}/minutes", MINUTE)
    assert made["minute"]["by"] == MASH.id
