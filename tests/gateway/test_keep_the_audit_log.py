"""The sequencer and what anybody may have of the log, and an export that a verifier believes or not."""

import asyncio
from itertools import pairwise
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from deploy.audit import Kind, export, verify_log
from deploy.demo.partnership import OAKFIELD
from deploy.local import Running
from gateway.audit import sequence, sequencing, signer_of
from gateway.audit.sequencer import BATCH
from hub.database import Database
from hub.proof import Signer, verify
from tests.gateway.logged import all_sequenced, looked_at
from tests.people import Room, a_family


@pytest.fixture
def signer(hub: Running) -> Signer:
    """Who signs this hub's checkpoints."""
    return signer_of(hub.settings["gateway"])


async def checkpoint(http: httpx.AsyncClient) -> str:
    """The newest checkpoint, as anybody gets it."""
    answer = await http.get("/audit/checkpoint")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    return answer.text


async def exported(hub: Running, signer: Signer, administrator: asyncpg.Connection, to: Path) -> list[str]:
    """The log as a file's lines, once nothing waits."""
    await all_sequenced(administrator)
    await export(hub.database_url, signer.verifier_key(), to / "log.ndjson")
    return (to / "log.ndjson").read_text("utf-8").splitlines()


async def test_gives_the_checkpoint_to_anybody(http: httpx.AsyncClient, hub: Running) -> None:
    key = (await http.get("/audit/key")).text
    signed = verify(await checkpoint(http), key)
    assert signed.origin == hub.url.removeprefix("http://") + "/audit"


async def test_sequences_what_was_shown_within_two_seconds(
    http: httpx.AsyncClient, room: Room, signer: Signer
) -> None:
    before = verify(await checkpoint(http), signer.verifier_key())
    await looked_at(room)
    for _ in range(40):
        after = verify(await checkpoint(http), signer.verifier_key())
        if after.size >= before.size + 1:
            return
        await asyncio.sleep(0.05)
    pytest.fail("nothing was sequenced")


async def test_gives_every_number_once_when_several_sequence_at_once(
    hub: Running, room: Room, signer: Signer, administrator: asyncpg.Connection
) -> None:
    databases = [Database(hub.settings["gateway"].need("database_url"), 1) for _ in range(3)]
    for _ in range(3):
        await looked_at(room)
        await asyncio.gather(*(sequence(database, signer) for database in databases))
    await all_sequenced(administrator)
    for database in databases:
        await database.close()
    leaves, following, size = await administrator.fetchval(
        "select array[count(*), max(number) + 1, (select max(size) from hub.checkpoint)] from hub.leaf"
    )
    assert leaves == following == size


MANY = """
insert into hub.disclosure (agency, client, practitioner, purpose, audience, operation, request, row_count)
select 'made-up', '', '', '', '{}', 'test', gen_random_uuid(), 0 from generate_series(1, $1)"""


async def test_signs_while_it_catches_up(
    hub: Running, signer: Signer, administrator: asyncpg.Connection
) -> None:
    await all_sequenced(administrator)
    before = await administrator.fetchval("select max(size) from hub.checkpoint")
    await administrator.execute(MANY, 3 * BATCH + 1)
    database = Database(hub.settings["gateway"].need("database_url"), 1)
    while await administrator.fetchval("select exists (select from hub.unsequenced)"):
        await sequence(database, signer)
    await database.close()
    sizes = "select array_agg(size order by size) from hub.checkpoint where size >= $1"
    signed = await administrator.fetchval(sizes, before)
    assert signed[-1] - before >= 3 * BATCH + 1
    assert max(later - earlier for earlier, later in pairwise(signed)) <= BATCH


async def test_exports_a_log_that_verifies(
    hub: Running, room: Room, signer: Signer, administrator: asyncpg.Connection, tmp_path: Path
) -> None:
    await looked_at(room)
    verdict = verify_log(await exported(hub, signer, administrator, tmp_path), key=signer.verifier_key())
    assert verdict.holds, verdict.failures
    assert verdict.size > 0
    assert (tmp_path / "log.ndjson").stat().st_mode & 0o077 == 0


async def tampered_export(
    hub: Running, signer: Signer, administrator: asyncpg.Connection, to: Path, sql: str, undo: str
) -> tuple[Any, list[Kind]]:
    """What a verifier finds in an export after `sql`, which gives the number it hit; undone afterwards."""
    await all_sequenced(administrator)
    number = await administrator.fetchval(sql)
    try:
        lines = await exported(hub, signer, administrator, to)
    finally:
        await administrator.execute(undo)
    verdict = verify_log(lines)
    return number, [f.kind for f in verdict.failures if f.number == number]


ALTER = """
update hub.disclosure d set practitioner = 'p-other' from hub.leaf l
where l.disclosure = d.id and l.number = (select max(number) from hub.leaf) returning l.number"""
UNDO_ALTER = """
update hub.disclosure d set practitioner = 'p-1' from hub.leaf l
where l.disclosure = d.id and l.number = (select max(number) from hub.leaf)"""


async def test_names_the_row_that_was_altered_in_the_database(
    hub: Running, room: Room, signer: Signer, administrator: asyncpg.Connection, tmp_path: Path
) -> None:
    await looked_at(room)
    number, kinds = await tampered_export(hub, signer, administrator, tmp_path, ALTER, UNDO_ALTER)
    assert kinds == [Kind.ALTERED]
    assert number is not None


HIDE = """
update hub.leaf set disclosure = gen_random_uuid()
where number = (select max(number) from hub.leaf) returning number"""


async def test_names_the_row_that_was_deleted_from_the_database(
    hub: Running, room: Room, signer: Signer, administrator: asyncpg.Connection, tmp_path: Path
) -> None:
    await looked_at(room)
    await all_sequenced(administrator)
    last = await administrator.fetchval("select disclosure from hub.leaf order by number desc limit 1")
    undo = f"update hub.leaf set disclosure = '{last}' where number = (select max(number) from hub.leaf)"
    _, kinds = await tampered_export(hub, signer, administrator, tmp_path, HIDE, undo)
    assert kinds == [Kind.MISSING]


async def test_keeps_trying_while_its_database_is_away(signer: Signer) -> None:
    nowhere = Database("postgresql://hub_gateway:x@127.0.0.1:1/nowhere", 1)
    async with sequencing(nowhere, signer):
        await asyncio.sleep(0.05)
    await nowhere.close()


async def test_goes_on_when_its_database_is_back(room: Room, administrator: asyncpg.Connection) -> None:
    family = await a_family(room)
    await administrator.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where usename = 'hub_gateway' and datname = current_database()"
    )
    path = f"/referral/households/{family.household}/case"
    statuses = [(await room[OAKFIELD].get(path)).status_code for _ in range(10)]
    assert set(statuses) <= {200, 503}
    assert statuses[-1] == 200
    await all_sequenced(administrator)


async def test_shows_the_log_to_no_service(hub: Running) -> None:
    for part in ("referral", "assessment", "directory"):
        url = hub.settings[part].need("database_url")
        connection = await asyncpg.connect(url)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("select * from hub.leaf")
        await connection.close()
