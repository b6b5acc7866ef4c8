"""Nothing begun after the 204 shows what was withdrawn: two front doors on one database, under load."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import aiohttp
import httpx
import pytest

from deploy import local
from deploy.demo.partner import Partner
from deploy.demo.partnership import HOUSING, OAKFIELD
from hub.caller import AgencyId, Caller, ClientId, Purpose
from hub.database import Database
from hub.delivery import NothingToSend, sending
from hub.seals.answers import Seals
from hub.view import View
from tests.people import KEYS, Family, Room, a_family, share

ROUNDS = 8
BEFORE, AFTER = 25, 60  # what is read, asked and delivered in a round, whatever the machine's speed
HOUSING_RECEIVES = Caller(AgencyId(HOUSING.id), ClientId(HOUSING.client), frozenset(), Purpose.EARLY_HELP)
QUEUED = View(
    {
        "events": "select subject, category, json_build_object('id', id) as item"
        " from hub.event where id = :event"
    },
    anchor="events",
)


@dataclass
class Seen:
    """When each read, write and delivery began, and whether it showed what was shared."""

    found: list[tuple[float, str, bool]] = field(default_factory=list[tuple[float, str, bool]])
    withdrawn: float = float("inf")

    def after_the_204(self) -> list[str]:
        """What showed it although it began after the withdrawal was answered."""
        return [how for began, how, shown in self.found if shown and began > self.withdrawn]


@pytest.fixture(scope="module")
async def rooms(
    hub: local.Running, room: Room, database_url: str, server: dict[str, Any], fresh_keys: dict[str, str]
) -> AsyncIterator[list[Room]]:
    """The partnership at two front doors of the same hub."""
    async with (
        local.in_one_process(database_url, fresh_keys, secrets_of_roles=server["roles"]) as second,
        httpx.AsyncClient(base_url=second.url, timeout=30) as http,
    ):
        second_room = dict[str, Partner](
            (agency.id, Partner(agency, KEYS[agency.client], http, second.url))
            for agency in (OAKFIELD, HOUSING)
        )
        yield [room, Room(second_room)]


@pytest.fixture
async def outbox(hub: local.Running) -> AsyncIterator[Database]:
    """The gateway's own connections, as a delivery would use them."""
    database = Database(hub.settings["gateway"].need("database_url"), 4)
    yield database
    await database.close()


async def _read(
    wire: aiohttp.ClientSession, room: Room, family: Family, seen: Seen, stop: asyncio.Event
) -> None:
    housing = room[HOUSING]
    headers = {"authorization": f"Bearer {await housing.token()}"}
    while not stop.is_set():
        for path in (f"/referral/people/{family.child}", "/referral/households?limit=5"):
            began = time.perf_counter()
            async with wire.get(housing.issuer + path, headers=headers) as answer:
                text = await answer.text()
            shown = str(family.child if "people" in path else family.household) in text
            seen.found.append((began, path, shown))


async def _ask(room: Room, family: Family, seen: Seen, stop: asyncio.Event) -> None:
    query = {"query": f'{{ case(id: "{family.household}") {{ members {{ person }} household {{ name }} }} }}'}
    while not stop.is_set():
        began = time.perf_counter()
        answer = await room[HOUSING].post("/graphql", query)
        seen.found.append((began, "graphql", bool(answer.json()["data"]["case"])))


async def _write(room: Room, family: Family, stop: asyncio.Event) -> None:
    body = {"upn": family.upn, "kind": "other", "narrative": "A word.", "occurred_at": "2026-11-19T08:40:00Z"}
    while not stop.is_set():
        await room[OAKFIELD].made("/referral/concerns", body)
        await asyncio.sleep(0.01)


async def _deliver(outbox: Database, event: Any, family: Family, seen: Seen, stop: asyncio.Event) -> None:
    seals = Seals()
    while not stop.is_set():
        began, shown = time.perf_counter(), True
        try:
            async with sending(outbox, seals, HOUSING_RECEIVES, [family.child], "test delivery") as outgoing:
                await outgoing.event(event)
        except NothingToSend:
            shown = False
        seen.found.append((began, "delivery", shown))
        await asyncio.sleep(0.01)


async def _more(seen: Seen, number: int) -> None:
    """Wait until so many more have been answered."""
    enough = len(seen.found) + number
    while len(seen.found) < enough:  # noqa: ASYNC110  # it counts what many tasks add
        await asyncio.sleep(0.005)


async def _one_round(rooms: list[Room], outbox: Database, administrator: Any, number: int) -> Seen:
    family, seen, stop = await a_family(rooms[0]), Seen(), asyncio.Event()
    categories = ["identity_contact", "family_household", "existence"]
    everybody = [family.child, family.household]
    decision = await share(rooms[0][OAKFIELD], HOUSING, everybody, categories)
    event = await administrator.fetchval("select id from hub.event where subject = $1 limit 1", family.child)
    async with aiohttp.ClientSession() as wire, asyncio.TaskGroup() as load:
        for each in rooms:
            load.create_task(_read(wire, each, family, seen, stop))
            load.create_task(_read(wire, each, family, seen, stop))
        load.create_task(_ask(rooms[number % 2], family, seen, stop))
        load.create_task(_write(rooms[0], family, stop))
        load.create_task(_deliver(outbox, event, family, seen, stop))
        await _more(seen, BEFORE)
        withdrawal = f"/sharing/decisions/{decision}/withdraw"
        await rooms[number % 2][OAKFIELD].made(withdrawal, {"reason": "The family changed its mind."})
        seen.withdrawn = time.perf_counter()
        await _more(seen, AFTER)
        stop.set()
    return seen


async def test_nothing_begun_after_the_204_shows_it(
    rooms: list[Room], outbox: Database, administrator: Any
) -> None:
    rounds = [await _one_round(rooms, outbox, administrator, number) for number in range(ROUNDS)]
    assert [how for seen in rounds for how in seen.after_the_204()] == []
    found = [entry for seen in rounds for entry in seen.found]
    for how in ("people", "households", "graphql", "delivery"):
        assert any(shown for _, place, shown in found if how in place), f"{how} never showed it at all"
    after = sum(began > seen.withdrawn for seen in rounds for began, _, _ in seen.found)
    assert after >= ROUNDS * AFTER * 3 // 4, f"only {after} of {len(found)} began after a withdrawal"


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
