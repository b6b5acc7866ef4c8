"""Reading beyond one's work is noticed: told to oversight, and asking in vain again and again has to wait."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from deploy.demo.partnership import DPO, EARLY_HELP, MASH, OAKFIELD
from gateway.browsing.limits import LIMITS
from gateway.browsing.watching import watch_once
from tests.gateway.agreeing import joined
from tests.gateway.asking_again import within_a_second
from tests.pages import every
from tests.people import KEYS, Family, Partner, Room, a_family, share
from tests.policy.matrix.hubs import Hub, a_hub

ALARMS = "/disclosures/alarms"
RULES = "/partnership/rules"
IN_VAIN, SHOWN = "asked_in_vain", "many_new_people"


def limit(kind: str, who: str, hours: int = 1) -> int:
    """How much passes where a caseload is small."""
    [found] = [one.most for one in LIMITS if (one.kind, one.who, one.hours) == (kind, who, hours)]
    return found


@pytest.fixture(scope="module")
async def own(server: dict[str, Any], worker_id: str) -> AsyncIterator[Hub]:
    """A hub with the limits that every hub has."""
    async with a_hub(server, f"browsing_{worker_id}") as hub:
        yield hub


@pytest.fixture
async def table(own: Hub) -> Room:
    """Everybody at that hub, where nothing multiplies its limits."""
    agencies = (DPO, EARLY_HELP, OAKFIELD)
    made = {str(a.id): Partner(a, KEYS[a.client], own.http, own.running.url) for a in agencies}
    await allow(made[EARLY_HELP.id], 1)
    return Room(made)


@pytest.fixture
async def mash(own: Hub, table: Room) -> Partner:
    """A MASH that joined today, and works with nobody."""
    return await joined(own.running, own.http, MASH)


async def allow(host: Partner, factor: int) -> None:
    """What a partnership says of the limits."""
    body = {"agreements_required": False, "reading_limit_factor": factor, "reason": "Synthetic."}
    assert (await host.ask("PUT", RULES, json=body)).status_code == 204


async def watched(own: Hub) -> None:
    """One round is over."""
    database = own.database()
    await watch_once(database)
    await database.close()


async def in_vain(partner: Partner, times: int, practitioner: str, who: UUID | None = None) -> None:
    """Somebody asks for one made-up id after another (or for the same again)."""
    for _ in range(times):
        answer = await read(partner, who or uuid4(), practitioner)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


async def read(partner: Partner, who: UUID, practitioner: str) -> httpx.Response:
    """One person is opened."""
    return await partner.get(f"/referral/people/{who}", headers=named(practitioner))


def named(practitioner: str) -> dict[str, str]:
    """The header that says who asks."""
    return {"practitioner": practitioner}


async def alarms(table: Room, partner: Partner) -> list[dict[str, Any]]:
    """What oversight reads of an agency, newest first."""
    return [one for one in await every(table[DPO], ALARMS, "alarms") if one["agency"] == partner.agency.id]


async def shared_families(table: Room, partner: Partner, how_many: int) -> list[Family]:
    """Families of a school that the agency is shown."""
    families = [await a_family(table) for _ in range(how_many)]
    for family in families:
        subjects = [family.household, family.child]
        await share(table[OAKFIELD], partner.agency, subjects, ["identity_contact", "family_household"])
    return families


async def test_who_asks_for_one_made_up_id_after_another_has_to_wait_and_oversight_is_told(
    own: Hub, table: Room, mash: Partner
) -> None:
    await in_vain(mash, limit(IN_VAIN, "practitioner") + 1, "p-9")
    await watched(own)
    refused = await within_a_second(lambda: read(mash, uuid4(), "p-9"), 429)
    assert refused.json()["type"] == "/problems/too-many-in-vain"
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


async def test_the_same_again_and_what_was_shown_before_count_for_nothing(
    own: Hub, table: Room, mash: Partner
) -> None:
    families = await shared_families(table, mash, limit(IN_VAIN, "practitioner") + 1)
    for family in families:
        assert (await read(mash, family.child, "p-9")).status_code == 200
        page = await table[OAKFIELD].get("/sharing/decisions", params={"subject": str(family.child)})
        [decision] = [one["decision"] for one in page.json()["decisions"]]
        await table[OAKFIELD].made(f"/sharing/decisions/{decision}/withdraw", {"reason": "Synthetic."})
        await in_vain(mash, 1, "p-9", family.child)
    await in_vain(mash, 30, "p-9", uuid4())
    await watched(own)
    assert IN_VAIN not in {one["kind"] for one in await alarms(table, mash)}


async def test_who_is_there_and_hidden_counts_as_who_is_not(own: Hub, table: Room, mash: Partner) -> None:
    most = limit(IN_VAIN, "practitioner")
    hidden = [await a_family(table) for _ in range(2)]
    for family in hidden:
        await in_vain(mash, 1, "p-9", family.child)
    await in_vain(mash, most - 2, "p-9")
    await watched(own)
    assert await alarms(table, mash) == []
    await in_vain(mash, 1, "p-9", hidden[0].parent)
    await watched(own)
    assert [one["counted"] for one in await alarms(table, mash)] == [most + 1]


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


async def test_opening_many_families_that_are_shared_is_told_and_not_stopped(
    own: Hub, table: Room, mash: Partner
) -> None:
    families = await shared_families(table, mash, limit(SHOWN, "practitioner") + 1)
    for family in families[:-1]:
        assert (await read(mash, family.child, "p-9")).status_code == 200
    await watched(own)
    assert await alarms(table, mash) == []
    await read(mash, families[-1].child, "p-9")
    for family in families:
        await read(mash, family.child, "p-9")
    await watched(own)
    [told] = await alarms(table, mash)
    assert (told["kind"], told["practitioner"], told["until"]) == (SHOWN, "p-9", None)
    assert told["counted"] == limit(SHOWN, "practitioner") + 1
    assert (await read(mash, families[0].child, "p-9")).status_code == 200


async def test_an_agencys_own_people_are_no_news_to_it(own: Hub, table: Room) -> None:
    school = await joined(own.running, own.http, OAKFIELD)
    families = [await a_family(Room({OAKFIELD.id: school})) for _ in range(limit(SHOWN, "practitioner") + 1)]
    for family in families:
        assert (await read(school, family.child, "p-9")).status_code == 200
    await watched(own)
    assert await alarms(table, school) == []


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
