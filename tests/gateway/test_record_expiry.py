"""A decision that has run its time: what it let somebody see ended at the moment, and the history says so."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from deploy import local
from deploy.demo.partnership import EARLY_HELP, HOUSING, OAKFIELD
from gateway.sharing.expiry import record_expired
from hub.database import Database
from tests.gateway.deciding import decided, history, known_to_early_help, sees, step
from tests.people import Room, a_family


@pytest.fixture
async def database(hub: local.Running) -> AsyncIterator[Database]:
    """The front door's own way to the ledger."""
    opened = Database(hub.settings["gateway"].need("database_url"), 1)
    yield opened
    await opened.close()


async def test_access_ends_at_the_moment_and_the_history_says_so(room: Room, database: Database) -> None:
    family = await a_family(room)
    ends = datetime.now(UTC) + timedelta(seconds=3)
    decision = await decided(room[OAKFIELD], family, HOUSING.id, ends=ends.isoformat())
    assert await sees(room[HOUSING], family)
    await asyncio.sleep(3.1)
    assert not await sees(room[HOUSING], family)
    await record_expired(database)
    said = await history(room[OAKFIELD], decision)
    assert said["decision"]["standing"] == "expired"
    assert [one["event"] for one in said["history"]] == ["given", "expired"]


async def test_explains_it_the_same_before_and_after(room: Room, database: Database) -> None:
    family = await known_to_early_help(room)
    now = datetime.now(UTC)
    past = {"starts": (now - timedelta(days=2)).isoformat(), "ends": (now - timedelta(days=1)).isoformat()}
    await decided(room[EARLY_HELP], family, HOUSING.id, **past)
    asked = {"agency": HOUSING.id, "subject": str(family.household), "category": "family_household"}
    before = (await room[EARLY_HELP].get("/sharing/explain", params=asked)).json()
    await record_expired(database)
    after = (await room[EARLY_HELP].get("/sharing/explain", params=asked)).json()
    assert before == after
    assert [reason["why"] for reason in after["reasons"]] == ["expired"]


async def test_records_it_once(room: Room, database: Database) -> None:
    family = await a_family(room)
    now = datetime.now(UTC)
    past = {"starts": (now - timedelta(days=2)).isoformat(), "ends": (now - timedelta(days=1)).isoformat()}
    decision = await decided(room[OAKFIELD], family, HOUSING.id, **past)
    for _ in range(2):
        await record_expired(database)
    events = [one["event"] for one in (await history(room[OAKFIELD], decision))["history"]]
    assert events == ["given", "expired"]


async def test_what_still_runs_is_left_alone(room: Room, database: Database) -> None:
    family = await a_family(room)
    decision = await decided(room[OAKFIELD], family, HOUSING.id)
    await record_expired(database)
    assert (await history(room[OAKFIELD], decision))["decision"]["standing"] == "given"


async def test_what_has_expired_can_still_be_withdrawn(room: Room, database: Database) -> None:
    family = await a_family(room)
    now = datetime.now(UTC)
    past = {"starts": (now - timedelta(days=2)).isoformat(), "ends": (now - timedelta(days=1)).isoformat()}
    decision = await decided(room[OAKFIELD], family, HOUSING.id, **past)
    await record_expired(database)
    answer = await room[OAKFIELD].post(step(decision, "withdraw"), {"reason": "Changed her mind."})
    assert answer.status_code == 204
