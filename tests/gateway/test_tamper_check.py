"""Somebody who can write the whole database changes the log: `hub audit verify` names what, and exits 1.

Each change is made and exported inside one transaction of the administrator's, and then rolled back.
"""

from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner

from deploy.audit import Kind, verify_log
from deploy.audit.export import write
from deploy.cli.audit import audit
from deploy.local import Running
from gateway.audit import signer_of
from hub.proof import Signer
from tests.gateway.logged import all_sequenced, looked_at
from tests.people import Room

# $1 is a leaf in the middle of the log.
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
    for _ in range(3):
        await looked_at(room)
        await all_sequenced(administrator)
    change = administrator.transaction()
    await change.start()
    try:
        # Rows are exchanged and forged freely: an administrator drops what is in the way.
        await administrator.execute("alter table hub.leaf drop constraint leaf_disclosure_key")
        size = await administrator.fetchval("select count(*) from hub.leaf")
        await administrator.execute(sql.replace("$1", str(size // 2)))
        await write(administrator, signer.verifier_key(), to)
    finally:
        await change.rollback()
    return size // 2, size


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
