"""The log of who looked still proves itself after an erasure, and names whoever deletes without one."""

from pathlib import Path

import asyncpg
import pytest

from deploy.audit import Kind, Verdict, verify_log
from deploy.audit.export import write
from deploy.local import Running
from gateway.audit import signer_of
from hub.proof import Signer
from tests.gateway.erasing import asked, carried_out, long_ago
from tests.gateway.logged import all_sequenced
from tests.people import Family, Room, a_family


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
    assert erasure.disclosures > 0
    assert str(family.child) not in (tmp_path / "log").read_text("utf-8").replace(request, "")


async def test_whoever_deletes_a_disclosure_without_an_erasure_is_named(
    room: Room, administrator: asyncpg.Connection, signer: Signer, tmp_path: Path
) -> None:
    await forgotten(room, administrator)
    stolen = await administrator.fetchval(
        "select max(l.number) from hub.leaf l join hub.disclosure d on d.id = l.disclosure"
        " where d.outcome = 'shown'"
    )
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
