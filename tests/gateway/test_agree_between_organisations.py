"""Agreements between organisations: a decision rests on one, and ends with it."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from deploy.demo.partnership import OAKFIELD
from deploy.local import Running
from tests.gateway.agreeing import NOW, SIGNATURE, Two, agreement, two_agencies
from tests.pages import every
from tests.people import Family, Partner, Room, a_family, share


@pytest.fixture
async def two(hub: Running, http: httpx.AsyncClient) -> Two:
    """A school and a housing association that share nothing yet."""
    return await two_agencies(hub, http)


@pytest.fixture
async def family(two: Two) -> Family:
    """A family of that school's."""
    return await a_family(Room({OAKFIELD.id: two.school}))


def decision(two: Two, family: Family, **changed: Any) -> dict[str, Any]:
    """The school lets housing see the household."""
    return {
        "agency": two.housing.agency.id,
        "subjects": [str(family.household)],
        "categories": ["family_household"],
        "purpose": "early_help",
        "basis": "agreement",
        "given_by": "Robin Synthetic, mother",
        "reason": "The family asked for help together.",
        **changed,
    }


async def sees(partner: Partner, family: Family) -> bool:
    """Whether the case is there for somebody."""
    return (await partner.get(f"/referral/households/{family.household}/case")).status_code == 200


async def standing(partner: Partner, drafted: str) -> dict[str, Any]:
    """One agreement, in full."""
    return (await partner.get(f"/sharing/agreements/{drafted}")).json()


def refused(answer: httpx.Response, slug: str, status: int = 403) -> None:
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}"), answer.text


async def test_nothing_is_shared_without_an_agreement(two: Two, family: Family) -> None:
    refused(await two.school.post("/sharing/decisions", decision(two, family)), "agreement-missing")
    duty = decision(two, family, basis="statutory_duty", detriment_test="Weighed.")
    refused(await two.school.post("/sharing/decisions", duty), "agreement-missing")


@pytest.mark.parametrize(
    "more", [{"basis": "safeguarding"}, {"basis": "court_order", "court_reference": "NS-1"}]
)
async def test_danger_and_the_court_need_none(two: Two, family: Family, more: dict[str, str]) -> None:
    body = decision(two, family, **more, detriment_test="Weighed.", given_by=None)
    await two.school.made("/sharing/decisions", body)
    assert await sees(two.housing, family)


async def test_a_draft_backs_nothing_until_every_party_has_signed(two: Two, family: Family) -> None:
    drafted = await two.draft()
    await two.school.made(f"/sharing/agreements/{drafted}/sign", SIGNATURE)
    refused(await two.school.post("/sharing/decisions", decision(two, family)), "agreement-missing")
    await two.housing.made(f"/sharing/agreements/{drafted}/sign", SIGNATURE)
    await two.school.made("/sharing/decisions", decision(two, family))
    assert await sees(two.housing, family)
    said = await standing(two.housing, drafted)
    assert (said["status"], said["signed_on"]) == ("signed", SIGNATURE["signed_on"])
    assert [entry["event"] for entry in said["history"]] == ["drafted", "signed", "signed"]


@pytest.mark.parametrize(
    "changed", [{"categories": ["family_household", "housing_tenancy"]}, {"purpose": "safeguarding"}]
)
async def test_an_agreement_backs_what_it_covers_and_no_more(
    two: Two, family: Family, changed: dict[str, Any]
) -> None:
    await two.signed()
    body = decision(two, family, **changed)
    refused(await two.school.post("/sharing/decisions", body), "agreement-missing")


async def test_nothing_outlives_the_agreement(
    two: Two, family: Family, administrator: asyncpg.Connection
) -> None:
    ends = NOW + timedelta(days=3)
    drafted = await two.signed(expires=ends.isoformat())
    made = await two.school.made("/sharing/decisions", decision(two, family))
    shares = await administrator.fetch("select * from hub.share where decision = $1", UUID(made["decision"]))
    assert {(row["ends"], str(row["agreement"])) for row in shares} == {(ends, drafted)}
    later = decision(two, family, starts=(ends + timedelta(days=1)).isoformat())
    assert (await two.school.post("/sharing/decisions", later)).status_code == 403


