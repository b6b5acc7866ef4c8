"""What was queued is sent as the ledger stands at the moment of sending, and a withdrawal waits its turn.

Under load, with two front doors: tests/stories/test_withdraw_under_load.py.
"""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from deploy import local
from deploy.demo.partnership import HOUSING, OAKFIELD
from hub.caller import AgencyId, Caller, ClientId, Purpose
from hub.database import Database
from hub.delivery import NothingToSend, sending
from hub.seals.answers import Seals
from hub.view import View
from tests.people import Room, a_family, share

HOUSING_RECEIVES = Caller(AgencyId(HOUSING.id), ClientId(HOUSING.client), frozenset(), Purpose.EARLY_HELP)
QUEUED = View(
    {
        "events": "select subject, category, json_build_object('id', id) as item"
        " from hub.event where id = :event"
    },
    anchor="events",
)


@pytest.fixture
async def outbox(hub: local.Running) -> AsyncIterator[Database]:
    """The gateway's own connections, as a delivery would use them."""
    database = Database(hub.settings["gateway"].need("database_url"), 4)
    yield database
    await database.close()


async def test_what_was_queued_before_the_withdrawal_is_not_sent_after_it(
    room: Room, outbox: Database, administrator: Any
) -> None:
    family = await a_family(room)
    decision = await share(room[OAKFIELD], HOUSING, [family.child], ["identity_contact"])
    event = await administrator.fetchval("select id from hub.event where subject = $1 limit 1", family.child)
    async with sending(outbox, Seals(), HOUSING_RECEIVES, [family.child], "test delivery") as outgoing:
        assert (await outgoing.event(event))["subject"] == family.child
    await room[OAKFIELD].made(f"/sharing/decisions/{decision}/withdraw", {"reason": "Changed mind."})
    with pytest.raises(NothingToSend):
        async with sending(outbox, Seals(), HOUSING_RECEIVES, [family.child], "test delivery") as outgoing:
            await outgoing.event(event)
    with pytest.raises(NothingToSend):
        async with sending(outbox, Seals(), HOUSING_RECEIVES, [family.child], "test delivery") as outgoing:
            await outgoing.show(QUEUED, event=event)


async def test_a_withdrawal_waits_for_a_sending_under_way(room: Room, outbox: Database) -> None:
    family = await a_family(room)
    decision = await share(room[OAKFIELD], HOUSING, [family.child], ["identity_contact"])
    order = list[str]()

    async def withdraw() -> None:
        await room[OAKFIELD].made(f"/sharing/decisions/{decision}/withdraw", {"reason": "Changed mind."})
        order.append("withdrawn")

    async with sending(outbox, Seals(), HOUSING_RECEIVES, [family.child], "test delivery"):
        waiting = asyncio.create_task(withdraw())
        await asyncio.sleep(0.2)
        order.append("sent")
    await waiting
    assert order == ["sent", "withdrawn"]


async def test_what_is_delivered_is_sealed_for_its_receiver(room: Room, outbox: Database) -> None:
    family = await a_family(room)
    view = View(
        {
            "names": "select cast(:child as uuid) as subject, 'identity_contact' as category,"
            " json_build_object('name', '9 Quibble Row') as item"
        }
    )
    body = {"subjects": [str(family.child)], "named": [], "text": ["9 Quibble Row"], "reason": str(uuid4())}
    await room[OAKFIELD].made("/sharing/seals", body)
    async with sending(outbox, Seals(), HOUSING_RECEIVES, [family.child], "test delivery") as outgoing:
        assert b"Quibble" not in await outgoing.show(view, child=family.child)
