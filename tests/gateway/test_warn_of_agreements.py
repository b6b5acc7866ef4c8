"""An agreement that runs out is warned of in time: once, to every party still in it, and to oversight."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import httpx
import pytest

from deploy.demo.partnership import DPO, OAKFIELD
from deploy.local import Running
from gateway.agreements.watch import warn_once
from hub.database import Database
from tests.gateway.agreeing import NOW, SIGNATURE, Two, two_agencies
from tests.pages import every
from tests.people import Room


@pytest.fixture
async def two(hub: Running, http: httpx.AsyncClient) -> Two:
    """A school and a housing association that joined today."""
    return await two_agencies(hub, http)


async def test_lists_what_expires_soon_and_warns_once(
    two: Two, hub: Running, administrator: asyncpg.Connection
) -> None:
    soon = await two.signed(expires=(NOW + timedelta(days=20)).isoformat())
    later = await two.signed()
    asked = {"party": two.school.agency.id, "expiring_within": 30}
    page = (await two.school.get("/sharing/agreements", params=asked)).json()
    assert [one["agreement"] for one in page["agreements"]] == [soon]
    database = Database(hub.settings["gateway"].need("database_url"), 1)
    assert await warn_once(database) >= 1
    assert await warn_once(database) == 0
    await database.close()
    warned = await administrator.fetch("select subject from hub.event where type = 'agreement.expiring'")
    assert UUID(soon) in {row["subject"] for row in warned}
    assert UUID(later) not in {row["subject"] for row in warned}


async def test_every_party_that_has_not_left_and_oversight_are_told_once_of_one_that_expires(
    two: Two, room: Room, hub: Running
) -> None:
    parties = [two.school.agency.id, two.housing.agency.id, OAKFIELD.id]
    soon = await two.draft(parties=parties, expires=(NOW + timedelta(days=20)).isoformat())
    for partner in (two.school, two.housing, room[OAKFIELD]):
        await partner.made(f"/sharing/agreements/{soon}/sign", SIGNATURE)
    assert (await two.end(soon, room[OAKFIELD])).status_code == 204
    database = Database(hub.settings["gateway"].need("database_url"), 1)
    for _ in range(2):
        await warn_once(database)
    await database.close()
    for partner, times in ((two.school, 1), (two.housing, 1), (room[DPO], 1), (room[OAKFIELD], 0)):
        notices = await every(partner, "/notices", "notices", limit=100)
        told = [one["kind"] for one in notices if one["about"] == soon]
        assert told == ["agreement.expiring"] * times
