"""Each wall broken alone, in a hub of its own: what stands behind it still shows nothing."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any

import asyncpg
import httpx
import pytest
from joserfc.jwk import OKPKey

from deploy.demo.feed import serve as feed
from deploy.demo.partnership import HOUSING, NURSING
from deploy.local import HOST, SERVICES, listen, served
from hub.caller import Caller, ClientId, InnerSigner, Purpose
from hub.policy import SERVICE_ROLES
from tests.policy.ledger import Asking, asking
from tests.policy.matrix.asking import Answer, can_be_asked, connected, in_order, send
from tests.policy.matrix.families import everybody
from tests.policy.matrix.hubs import WRITES, Hub, a_hub, joined
from tests.policy.matrix.operations import Operation, of_graphql, of_rest
from tests.policy.matrix.situations import (
    Prepared,
    Role,
    Situation,
    Stage,
    headers_of,
    set_the_stage,
)
from tests.policy.matrix.values import OF_RIGHT
from tests.policy.matrix.wanted import Wanted, records_in

# Every table under row security that a part of the hub may read, and whose rows are for somebody.
BEHIND_POLICIES = """
select n.nspname || '.' || c.relname as place, r.rolname as role,
  bool_or(pg_get_expr(p.polqual, c.oid) like '%hub.purpose%') as by_purpose
from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace
  join pg_roles r on r.oid = any(p.polroles)
where p.polcmd in ('r', '*') and r.rolname <> 'hub_owner' and n.nspname <> 'directory'
  and has_table_privilege(r.oid, c.oid, 'select')