async def test_what_rests_on_it_ends_with_it(two: Two, family: Family) -> None:
    drafted = await two.signed()
    await two.school.made("/sharing/decisions", decision(two, family))
    body = decision(two, family, basis="safeguarding", detriment_test="Weighed.", categories=["existence"])
    await two.school.made("/sharing/decisions", body)
    assert await sees(two.housing, family)
    assert (await two.end(drafted)).status_code == 204
    assert not await sees(two.housing, family)
    refused(await two.school.post("/sharing/decisions", decision(two, family)), "agreement-expired")
    refused(await two.end(drafted), "agreement-settled", 409)
    assert (await standing(two.school, drafted))["status"] == "ended"


async def test_a_new_agreement_does_not_bring_back_what_ended_with_the_old(two: Two, family: Family) -> None:
    drafted = await two.signed()
    await two.school.made("/sharing/decisions", decision(two, family))
    await two.end(drafted)
    await two.signed()
    assert not await sees(two.housing, family)
    await two.school.made("/sharing/decisions", decision(two, family))
    assert await sees(two.housing, family)


async def test_nor_does_it_where_that_was_for_a_type_of_agency(two: Two, family: Family) -> None:
    everyone = decision(two, family, agency=f"type:{two.housing.agency.type}")
    made = await two.school.made("/sharing/decisions", everyone)
    drafted = await two.signed()
    assert await sees(two.housing, family), "its first agreement may come later"
    await two.end(drafted)
    await two.signed()
    assert not await sees(two.housing, family)
    again = {"reason": "They ask again.", "categories": ["family_household"]}
    await two.school.made(f"/sharing/decisions/{made['decision']}/vary", again)
    assert await sees(two.housing, family)


async def test_one_that_is_signed_in_time_takes_over_what_was_for_a_type(two: Two, family: Family) -> None:
    drafted = await two.signed()
    everyone = decision(two, family, agency=f"type:{two.housing.agency.type}")
    await two.school.made("/sharing/decisions", everyone)
    await two.signed()
    await two.end(drafted)
    assert await sees(two.housing, family)


async def test_another_party_ends_its_own_part(two: Two, family: Family, room: Room) -> None:
    everybody = [two.school.agency.id, two.housing.agency.id, OAKFIELD.id]
    drafted = await two.draft(parties=everybody)
    for partner in (two.school, two.housing, room[OAKFIELD]):
        await partner.made(f"/sharing/agreements/{drafted}/sign", SIGNATURE)
    await two.school.made("/sharing/decisions", decision(two, family))
    await share(two.school, OAKFIELD, [family.household], ["family_household"])
    assert (await two.end(drafted, two.housing)).status_code == 204
    assert not await sees(two.housing, family)
    assert await sees(room[OAKFIELD], family)
    said = await standing(two.school, drafted)
    assert (said["status"], said["left_by"]) == ("signed", [two.housing.agency.id])


async def test_a_stranger_neither_signs_nor_ends_it(two: Two, room: Room) -> None:
    drafted = await two.draft()
    path = f"/sharing/agreements/{drafted}/sign"
    refused(await room[OAKFIELD].post(path, SIGNATURE), "agreement-settled", 409)
    refused(await two.end(drafted, room[OAKFIELD]), "agreement-settled", 409)
    made_up = f"/sharing/agreements/{uuid4()}/sign"
    refused(await room[OAKFIELD].post(made_up, SIGNATURE), "not-found", 404)


async def test_signed_or_ended_many_times_at_once_it_is_signed_and_ended_once(two: Two) -> None:
    drafted = await two.draft()
    path = f"/sharing/agreements/{drafted}/sign"
    signed = await asyncio.gather(*(by.post(path, SIGNATURE) for by in (two.school, two.housing) * 3))
    assert {answer.status_code for answer in signed} == {204}
    assert (await standing(two.school, drafted))["status"] == "signed"
    ended = await asyncio.gather(*(two.end(drafted) for _ in range(4)))
    assert sorted(answer.status_code for answer in ended) == [204, 409, 409, 409]
    happened = [entry["event"] for entry in (await standing(two.school, drafted))["history"]]
    assert happened == ["drafted", "signed", "signed", "ended"]


