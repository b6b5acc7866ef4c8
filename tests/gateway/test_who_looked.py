"""Who looked at a family, as an agency that works with it may know."""

from uuid import uuid4

from deploy.demo.partnership import EARLY_HELP, HOUSING, MASH, OAKFIELD, POLICE
from tests.gateway.looking import case_of, known_family, looks_at
from tests.pages import every
from tests.people import Room, a_family, share


async def test_tells_who_looked_when_from_where_for_what_and_at_what(room: Room) -> None:
    family = await known_family(room)
    await share(room[OAKFIELD], HOUSING, [family.household], ["family_household"])
    await room[HOUSING].get(case_of(family), headers={"practitioner": "officer-7"})
    look = (await looks_at(room[EARLY_HELP], family.household))["disclosures"][0]
    expected = {
        "agency": HOUSING.id,
        "agency_name": HOUSING.name,
        "client": HOUSING.client,
        "practitioner": "officer-7",
        "purpose": "early_help",
        "operation": "referral GET /households/{household}/case",
        "outcome": "shown",
        "categories": ["family_household"],
    }
    assert {name: look[name] for name in expected} == expected
    assert look["at"].endswith("+00:00")


async def test_tells_who_was_refused(room: Room) -> None:
    family = await known_family(room)
    refused = await room[POLICE].get(case_of(family))
    assert refused.status_code == 404
    look = (await looks_at(room[EARLY_HELP], family.household))["disclosures"][0]
    assert (look["agency"], look["outcome"], look["reason"]) == (POLICE.id, "refused", "not-found")


async def test_reading_who_looked_is_a_look(room: Room) -> None:
    family = await known_family(room)
    await looks_at(room[EARLY_HELP], family.household)
    look = (await looks_at(room[EARLY_HELP], family.household))["disclosures"][0]
    assert (look["operation"], look["categories"]) == ("gateway GET /disclosures", ["existence"])


async def test_pages_newest_first_and_repeats_nothing_while_more_is_written(room: Room) -> None:
    family = await known_family(room)
    for _ in range(4):
        await room[OAKFIELD].get(case_of(family))
    asked = {"subject": str(family.household), "limit": 2}
    found = await every(room[EARLY_HELP], "/disclosures", "disclosures", **asked)
    ids = [look["disclosure"] for look in found]
    assert len(ids) == len(set(ids)) >= 4
    assert [look["at"] for look in found] == sorted((look["at"] for look in found), reverse=True)


async def test_somebody_else_s_family_does_not_exist(room: Room) -> None:
    family = await a_family(room)
    answers = [
        await room[MASH].get("/disclosures", params={"subject": str(subject)})
        for subject in (family.household, uuid4())
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


async def test_needs_its_scope(room: Room) -> None:
    family = await a_family(room)
    answer = await room[OAKFIELD].get("/disclosures", params={"subject": str(family.household)})
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/scope-missing")


async def test_refuses_a_cursor_that_is_not_ours(room: Room) -> None:
    family = await known_family(room)
    asked = {"subject": str(family.household), "cursor": "bm90IG91cnM="}
    answer = await room[EARLY_HELP].get("/disclosures", params=asked)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/cursor-not-valid")
