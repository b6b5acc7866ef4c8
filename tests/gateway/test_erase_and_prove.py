"""The log of who looked still proves itself after an erasure, and names whoever deletes without one."""

import json
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError

from deploy.audit import Kind, Verdict, verify_log
from deploy.audit.export import write
from deploy.demo.partnership import OAKFIELD
from deploy.local import Running
from gateway.audit import signer_of
from hub.caller import Caller, Purpose
from hub.database import Database
from hub.proof import Signer
from tests.gateway.erasing import asked, carried_out, long_ago
from tests.gateway.logged import all_sequenced, looked_at
from tests.people import Family, Room, a_family

NEWEST_SHOWN = """
select max(l.number) from hub.leaf l join hub.disclosure d on d.id = l.disclosure where d.outcome = 'shown'"""


@pytest.fixture
def signer(hub: Running) -> Signer:
    """Who signs this hub's checkpoints."""
    return signer_of(hub.settings["gateway"])


async def verified(
    administrator: asyncpg.Connection, signer: Signer, to: Path, tampering: str = "select 1"
) -> Verdict:
    """What a verifier says offline of an export written after `tampering`, which is rolled back."""
    await all_sequenced(administrator)
    change = administrator.transaction()
    await change.start()
    try:
        await administrator.execute(tampering)
        await write(administrator, signer.verifier_key(), to)
    finally:
        await change.rollback()
    with to.open(encoding="utf-8") as lines:
        return verify_log(lines, key=signer.verifier_key())


async def forgotten(room: Room, administrator: asyncpg.Connection) -> tuple[Family, str]:
    """A family whose log of who looked went with everything else; the id of the request."""
    family = await a_family(room)
    await long_ago(administrator, family.household, family.child, family.parent)
    path, made = await asked(room, family.household)
    assert ("access_log", "erase") in {(one["kind"], one["proposal"]) for one in made["items"]}
    await carried_out(room, path)
    return family, path.rpartition("/")[2]


async def test_an_erased_disclosure_is_named_with_its_date_and_its_request(
    room: Room, administrator: asyncpg.Connection, signer: Signer, tmp_path: Path
) -> None:
    family, request = await forgotten(room, administrator)
    verdict = await verified(administrator, signer, tmp_path / "log")
    assert verdict.holds, verdict.failures
    [erasure] = [one for one in verdict.erased if one.request == request]
    assert erasure.at[:4].isdigit()
    assert erasure.entries > 0
    assert str(family.child) not in (tmp_path / "log").read_text("utf-8").replace(request, "")


async def test_whoever_deletes_a_disclosure_without_an_erasure_is_named(
    room: Room, administrator: asyncpg.Connection, signer: Signer, tmp_path: Path
) -> None:
    await forgotten(room, administrator)
    stolen = await administrator.fetchval(NEWEST_SHOWN)
    sql = f"delete from hub.disclosure where id = (select disclosure from hub.leaf where number = {stolen})"
    verdict = await verified(administrator, signer, tmp_path / "log", sql)
    assert [(one.kind, one.number) for one in verdict.failures] == [(Kind.MISSING, stolen)]


async def test_an_erasure_record_that_was_altered_covers_nothing(
    room: Room, administrator: asyncpg.Connection, signer: Signer, tmp_path: Path
) -> None:
    _, request = await forgotten(room, administrator)
    sql = "update hub.disclosure set reason = reason || ' x' where outcome = 'erased' and reason like "
    verdict = await verified(administrator, signer, tmp_path / "log", f"{sql}'%{request}%'")
    assert {one.kind for one in verdict.failures} == {Kind.ALTERED, Kind.MISSING}


HIDE_BEHIND_AN_ERASURE = """
alter table hub.leaf drop constraint leaf_disclosure_key;
delete from hub.disclosure where id = (select disclosure from hub.leaf where number = {stolen});
update hub.leaf set disclosure = (select l.disclosure from hub.leaf l
  where not exists (select from hub.disclosure d where d.id = l.disclosure)
    and not exists (select from hub.ledger_entry n where n.id = l.disclosure)
    and l.number <> {stolen} limit 1)
where number = {stolen}"""


async def test_what_was_never_erased_does_not_hide_behind_an_erasure(
    room: Room, administrator: asyncpg.Connection, signer: Signer, tmp_path: Path
) -> None:
    await forgotten(room, administrator)
    stolen = await administrator.fetchval(NEWEST_SHOWN)
    sql = HIDE_BEHIND_AN_ERASURE.format(stolen=stolen)
    verdict = await verified(administrator, signer, tmp_path / "log", sql)
    assert [(one.kind, one.number) for one in verdict.failures] == [(Kind.MISSING, stolen)]


async def test_nor_in_the_file_by_the_name_of_what_was_erased(
    room: Room, administrator: asyncpg.Connection, signer: Signer, tmp_path: Path
) -> None:
    await forgotten(room, administrator)
    await verified(administrator, signer, tmp_path / "log")
    header, *rest = (tmp_path / "log").read_text("utf-8").splitlines()
    leaves = [json.loads(line) for line in rest]
    gone = next(leaf for leaf in leaves if leaf["text"] is None)
    stolen = next(leaf for leaf in leaves if leaf["text"] and '"outcome": "shown"' in leaf["text"])
    for changed in ({"text": None, "salt": None}, {}):
        forged = [
            leaf | changed | {"disclosure": gone["disclosure"]} if leaf is stolen else leaf for leaf in leaves
        ]
        verdict = verify_log([header, *map(json.dumps, forged)], key=signer.verifier_key())
        kind = Kind.MISSING if changed else Kind.ALTERED
        assert [(one.kind, one.number) for one in verdict.failures] == [(kind, stolen["number"])]


ALTERED_AND_ERASED = """
with altered as (update hub.disclosure set reason = 'nothing to see'
  where id = (select l.disclosure from hub.leaf l where l.number = $1) returning subject)
select subject from altered"""
SAID = "select reason from hub.disclosure where outcome = 'erased' and reason like 'erasure ' || $1 || ': %'"


async def test_what_was_altered_before_it_was_erased_is_not_covered(
    room: Room, administrator: asyncpg.Connection
) -> None:
    await looked_at(room)
    await all_sequenced(administrator)
    number, request = await administrator.fetchval(NEWEST_SHOWN), str(uuid4())
    committed = await administrator.fetchval(
        "select encode(commitment, 'hex') from hub.leaf where number = $1", number
    )
    change = administrator.transaction()
    await change.start()
    try:
        subject = await administrator.fetchval(ALTERED_AND_ERASED, number)
        for setting in ("agency", "client", "practitioner", "purpose", "audience", "operation"):
            await administrator.execute("select set_config($1, 'northshire-dpo', true)", f"hub.{setting}")
        await administrator.execute("select set_config('hub.request', $1, true)", request)
        await administrator.execute(
            "select hub.erase_access_log($1, array[$2::uuid])", UUID(request), subject
        )
        named = await administrator.fetchval(SAID, request)
    finally:
        await change.rollback()
    assert named
    assert committed not in named


async def test_a_part_of_the_hub_cannot_write_an_erasure_of_its_own(hub: Running) -> None:
    database = Database(hub.settings["referral"].need("database_url"), 1)
    caller = Caller(OAKFIELD.id, OAKFIELD.client, frozenset(), Purpose.EARLY_HELP)
    with pytest.raises(DBAPIError, match="row-level security"):
        async with database.transaction(caller, "referral GET /forged", uuid4()) as tx:
            await tx.run("insert into hub.disclosure (outcome, row_count) values ('erased', 0)")
    await database.close()
