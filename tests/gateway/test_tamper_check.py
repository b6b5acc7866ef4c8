"""Somebody who can write the whole database changes the log: `hub audit verify` names what, and exits 1.

Each change is made and exported inside one transaction of the administrator's, and then rolled back.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner

from deploy.audit import Kind, verify_log
from deploy.audit.export import export, write
from deploy.cli.audit import audit
from deploy.local import Running
from gateway.audit import signer_of
from hub.proof import Signer
from tests.gateway.logged import all_sequenced, looked_at
from tests.people import Room

# $1 is a look of this test's own: an erased row cannot be altered any more, and whoever alters or cuts off
# an erasure's own leaf is named for what it covered first.
OF_LEAF = "(select disclosure from hub.leaf where number = {})"
UPDATE = f"update hub.disclosure set client = 'somebody-else' where id = {OF_LEAF.format('$1')}"
DELETE = f"delete from hub.disclosure where id = {OF_LEAF.format('$1')}"
ROW = "agency, client, practitioner, purpose, audience, operation, request"
FORGE = f"""
with forged as (
  insert into hub.disclosure ({ROW}) select {ROW} from hub.disclosure where id = {OF_LEAF.format("$1")}
  returning id, salt),
gone as (delete from hub.unsequenced)
insert into hub.leaf select (select max(number) + 1 from hub.leaf), id, sha256(salt) from forged
"""
SWAP = """
update hub.leaf l set disclosure = o.disclosure, commitment = o.commitment from hub.leaf o
where l.number in ($1, $1 + 1) and o.number = 2 * $1 + 1 - l.number
"""
TRUNCATE = "delete from hub.leaf where number >= $1"
DROP = "delete from hub.leaf where number = $1"
CHECKPOINT = """
update hub.checkpoint set note = (
  select note from hub.checkpoint where size < $1 order by size desc limit 1)
where size = (select max(size) from hub.checkpoint)
"""
EARLIER = """
update hub.checkpoint set root = sha256(root) where size = (
  select min(size) from hub.checkpoint
  where size > $1::bigint and size < (select max(size) from hub.checkpoint))
"""


@pytest.fixture
def signer(hub: Running) -> Signer:
    """Who signs this hub's checkpoints."""
    return signer_of(hub.settings["gateway"])


async def tampered(
    room: Room, administrator: asyncpg.Connection, signer: Signer, to: Path, sql: str
) -> tuple[int, int]:
    """An export written after `sql`; the leaf it hit and the size of the log before."""
    leaf = await a_leaf(room, administrator)
    change = administrator.transaction()
    await change.start()
    try:
        # Rows are exchanged and forged freely: an administrator drops what is in the way.
        await administrator.execute("alter table hub.leaf drop constraint leaf_disclosure_key")
        size = await administrator.fetchval("select count(*) from hub.leaf")
        await administrator.execute(sql.replace("$1", str(leaf)))
        await write(administrator, signer.verifier_key(), to)
    finally:
        await change.rollback()
    return leaf, size


async def a_leaf(room: Room, administrator: asyncpg.Connection) -> int:
    """The number of a look that this test made, the second of at least six."""
    await all_sequenced(administrator)
    before = await administrator.fetchval("select count(*) from hub.leaf")
    for _ in range(3):
        await looked_at(room)
        await all_sequenced(administrator)
    return before + 1


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        (UPDATE, Kind.ALTERED),
        (DELETE, Kind.MISSING),
        (SWAP, Kind.REWRITTEN),
        (TRUNCATE, Kind.TRUNCATED),
        (DROP, Kind.MISSING),
    ],
    ids=["update", "delete", "swap", "truncate", "drop"],
)
async def test_names_the_first_bad_leaf(
    sql: str,
    kind: Kind,
    room: Room,
    administrator: asyncpg.Connection,
    signer: Signer,
    tmp_path: Path,
) -> None:
    leaf, _ = await tampered(room, administrator, signer, tmp_path / "log", sql)
    failures = verify_log((tmp_path / "log").read_text("utf-8").splitlines()).failures
    assert (failures[0].kind, failures[0].number) == (kind, leaf)
    verdict = CliRunner().invoke(audit, ["verify", str(tmp_path / "log")])
    assert verdict.exit_code == 1
    assert str(leaf) in verdict.output


# What a superuser commits while the hub goes on, and what puts it back.
LIVE = {
    "update": (UPDATE, "update hub.disclosure d set client = k.client from kept k where d.id = k.id"),
    "delete": (DELETE, "insert into hub.disclosure select * from kept"),
    "swap": (SWAP, SWAP),
    "drop": (DROP, "insert into hub.leaf select l.* from kept_leaf l where l.number = $1"),
}
KEEP = f"""
create temp table kept as select * from hub.disclosure where id = {OF_LEAF.format("$1")};
create temp table kept_leaf as select * from hub.leaf where number = $1;
alter table hub.leaf drop constraint if exists leaf_disclosure_key"""