group by 1, 2 having bool_and(pg_get_expr(p.polqual, c.oid) <> 'true')
order by 1, 2"""
# The local offer is for everybody; what of it is not, tests/services/directory/test_visibility.py holds.
UNDER_POLICIES = "select distinct polrelid::regclass::text as place from pg_policy order by 1"


@dataclass
class Alone:
    """A hub with a family that nobody may see, and one that is shared with the housing department."""

    hub: Hub
    stage: Stage
    prepared: Prepared
    operations: list[Operation]
    url: str
    roles: dict[str, str]

    async def answers(self, role: Role, situation: Situation, reads: bool | None = None) -> dict[str, Answer]:
        """What every operation about somebody answers a role."""
        found: dict[str, Answer] = {}
        async with connected(self.hub.running.url) as wire:
            for one in self.operations:
                records = self.prepared.records(role, situation)
                if records and records_in(one) and (reads is None or one.reads is reads):
                    found[one.name] = await send(wire, role, Wanted(one, records).request())
                    found[one.name] = replace(found[one.name], body=found[one.name].alike(records))
        return found

    def about_the_shared(self) -> str:
        """SQL that is true of rows about the family that is shared."""
        records = self.prepared.families["", Situation.SHARED]
        return f"subject = any('{{{', '.join(everybody(records))}}}'::uuid[])"

    def as_part(self, part: str) -> str:
        """The database as one part of the hub sees it."""
        return f"postgresql://{SERVICE_ROLES[part]}:{self.roles[part]}@{self.url.rpartition('@')[2]}"


@pytest.fixture(scope="module")
async def alone(server: dict[str, Any], worker_id: str) -> AsyncIterator[Alone]:
    """A hub of its own, whose walls may be broken: what breaks one puts it up again."""
    listener, name = listen(0), f"alone_{worker_id}"
    url = f"http://{HOST}:{listener.getsockname()[1]}"
    async with served(feed.app(), listener), a_hub(server, name) as hub:
        stage = await set_the_stage(hub, url)
        prepared = Prepared(hub, [], stage.hall)
        await stage.family(prepared, Situation.NEVER, [])
        unseen = prepared.families["", Situation.NEVER]
        prepared.of_right |= {name: unseen[name] for name in OF_RIGHT}
        readers = [Role(agency.name, agency, {}) for agency in (HOUSING, NURSING)]
        await stage.family(prepared, Situation.SHARED, readers)
        merged = (await hub.http.get("/openapi.json")).json()
        operations = in_order(can_be_asked([*of_rest(merged), *of_graphql()]))
        database = server["url"].rpartition("/")[0] + "/" + name
        yield Alone(hub, stage, prepared, operations, database, server["roles"])


async def _client(alone: Alone, name: str, scopes: frozenset[Any]) -> Role:
    partner = await joined(alone.hub, HOUSING, name, scopes)
    return Role(name, HOUSING, headers_of(await partner.token()))


async def test_without_the_scope_check_the_row_policy_still_shows_nothing(alone: Alone) -> None:
    """A client that holds every scope of an agency is refused nothing for want of one."""
    role = await _client(alone, "alone-every-scope", WRITES)
    beyond = {one.name for one in alone.operations if not set(one.scopes) <= WRITES}
    for reads in (True, False):
        unseen = await alone.answers(role, Situation.NEVER, reads)
        made_up = await alone.answers(role, Situation.MADE_UP, reads)
        refused = {name for name, said in unseen.items() if "scope-missing" in said.body}
        assert refused <= beyond, "what only oversight may ask"
        assert {name: (one.status, one.body) for name, one in unseen.items()} == {
            name: (one.status, one.body) for name, one in made_up.items()
        }
    assert len(await alone.answers(role, Situation.SHARED, reads=True)) > 20


async def test_without_the_row_policy_the_scope_check_still_refuses(alone: Alone) -> None:
    scopeless = await _client(alone, "alone-no-scope", frozenset())
    scoped = await _client(alone, "alone-scoped", WRITES)
    administrator = await asyncpg.connect(alone.url)
    tables = [row["place"] for row in await administrator.fetch(UNDER_POLICIES)]
    try:
        for table in tables:
            await administrator.execute(f"alter table {table} disable row level security")
        seen = await alone.answers(scoped, Situation.NEVER, reads=True)
        refused = await alone.answers(scopeless, Situation.NEVER)
    finally:
        for table in tables:
            await administrator.execute(f"alter table {table} enable row level security")
        await administrator.close()
    assert seen["GET /referral/people/{person}"].status == 200, "the wall was not down"
    for name, answer in refused.items():
        no_scope = '"code":"SCOPE_MISSING"' in answer.body or "scope-missing" in answer.body
        assert no_scope, (name, answer.status)
        assert "Sky" not in answer.body


async def test_without_a_token_no_operation_about_anybody_is_answered(alone: Alone) -> None:
    for name, answer in (await alone.answers(Role("nobody", HOUSING, {}), Situation.NEVER)).items():
        assert answer.status == 401, name


@pytest.fixture(scope="module")
async def services(alone: Alone) -> AsyncIterator[dict[str, httpx.AsyncClient]]:
    """The services' own doors, without the front door before them."""
    async with AsyncExitStack() as stack:
        doors = dict[str, httpx.AsyncClient]()
        for name, make in SERVICES.items():
            app = make(alone.hub.running.settings[name])
            await stack.enter_async_context(app.router.lifespan_context(app))
            door = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://inside")
            doors[name] = await stack.enter_async_context(door)
        yield doors


CALLER = Caller(HOUSING.id, ClientId(HOUSING.client), WRITES, Purpose.EARLY_HELP)


def _forged(alone: Alone, service: str, how: str) -> dict[str, str]:
    """What somebody inside the network might bring to a service's own door."""
    ours = InnerSigner(alone.hub.running.settings["gateway"].inner_signing_key)
    theirs = InnerSigner(OKPKey.generate_key("Ed25519"))
    other = "assessment" if service == "referral" else "referral"
    token = {
        "nothing": None,
        "another key's token": theirs.sign(CALLER, service),
        "another service's token": ours.sign(CALLER, other),
        "a name without a token": None,
    }[how]
    if token:
        return {"authorization": f"Bearer {token}"}
    return {"agency": HOUSING.id, "x-agency": HOUSING.id, "hub-agency": HOUSING.id} if "name" in how else {}


FORGERIES = ("nothing", "another key's token", "another service's token", "a name without a token")


@pytest.mark.parametrize("how", FORGERIES)
async def test_without_the_front_door_a_service_lets_nobody_in(
    how: str, alone: Alone, services: dict[str, httpx.AsyncClient]
) -> None:
    role = Role("forger", HOUSING, {})
    for one in _about_somebody(alone.operations):
        service = one.group
        if service not in services:
            continue
        request = Wanted(one, alone.prepared.records(role, Situation.SHARED) or {}).request()
        answer = await services[service].request(
            request.method,
            request.path.removeprefix(f"/{service}"),
            json=request.json,
            headers={"idempotency-key": "forged", **_forged(alone, service, how)},
        )
        assert answer.status_code == 401, (one.name, how)


