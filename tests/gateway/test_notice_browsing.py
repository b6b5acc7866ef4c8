"""Reading beyond one's work is noticed: told to oversight, and asking in vain again and again has to wait."""

from uuid import uuid4

import asyncpg
import pytest

from deploy.demo.partnership import DPO, EARLY_HELP, OAKFIELD
from tests.gateway.agreeing import joined
from tests.gateway.asking_again import within_a_second
from tests.gateway.browsing import ALARMS, IN_VAIN, RULES, alarms, allow, in_vain, limit, named, read, watched
from tests.pages import every
from tests.people import Partner, Room, a_family
from tests.policy.matrix.hubs import Hub


async def test_who_asks_for_one_made_up_id_after_another_has_to_wait_and_oversight_is_told(
    own: Hub, table: Room, mash: Partner
) -> None:
    await in_vain(mash, limit(IN_VAIN, "practitioner") + 1, "p-9")
    await watched(own)
    refused = await within_a_second(lambda: read(mash, uuid4(), "p-9"), 429)
    assert refused.json()["type"] == "/problems/too-many-in-vain"
    assert "data protection officer" in refused.json()["detail"]
    assert 3000 < int(refused.headers["retry-after"]) <= 3600
    [told] = await alarms(table, mash)
    assert (told["kind"], told["client"], told["practitioner"], told["hours"]) == (IN_VAIN, None, "p-9", 1)
    assert (told["counted"], told["allowed"]) == (told["allowed"] + 1, limit(IN_VAIN, "practitioner"))
    inbox = await every(table[DPO], "/notices", "notices")
    assert [one["kind"] for one in inbox if one["about"] == told["alarm"]] == ["alarm.asked_in_vain"]


async def test_it_waits_at_every_service_and_writes_go_on(own: Hub, table: Room) -> None:
    school, who = await joined(own.running, own.http, OAKFIELD), named("p-9")
    family = await a_family(Room({OAKFIELD.id: school}))
    await in_vain(school, limit(IN_VAIN, "practitioner") + 1, "p-9")
    await watched(own)
    await within_a_second(lambda: read(school, family.child, "p-9"), 429)
    for path in (f"/assessment/cases/{family.household}", "/directory/services", "/sharing/agreements"):
        assert (await school.get(path, headers=who)).status_code == 429
    asked = await school.post("/graphql", {"query": "{ __typename }"}, headers=who)
    assert asked.status_code == 429
    concern = {
        "external_id": "browsing/1",
        "upn": family.upn,
        "kind": "welfare",
        "occurred_at": "2026-11-14T14:45:00+00:00",
        "narrative": "Fell asleep at lunch. Synthetic.",
    }
    assert (await school.post("/referral/concerns", concern, headers=who)).status_code == 201


async def test_nobody_else_has_to_wait(own: Hub, table: Room, mash: Partner) -> None:
    await in_vain(mash, limit(IN_VAIN, "practitioner") + 1, "p-9")
    await watched(own)
    await within_a_second(lambda: read(mash, uuid4(), "p-9"), 429)
    assert (await read(mash, uuid4(), "p-8")).status_code == 404
    assert (await table[OAKFIELD].get("/agencies", headers=named("p-9"))).status_code == 200


async def test_a_client_that_names_ever_others_waits_as_a_whole(own: Hub, table: Room, mash: Partner) -> None:
    for number in range(limit(IN_VAIN, "client") + 1):
        await in_vain(mash, 1, f"p-{number}")
    await watched(own)
    await within_a_second(lambda: mash.get("/agencies", headers=named("nobody-yet")), 429)
    [told] = await alarms(table, mash)
    assert (told["client"], told["practitioner"]) == (mash.agency.client, None)


