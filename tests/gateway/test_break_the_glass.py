"""Override: one named person, one subject, a few hours, told at once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from deploy.demo.partnership import HOUSING, MASH, OAKFIELD, POLICE
from tests.gateway.glass import (
    COLLEAGUE,
    INSPECTOR,
    SERGEANT,
    asks_to_see,
    opened,
    opens,
    sees,
)
from tests.people import Room, a_family, share


async def test_the_named_person_sees_that_one_subject_in_those_categories(room: Room) -> None:
    family = await a_family(room)
    assert not await sees(room[POLICE], family.child, SERGEANT)
    await opened(room[POLICE], family.child)
    person = await room[POLICE].get(
        f"/referral/people/{family.child}", headers=SERGEANT, purpose="safeguarding"
    )
    assert (len(person.json()["identities"]), person.json()["addresses"]) == (1, [])
    assert not await sees(room[POLICE], family.parent, SERGEANT)
    assert not await sees(room[POLICE], family.child, SERGEANT, purpose="early_help")


async def test_nobody_else_of_the_agency_and_no_other_agency_sees(room: Room) -> None:
    family = await a_family(room)
    await opened(room[POLICE], family.child)
    assert not await sees(room[POLICE], family.child, COLLEAGUE)
    assert not await sees(room[POLICE], family.child, INSPECTOR)
    assert not await sees(room[MASH], family.child, SERGEANT)


async def test_a_room_sees_nothing_of_it(room: Room) -> None:
    family = await a_family(room)
    await opened(room[POLICE], family.child)
    assert not await sees(room[POLICE], family.child, {**SERGEANT, "audience": MASH.id})


async def test_after_a_withdrawal_it_still_opens_what_it_names(room: Room) -> None:
    family = await a_family(room)
    both = [family.child, family.parent]
    decision = await share(room[OAKFIELD], POLICE, both, ["identity_contact"], purpose="safeguarding")
    await room[OAKFIELD].made(f"/sharing/decisions/{decision}/withdraw", {"reason": "Changed their mind."})
    assert not await sees(room[POLICE], family.child, SERGEANT)
    await opened(room[POLICE], family.child)
    assert await sees(room[POLICE], family.child, SERGEANT)
    assert not await sees(room[POLICE], family.parent, SERGEANT)


async def test_it_ends_by_itself(room: Room, administrator: asyncpg.Connection) -> None:
    family = await a_family(room)
    override = await opened(room[POLICE], family.child)
    await administrator.execute(
        "update hub.override_grant set ends = now() + interval '3 s' where override = $1", UUID(override)
    )
    assert await sees(room[POLICE], family.child, SERGEANT)
    await asyncio.sleep(3.1)
    assert not await sees(room[POLICE], family.child, SERGEANT)


async def test_it_is_ended_from_the_next_read_on_and_twice_is_as_good_as_once(room: Room) -> None:
    family = await a_family(room)
    override = await opened(room[POLICE], family.child)
    for _ in range(2):
        answer = await room[POLICE].post(
            f"/sharing/overrides/{override}/end", {"words": "Found safe and well."}, headers=SERGEANT
        )
        assert answer.status_code == 204, answer.text
    assert not await sees(room[POLICE], family.child, SERGEANT)


async def test_it_lasts_four_hours_unless_it_says_less_or_more_and_never_over_a_day(room: Room) -> None:
    person = uuid4()
    answer = (await opens(room[POLICE], person)).json()
    left = datetime.fromisoformat(answer["ends"]) - datetime.now(UTC)
    assert timedelta(hours=3, minutes=59) < left <= timedelta(hours=4)
    for hours in (0, 25):
        refused = await opens(room[POLICE], person, hours=hours)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/hours")


async def test_a_made_up_id_is_answered_exactly_like_one_that_exists(room: Room) -> None:
    family = await a_family(room)
    answers = [await opens(room[POLICE], subject) for subject in (family.child, uuid4())]
    shapes = [
        (answer.status_code, sorted(answer.json()), len(answer.content), sorted(answer.headers))
        for answer in answers
    ]
    assert shapes[0] == shapes[1]


async def test_the_second_person_is_told_at_once_without_a_word_about_anybody(room: Room) -> None:
    override = await opened(room[POLICE], uuid4())
    inbox = (await room[POLICE].get("/notices")).json()["notices"]
    notice = next(notice for notice in inbox if notice["about"] == override)
    assert (notice["kind"], notice["practitioner"]) == ("override.opened", "insp-2")
    assert set(notice) == {"notice", "kind", "about", "practitioner", "at"}
    others = (await room[MASH].get("/notices")).json()["notices"]
    assert override not in {notice["about"] for notice in others}


async def test_opening_is_an_event(room: Room, administrator: asyncpg.Connection) -> None:
    person = uuid4()
    override = await opened(room[POLICE], person)
    event = await administrator.fetchrow(
        "select type, agency, about from hub.event where subject = $1", person
    )
    assert event is not None
    assert tuple(event) == ("override.opened", POLICE.id, UUID(override))


async def test_the_fifth_in_a_day_of_one_person_raises_an_alarm(
    room: Room, administrator: asyncpg.Connection
) -> None:
    opener = {"practitioner": f"pc-{uuid4().hex[:8]}"}
    people = [uuid4() for _ in range(5)]
    for person in people:
        await room[MASH].made("/sharing/overrides", asks_to_see(person), headers=opener)
    alarms = await administrator.fetch(
        "select subject from hub.event where type = 'alarm.many_overrides' and subject = any($1)", people
    )
    assert [row["subject"] for row in alarms] == people[4:]


async def test_nobody_is_their_own_second_person(room: Room) -> None:
    for second in ("ps-1", "PS-1"):
        answer = await opens(room[POLICE], uuid4(), second_person=second)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/second-person-missing")


async def test_a_client_without_the_scope_is_refused(room: Room) -> None:
    answer = await opens(room[HOUSING], uuid4())
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/scope-missing")


async def test_a_request_in_nobody_s_name_is_refused(room: Room, http: httpx.AsyncClient) -> None:
    headers = {
        "authorization": f"Bearer {await room[POLICE].token()}",
        "idempotency-key": str(uuid4()),
    }
    answer = await http.post("/sharing/overrides", json=asks_to_see(uuid4()), headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/practitioner-missing")


@pytest.mark.parametrize(
    "wrong",
    [
        {"categories": []},
        {"categories": ["everything"]},
        {"reason_code": "curiosity"},
        {"words": "why not"},
        {"subject": [str(uuid4()), str(uuid4())]},
        {"agency": "northshire-mash"},
        {"starts": "2026-01-01T00:00:00Z"},
    ],
)
async def test_an_override_that_is_not_of_the_right_shape_is_refused(
    room: Room, wrong: dict[str, Any]
) -> None:
    answer = await room[POLICE].post("/sharing/overrides", asks_to_see(uuid4()) | wrong, headers=SERGEANT)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/payload-not-valid")
