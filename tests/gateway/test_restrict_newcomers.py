"""Hidden from everybody but a few means from those too who join afterwards, or at the same moment."""

import asyncio
from functools import partial
from uuid import uuid4

import asyncpg
import pytest

from deploy.demo.clients import ClientKey
from deploy.demo.partner import Partner
from deploy.demo.partnership import EARLY_HELP, HOUSING, OAKFIELD, POLICE, Agency
from deploy.local import Running
from gateway.oauth import clients
from hub.caller import PURPOSE_SCOPE, AgencyId, Purpose
from hub.database import Database
from tests.gateway.glass import opened
from tests.people import Family, Room, a_family, share

CATEGORIES = ["identity_contact", "home_address"]
JOIN = "insert into hub.agency (id, name, type) values ($1, 'New', 'housing')"
RESTRICT = """
insert into hub.decision_event (decision, event, agency, named, categories, subjects, kind, reason,
  recorded_by, client, practitioner)
values ($1, 'restricted', '!', '{}', '{identity_contact,home_address}', $2, 'other', 'Test', $3,
  'test', '')"""
HIDDEN = (
    "select array_agg(category order by category) from hub.restriction where agency = $1 and subject = $2"
)


async def _restricted(room: Room, family: Family) -> None:
    body = {
        "except": [EARLY_HELP.id],
        "subjects": [str(family.child)],
        "categories": CATEGORIES,
        "reason": "The court said so.",
    }
    await room[OAKFIELD].made("/sharing/restrictions", body)


async def _joins(hub: Running, room: Room) -> Partner:
    agency = Agency(AgencyId(f"late-{uuid4().hex[:12]}"), "Late Housing", "housing", HOUSING.scopes)
    key, database = ClientKey.fresh(), Database(hub.settings["gateway"].need("database_url"), 1)
    async with database.transaction(None, "register", uuid4()) as tx:
        await clients.join(tx, agency.id, agency.name, agency.type)
        scopes = [*agency.scopes, *(PURPOSE_SCOPE + purpose for purpose in Purpose)]
        await clients.register(tx, agency.client, agency.id, agency.name, [key.public], scopes)
        await tx.commit()
    await database.close()
    return Partner(agency, key, room[OAKFIELD].http, hub.url)


async def test_an_agency_that_joins_later_does_not_see_it_though_it_is_shared(
    hub: Running, room: Room
) -> None:
    family, other = await a_family(room), await a_family(room)
    await _restricted(room, family)
    late = await _joins(hub, room)
    for one in (family, other):
        danger = {"basis": "safeguarding", "detriment_test": "Weighed.", "given_by": None}
        await share(room[OAKFIELD], late.agency, [one.child], CATEGORIES, **danger)
    assert (await late.get(f"/referral/people/{other.child}")).status_code == 200
    assert (await late.get(f"/referral/people/{family.child}")).status_code == 404


async def test_an_agency_that_comes_back_is_as_new_and_one_that_is_named_sees(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family = await a_family(room)
    await _restricted(room, family)
    for agency in (EARLY_HELP, HOUSING):
        await share(room[OAKFIELD], agency, [family.child], CATEGORIES)
    active = "update hub.agency set active = $2 where id = $1"
    await administrator.execute(active, HOUSING.id, False)
    await administrator.execute(active, HOUSING.id, True)
    assert (await room[HOUSING].get(f"/referral/people/{family.child}")).status_code in (401, 404)
    assert (await room[EARLY_HELP].get(f"/referral/people/{family.child}")).status_code == 200


@pytest.mark.parametrize("agency_first", [True, False])
async def test_an_agency_that_joins_at_the_same_moment_does_not_see_it(
    agency_first: bool, room: Room, administrator: asyncpg.Connection, database_url: str
) -> None:
    """Neither transaction sees the other's row: the second has to wait for the first."""
    family, newcomer = await a_family(room), f"same-{uuid4().hex[:12]}"
    other = await asyncpg.connect(database_url)
    joins = partial(administrator.execute, JOIN, newcomer)
    restricts = partial(other.execute, RESTRICT, uuid4(), [family.child], OAKFIELD.id)
    one, two = (joins, restricts) if agency_first else (restricts, joins)
    change = (administrator if agency_first else other).transaction()
    await change.start()
    await one()
    waiting = asyncio.ensure_future(two())
    await asyncio.sleep(0.3)
    await change.commit()
    await asyncio.wait_for(waiting, 30)
    assert await administrator.fetchval(HIDDEN, newcomer, family.child) == sorted(CATEGORIES)
    await other.close()


@pytest.mark.parametrize("override", [True, False], ids=["with an override", "without one"])
async def test_agencies_join_while_somebody_is_sealed_and_neither_fails(
    hub: Running, room: Room, override: bool
) -> None:
    family = await a_family(room)
    seal = {"subjects": [str(family.child)], "named": [OAKFIELD.id], "reason": "They fled to it."}

    async def seals() -> list[int]:
        texts = [f"{uuid4().hex[:8]} Refuge Road" for _ in range(15)]
        answers = [await room[OAKFIELD].post("/sharing/seals", {**seal, "text": [one]}) for one in texts]
        return [answer.status_code for answer in answers]

    async def join() -> None:
        for _ in range(15):
            await _joins(hub, room)

    await room[OAKFIELD].made("/sharing/seals", {**seal, "text": [f"{uuid4().hex[:8]} Refuge Road"]})
    if override:
        await opened(room[POLICE], family.child, categories=CATEGORIES)
    sealed, _, _ = await asyncio.gather(seals(), join(), join())
    assert set(sealed) == {201}