async def test_of_parties_that_end_it_at_once_every_one_is_told_where_it_stands(two: Two) -> None:
    drafted = await two.signed()
    ended = await asyncio.gather(*(two.end(drafted, by) for by in (two.school, two.housing) * 2))
    assert {answer.status_code for answer in ended} <= {204, 409}
    assert (await standing(two.school, drafted))["status"] == "ended"


async def test_only_its_own_agencies_are_parties(two: Two) -> None:
    without_us = agreement(two, parties=[two.housing.agency.id, OAKFIELD.id])
    refused(await two.school.post("/sharing/agreements", without_us), "party-unknown", 422)
    unknown = agreement(two, parties=[two.school.agency.id, "nobody"])
    refused(await two.school.post("/sharing/agreements", unknown), "party-unknown", 422)


async def test_postgresql_refuses_an_unbacked_decision_by_itself(
    two: Two, family: Family, server: dict[str, Any], database_url: str
) -> None:
    place = database_url.rpartition("@")[2]
    connection = await asyncpg.connect(f"postgresql://hub_gateway:{server['roles']['gateway']}@{place}")
    names = {"agency": two.school.agency.id, "client": "x", "practitioner": "x"}
    try:
        async with connection.transaction():
            for name, value in names.items():
                await connection.execute("select set_config($1, $2, true)", f"hub.{name}", value)
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="no agreement"):
                await connection.execute(
                    "insert into hub.decision_event (decision, event, agency, purpose, basis, categories,"
                    " subjects, reason, given_by) values (gen_random_uuid(), 'given', $1, 'early_help',"
                    " 'statutory_duty', '{family_household}', array[$2::uuid], 'x', 'x')",
                    two.housing.agency.id,
                    family.household,
                )
    finally:
        await connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "update hub.agreement set ends = ends + interval '1 year'",
        "delete from hub.agreement_event",
        "update hub.agreement_term set effect = 'allow'",
        "update hub.share set ends = 'infinity'",
    ],
)
async def test_what_was_agreed_cannot_be_changed(
    statement: str, hub: Running, server: dict[str, Any], database_url: str
) -> None:
    place = database_url.rpartition("@")[2]
    connection = await asyncpg.connect(f"postgresql://hub_gateway:{server['roles']['gateway']}@{place}")
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    finally:
        await connection.close()


async def test_ending_it_races_reads_and_decisions(two: Two, family: Family) -> None:
    """No read that begins after the answer shows it, and no decision that was under way survives."""
    drafted = await two.signed()
    await two.school.made("/sharing/decisions", decision(two, family))
    ended = asyncio.Event()

    async def read() -> int:
        wrong = 0
        while not ended.is_set():
            await sees(two.housing, family)
        for _ in range(5):
            wrong += await sees(two.housing, family)
        return wrong

    async def decide() -> list[int]:
        said = list[int]()
        while not ended.is_set():
            said.append((await two.school.post("/sharing/decisions", decision(two, family))).status_code)
        return said

    async def end() -> int:
        await asyncio.sleep(0.3)
        while (answer := await two.end(drafted)).status_code == 503:
            pass
        ended.set()
        return answer.status_code

    *wrong, decided, status = await asyncio.gather(read(), read(), decide(), end())
    assert (status, wrong) == (204, [0, 0])
    assert {*decided} <= {201, 403, 503}
    assert not await sees(two.housing, family)


async def test_pages_through_agreements_newest_first(two: Two) -> None:
    made = [await two.draft() for _ in range(3)]
    asked = {"party": two.school.agency.id, "limit": 2}
    found = await every(two.school, "/sharing/agreements", "agreements", **asked)
    assert [one["agreement"] for one in found] == made[::-1]


@pytest.mark.parametrize(
    "changed",
    [
        {"parties": []},
        {"categories": []},
        {"purposes": []},
        {"expires": "2020-01-01T00:00:00Z"},
        {"status": 1},
    ],
)
async def test_refuses_what_is_not_an_agreement(two: Two, changed: dict[str, Any]) -> None:
    answer = await two.school.post("/sharing/agreements", agreement(two, **changed))
    refused(answer, "payload-not-valid", 422)
