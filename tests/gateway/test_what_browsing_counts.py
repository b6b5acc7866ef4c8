"""What counts as reading beyond one's work, and what the reader knows of already."""

from uuid import uuid4

from deploy.demo.partnership import HOUSING, MASH, OAKFIELD
from tests.gateway.agreeing import joined
from tests.gateway.browsing import (
    IN_VAIN,
    SHOWN,
    alarms,
    hide,
    in_vain,
    limit,
    named,
    read,
    shared_families,
    watched,
)
from tests.pages import every
from tests.people import Partner, Room, a_family, share
from tests.policy.matrix.hubs import Hub


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


async def test_asking_for_birthdays_in_vain_counts_like_opening_somebody(
    own: Hub, table: Room, mash: Partner
) -> None:
    family = await a_family(table)
    await share(table[OAKFIELD], mash.agency, [family.child], ["identity_contact"])
    made_up = [str(uuid4()) for _ in range(limit(IN_VAIN, "practitioner") + 1)]
    asked = {"person": [str(family.child), *made_up]}
    answer = await mash.get("/referral/people/birthdays", params=asked, headers=named("p-9"))
    assert [one["person"] for one in answer.json()["birthdays"]] == [str(family.child)]
    await watched(own)
    [told] = await alarms(table, mash)
    assert (told["kind"], told["practitioner"]) == (IN_VAIN, "p-9")


async def test_seeing_many_birthdays_counts_as_opening_many(own: Hub, table: Room, mash: Partner) -> None:
    families = await shared_families(table, mash, limit(SHOWN, "practitioner") + 1)
    asked = {"person": [str(family.child) for family in families]}
    await mash.get("/referral/people/birthdays", params=asked, headers=named("p-9"))
    await watched(own)
    assert [one["kind"] for one in await alarms(table, mash)] == [SHOWN]


async def test_nobody_makes_another_wait_with_ids_that_the_hub_gave_them(own: Hub, table: Room) -> None:
    housing = await joined(own.running, own.http, HOUSING)
    family, many = await a_family(table), limit(IN_VAIN, "client") + 1
    for _ in range(many):
        await share(
            table[OAKFIELD], MASH, [family.child], ["identity_contact"], countersigners=[housing.agency.id]
        )
    inbox = await every(housing, "/notices", "notices", limit=100)
    given = [one["about"] for one in inbox if one["kind"] == "decision.asks_for_your_records"]
    assert len(given) == many
    await hide(table, housing, family)
    for decision in given:
        assert (await housing.get(f"/sharing/decisions/{decision}")).status_code == 404
    await watched(own)
    assert await alarms(table, housing) == []


async def test_nor_with_those_of_a_list_about_somebody_it_was_shown(own: Hub, table: Room) -> None:
    housing = await joined(own.running, own.http, HOUSING)
    family, many = await a_family(table), limit(IN_VAIN, "client") + 1
    for _ in range(many):
        await share(table[OAKFIELD], housing.agency, [family.child], ["identity_contact"])
    about = {"subject": str(family.child), "limit": 100}
    given = [one["decision"] for one in await every(housing, "/sharing/decisions", "decisions", **about)]
    assert len(given) == many
    await hide(table, housing, family)
    for decision in given:
        assert (await housing.get(f"/sharing/decisions/{decision}")).status_code == 404
    await watched(own)
    assert await alarms(table, housing) == []


async def test_nor_with_those_of_records_about_somebody_it_was_shown(
    own: Hub, table: Room, mash: Partner
) -> None:
    family, who = await a_family(table), named("p-9")
    for number in range(limit(IN_VAIN, "practitioner") + 1):
        concern = {
            "external_id": f"{family.upn}/{number}",
            "upn": family.upn,
            "kind": "welfare",
            "occurred_at": "2026-11-14T14:45:00+00:00",
            "narrative": "Fell asleep at lunch. Synthetic.",
        }
        await table[OAKFIELD].made("/referral/concerns", concern)
    shown = ["family_household", "safeguarding_concern"]
    decision = await share(table[OAKFIELD], mash.agency, [family.household, family.child], shown)
    case = await mash.get(f"/referral/households/{family.household}/case", headers=who)
    given = [one["concern"] for one in case.json()["concerns"]]
    assert len(given) == limit(IN_VAIN, "practitioner") + 1
    await table[OAKFIELD].made(f"/sharing/decisions/{decision}/withdraw", {"reason": "Synthetic."})
    for one in given:
        assert (await mash.get(f"/referral/concerns/{one}", headers=who)).status_code == 404
    await watched(own)
    assert await alarms(table, mash) == []


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