async def test_it_is_told_once_and_is_over_when_the_hour_is(own: Hub, table: Room, mash: Partner) -> None:
    await in_vain(mash, limit(IN_VAIN, "practitioner") + 5, "p-9")
    for _ in range(3):
        await watched(own)
    assert len(await alarms(table, mash)) == 1
    await within_a_second(lambda: read(mash, uuid4(), "p-9"), 429)
    async with own.administrator() as administrator:
        for column, place in (("at", "new_look"), ("until", "browsing_alarm")):
            await administrator.execute(
                f"update gateway.{place} set {column} = {column} - interval '61 minutes' where agency = $1",
                mash.agency.id,
            )
    await within_a_second(lambda: read(mash, uuid4(), "p-9"), 404)
    await watched(own)
    assert (await read(mash, uuid4(), "p-9")).status_code == 404


async def test_oversight_lets_them_go_on_at_once(own: Hub, table: Room, mash: Partner) -> None:
    await in_vain(mash, limit(IN_VAIN, "practitioner") + 1, "p-9")
    await watched(own)
    await within_a_second(lambda: read(mash, uuid4(), "p-9"), 429)
    [told] = await alarms(table, mash)
    for _ in range(2):
        await table[DPO].made(f"{ALARMS}/{told['alarm']}/lift", {"reason": "An old list. Synthetic."})
    await within_a_second(lambda: read(mash, uuid4(), "p-9"), 404)
    await watched(own)
    [after] = await alarms(table, mash)
    assert (after["lifted"]["by"], after["lifted"]["reason"]) == (DPO.id, "An old list. Synthetic.")
    assert (await read(mash, uuid4(), "p-9")).status_code == 404
    await in_vain(mash, limit(IN_VAIN, "practitioner"), "p-9")
    await watched(own)
    await within_a_second(lambda: read(mash, uuid4(), "p-9"), 429)
    assert len(await alarms(table, mash)) == 2


async def test_a_partnership_may_allow_more(own: Hub, table: Room, mash: Partner) -> None:
    await in_vain(mash, limit(IN_VAIN, "practitioner") + 1, "p-9")
    await allow(table[EARLY_HELP], 2)
    assert (await table[EARLY_HELP].get(RULES)).json()["reading_limit_factor"] == 2
    await table[EARLY_HELP].ask("PUT", RULES, json={"agreements_required": False, "reason": "Synthetic."})
    [latest] = (await table[EARLY_HELP].get(f"{RULES}/history", params={"limit": 1})).json()["changes"]
    assert latest["reading_limit_factor"] == 2
    await watched(own)
    assert await alarms(table, mash) == []


async def test_only_oversight_reads_the_alarms(own: Hub, table: Room, mash: Partner) -> None:
    assert (await mash.get(ALARMS)).status_code == 403
    lifting = await mash.post(f"{ALARMS}/{uuid4()}/lift", {"reason": "Let me in."})
    assert lifting.status_code == 403
    assert (await table[DPO].post(f"{ALARMS}/{uuid4()}/lift", {"reason": "None."})).status_code == 404


async def as_the_front_door(own: Hub, statement: str) -> str:
    """What PostgreSQL answers the front door, while nobody who oversees is asking."""
    async with own.administrator() as administrator, administrator.transaction():
        await administrator.execute("set local role hub_gateway")
        return await administrator.execute(statement)


async def test_postgresql_lets_nobody_but_oversight_lift_one(own: Hub, mash: Partner) -> None:
    await in_vain(mash, limit(IN_VAIN, "practitioner") + 1, "p-9")
    await watched(own)
    lifting = "update gateway.browsing_alarm set until = now(), lifted_by = 'x'"
    assert await as_the_front_door(own, lifting) == "UPDATE 0"


@pytest.mark.parametrize(
    "statement",
    [
        "update gateway.browsing_alarm set counted = 0",
        "delete from gateway.browsing_alarm",
        "insert into gateway.browsing_alarm default values",
        "select what from gateway.new_look",
        "delete from gateway.new_look",
        "update gateway.browsing_watched set at = now()",
    ],
)
async def test_the_front_door_cannot_unsay_what_was_counted(own: Hub, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await as_the_front_door(own, statement)
