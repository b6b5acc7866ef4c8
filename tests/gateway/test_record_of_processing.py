"""The record of processing equals what is in force: shares, agreements, agencies and walls."""

from typing import Any

import asyncpg

from deploy.demo.partnership import DPO, EARLY_HELP, HOUSING, NURSING, OAKFIELD, POLICE, Agency
from tests.gateway.disagreeing import refuses
from tests.people import Room, a_family, share

IN_FORCE = """
select agency, purpose, basis, category, count(distinct subject) as subjects from hub.share
where starts <= now() and now() < ends group by 1, 2, 3, 4
"""


async def record(room: Room, reader: Agency = DPO) -> dict[str, Any]:
    """The record as it is generated now."""
    answer = await room[reader].get("/processing-record")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_equals_the_policy_that_is_in_force(room: Room, administrator: asyncpg.Connection) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], HOUSING, [family.household, family.child], ["family_household", "existence"])
    told = await record(room)
    live = await administrator.fetch(IN_FORCE)
    assert {
        (each["agency"], each["purpose"], each["basis"], category)
        for each in told["recipients"]
        for category in each["categories"]
    } == {(row["agency"], row["purpose"], row["basis"], row["category"]) for row in live}
    by_purpose = {(use["purpose"], category) for use in told["purposes"] for category in use["categories"]}
    assert by_purpose == {(row["purpose"], row["category"]) for row in live}
    agreements = await administrator.fetch(
        "select id from hub.agreement where status = 'signed' and ends > now()"
    )
    assert {each["agreement"] for each in told["agreements"]} == {str(row["id"]) for row in agreements}
    active = await administrator.fetch("select id from hub.agency where active")
    assert {each["agency"] for each in told["controllers"]} == {row["id"] for row in active}


async def test_names_every_table_behind_a_policy(room: Room, administrator: asyncpg.Connection) -> None:
    walls = await administrator.fetch(
        "select distinct schemaname || '.' || tablename as place from pg_policies"
    )
    assert set((await record(room))["security"]["row_security"]) == {row["place"] for row in walls}


async def test_forgets_what_was_withdrawn(room: Room) -> None:
    family = await a_family(room)
    decision = await share(
        room[OAKFIELD], POLICE, [family.child], ["immigration"], purpose="service_delivery"
    )

    def received(told: dict[str, Any]) -> bool:
        return any(
            (each["agency"], each["purpose"]) == (POLICE.id, "service_delivery")
            and "immigration" in each["categories"]
            for each in told["recipients"]
        )

    assert received(await record(room))
    answer = await room[OAKFIELD].post(
        f"/sharing/decisions/{decision}/withdraw", {"reason": "They asked us to."}
    )
    assert answer.status_code == 204, answer.text
    assert not received(await record(room))


def told_of(told: dict[str, Any], agency: Agency) -> list[tuple[str, int]]:
    """What the record says an agency receives for early help: the basis, and about how many."""
    return [
        (each["basis"], each["subjects"])
        for each in told["recipients"]
        if (each["agency"], each["purpose"]) == (agency.id, "early_help")
    ]


def counted(told: dict[str, Any], agency: Agency) -> int:
    """About how many, on whatever basis."""
    return sum(subjects for _, subjects in told_of(told, agency))


async def test_an_agency_counts_its_own_alone(room: Room) -> None:
    family, ours = await a_family(room), await a_family(room, EARLY_HELP)
    await share(room[OAKFIELD], NURSING, [family.child], ["health_mental"])
    everybody = await record(room)
    before = await record(room, EARLY_HELP)
    child = {"given_name": "Sky", "family_name": "Synthetic", "date_of_birth": "2016-05-04"}
    await room[EARLY_HELP].made("/referral/people", {"upn": family.upn, **child})
    said = {"subjects": [str(family.child)], "categories": ["health_mental"]}
    await refuses(room[EARLY_HELP], family, NURSING.id, **said)
    assert told_of(everybody, NURSING) != told_of(await record(room), NURSING)
    assert (await record(room, EARLY_HELP))["recipients"] == before["recipients"]
    await share(room[EARLY_HELP], NURSING, [ours.child], ["identity_contact"])
    after = await record(room, EARLY_HELP)
    assert counted(after, NURSING) == counted(before, NURSING) + 1


async def test_an_agency_counts_what_it_receives_and_is_not_hidden(room: Room) -> None:
    def received(told: dict[str, Any]) -> int:
        return counted(told, EARLY_HELP)

    family = await a_family(room)
    before = received(await record(room, EARLY_HELP))
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["housing_tenancy"])
    assert received(await record(room, EARLY_HELP)) == before + 1
    hidden = {
        "hidden_from": EARLY_HELP.id,
        "subjects": [str(family.child)],
        "categories": ["housing_tenancy"],
        "reason": "The father works there.",
    }
    await room[OAKFIELD].made("/sharing/restrictions", hidden)
    assert received(await record(room, EARLY_HELP)) == before


async def test_says_nothing_about_anybody(room: Room) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], HOUSING, [family.child], ["existence"])
    answer = await room[EARLY_HELP].get("/processing-record")
    assert str(family.child) not in answer.text
    assert "Synthetic" not in answer.text


async def test_needs_its_scope(room: Room) -> None:
    answer = await room[HOUSING].get("/processing-record")
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/scope-missing")