@asynccontextmanager
async def committed(
    administrator: asyncpg.Connection, leaf: int, sql: str, undo: str
) -> AsyncGenerator[None]:
    """The change, for as long as one is inside, for everybody to see. The hub's triggers do not wake."""
    await administrator.execute(KEEP.replace("$1", str(leaf)))
    await administrator.execute("set session_replication_role = replica")
    await administrator.execute(sql.replace("$1", str(leaf)))
    try:
        yield
    finally:
        await administrator.execute(undo.replace("$1", str(leaf)))
        await administrator.execute("drop table kept, kept_leaf; set session_replication_role = origin")
        await administrator.execute(
            "alter table hub.leaf add constraint leaf_disclosure_key unique (disclosure)"
        )


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        ("update", Kind.ALTERED),
        ("delete", Kind.MISSING),
        ("swap", Kind.REWRITTEN),
        ("drop", Kind.MISSING),
    ],
)
async def test_names_what_a_superuser_did_while_the_hub_went_on(
    how: str,
    kind: Kind,
    room: Room,
    hub: Running,
    administrator: asyncpg.Connection,
    signer: Signer,
    tmp_path: Path,
) -> None:
    """What is signed afterwards, with the hub's own key, does not make it good."""
    leaf = await a_leaf(room, administrator)
    before = await administrator.fetchval("select max(size) from hub.checkpoint")
    sql, undo = LIVE[how]
    async with committed(administrator, leaf, sql, undo):
        await looked_at(room)
        await all_sequenced(administrator)
        await export(hub.database_url, signer.verifier_key(), tmp_path / "log")
    verdict = verify_log((tmp_path / "log").read_text("utf-8").splitlines(), key=signer.verifier_key())
    assert verdict.size > before
    assert (verdict.failures[0].kind, verdict.failures[0].number) == (kind, leaf)


async def test_names_a_row_that_a_superuser_slipped_in_while_the_hub_went_on(
    room: Room, hub: Running, administrator: asyncpg.Connection, signer: Signer, tmp_path: Path
) -> None:
    family = await looked_at(room)
    await all_sequenced(administrator)
    await administrator.execute("set session_replication_role = replica")
    copied = await administrator.fetchval(
        f"insert into hub.disclosure ({ROW}, subject) select {ROW}, subject from hub.disclosure"
        " where subject = $1 limit 1 returning id",
        family.household,
    )
    try:
        await export(hub.database_url, signer.verifier_key(), tmp_path / "log")
    finally:
        await administrator.execute("delete from hub.disclosure where id = $1", copied)
        await administrator.execute("set session_replication_role = origin")
    [failure] = verify_log((tmp_path / "log").read_text("utf-8").splitlines()).failures
    assert (failure.kind, str(copied) in failure.words) == (Kind.ADDED, True)


async def test_a_log_that_was_cut_off_while_the_hub_went_on_stays_cut_off(
    room: Room, hub: Running, administrator: asyncpg.Connection, signer: Signer, tmp_path: Path
) -> None:
    """The last leaf goes, and the checkpoint over it: only who kept that checkpoint can tell."""
    await looked_at(room)
    await all_sequenced(administrator)
    kept = await administrator.fetchrow("select * from hub.checkpoint order by size desc limit 1")
    assert kept is not None
    change = administrator.transaction()
    await change.start()
    try:
        await administrator.execute("delete from hub.checkpoint where size = $1", kept["size"])
        earlier = await administrator.fetchval("select max(size) from hub.checkpoint")
        await administrator.execute("delete from hub.leaf where number >= $1", earlier)
        await administrator.execute("alter table hub.disclosure disable trigger all")
        await administrator.execute(
            "delete from hub.disclosure d where not exists (select from hub.leaf l where l.disclosure = d.id)"
        )
        await write(administrator, signer.verifier_key(), tmp_path / "log")
    finally:
        await change.rollback()
    lines = (tmp_path / "log").read_text("utf-8").splitlines()
    assert verify_log(lines).holds
    [failure] = verify_log(lines, kept=[kept["note"]]).failures
    assert (failure.kind, failure.number) == (Kind.TRUNCATED, earlier)


async def test_names_a_forged_leaf(
    room: Room, administrator: asyncpg.Connection, signer: Signer, tmp_path: Path
) -> None:
    _, size = await tampered(room, administrator, signer, tmp_path / "log", FORGE)
    failures = verify_log((tmp_path / "log").read_text("utf-8").splitlines()).failures
    assert {(failure.kind, failure.number) for failure in failures} == {
        (Kind.ALTERED, size),
        (Kind.ADDED, size),
    }


async def test_names_a_checkpoint_that_was_exchanged(
    room: Room, administrator: asyncpg.Connection, signer: Signer, tmp_path: Path
) -> None:
    await tampered(room, administrator, signer, tmp_path / "log", CHECKPOINT)
    failures = verify_log((tmp_path / "log").read_text("utf-8").splitlines()).failures
    assert [failure.kind for failure in failures] == [Kind.ADDED]
    assert failures[0].number is not None


async def test_names_an_earlier_checkpoint_that_was_altered(
    room: Room, administrator: asyncpg.Connection, signer: Signer, tmp_path: Path
) -> None:
    await tampered(room, administrator, signer, tmp_path / "log", EARLIER)
    failures = verify_log((tmp_path / "log").read_text("utf-8").splitlines()).failures
    assert [failure.kind for failure in failures] == [Kind.ALTERED]
    assert "stored checkpoint" in failures[0].words


async def test_holds_untouched(
    room: Room, administrator: asyncpg.Connection, signer: Signer, tmp_path: Path
) -> None:
    await tampered(room, administrator, signer, tmp_path / "log", "select $1")
    verdict = verify_log((tmp_path / "log").read_text("utf-8").splitlines(), key=signer.verifier_key())
    assert verdict.holds, verdict.failures