async def test_without_the_front_door_a_clients_own_token_opens_no_service(
    alone: Alone, services: dict[str, httpx.AsyncClient]
) -> None:
    role = await _client(alone, "alone-outer-token", WRITES)
    records = alone.prepared.records(role, Situation.SHARED) or {}
    path = f"/people/{records['person']}"
    assert (await services["referral"].get(path, headers=dict(role.headers))).status_code == 401
    signed = InnerSigner(alone.hub.running.settings["gateway"].inner_signing_key).sign(CALLER, "referral")
    ours = {"authorization": f"Bearer {signed}"}
    assert (await services["referral"].get(path, headers=ours)).status_code == 200, "the door is a wall"


async def test_a_token_for_a_service_is_good_for_half_a_minute(
    alone: Alone, services: dict[str, httpx.AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = InnerSigner(alone.hub.running.settings["gateway"].inner_signing_key).sign(CALLER, "referral")
    then = time.time()
    monkeypatch.setattr("hub.caller.time.time", lambda: then + 31)
    headers = {"authorization": f"Bearer {signed}"}
    assert (await services["referral"].get("/households", headers=headers)).status_code == 401


async def test_naming_the_author_as_audience_shows_no_more(alone: Alone) -> None:
    """The audience of a shared screen can only narrow what is shown."""
    role = await _client(alone, "alone-audience", WRITES)
    room = Role("room", HOUSING, {**role.headers, "audience": alone.stage.author.agency.id})
    for name, answer in (await alone.answers(room, Situation.NEVER, reads=True)).items():
        assert "Sky" not in answer.body, name
    records = alone.prepared.records(role, Situation.NEVER) or {}
    answer = await alone.hub.http.get(f"/referral/people/{records['person']}", headers=dict(room.headers))
    assert answer.status_code == 404


async def test_without_a_context_no_table_shows_anything(alone: Alone) -> None:
    """Generated from pg_policy: every table under row security, as every part that may read it."""
    places = await _behind_policies(alone)
    assert len(places) > 40
    assert await _shown(alone, places, None) == {}


async def test_for_another_purpose_no_record_shows_what_is_shared(alone: Alone) -> None:
    places = [row for row in await _behind_policies(alone) if row["by_purpose"]]
    other = Asking(NURSING.id, purpose="attendance")
    assert len(places) > 20
    assert await _shown(alone, places, other, alone.about_the_shared()) == {}
    assert len(await _shown(alone, places, Asking(NURSING.id), alone.about_the_shared())) > 10, (
        "nothing was shared to begin with"
    )


async def test_for_an_agency_that_is_not_in_the_room_no_record_shows_what_is_shared(alone: Alone) -> None:
    places = [row for row in await _behind_policies(alone) if row["by_purpose"]]
    crowded = Asking(NURSING.id, audience=f"{NURSING.id},matrix-visitor")
    assert await _shown(alone, places, crowded, alone.about_the_shared()) == {}


async def _behind_policies(alone: Alone) -> list[Any]:
    administrator = await asyncpg.connect(alone.url)
    rows = await administrator.fetch(BEHIND_POLICIES)
    await administrator.close()
    return rows


async def _shown(
    alone: Alone, places: Sequence[Any], who: Asking | None, where: str = "true"
) -> dict[str, int]:
    """How many rows of each table a part sees in a context; tables that show nothing are left out."""
    parts = {role: part for part, role in SERVICE_ROLES.items()}
    shown = dict[str, int]()
    for role in sorted({row["role"] for row in places}):
        async with asking(alone.as_part(parts[role]), who) as connection:
            for row in (row for row in places if row["role"] == role):
                shown[f"{row['place']} as {role}"] = await connection.fetchval(
                    f"select count(*) from {row['place']} where {where}"
                )
    return {place: rows for place, rows in shown.items() if rows}


def _about_somebody(operations: Sequence[Operation]) -> list[Operation]:
    return [one for one in operations if records_in(one)]
