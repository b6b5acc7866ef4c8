"""Somebody who can write the whole database changes a decision: `hub audit verify` names it, and exits 1.

Each change is made and exported inside one transaction of the administrator's, and then rolled back.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from typer.testing import CliRunner

from deploy.audit import Kind, Verdict, verify_log
from deploy.audit.export import write
from deploy.cli.audit import audit
from deploy.demo.partnership import EARLY_HELP, OAKFIELD, POLICE
from deploy.local import Running
from gateway.audit import signer_of
from tests.gateway.deciding import decided, step
from tests.gateway.erasing import erased, long_ago
from tests.gateway.glass import opened
from tests.gateway.logged import all_sequenced
from tests.people import Room, a_family, share

SECRET = "What nobody is to read in an export."  # a reason
COLUMNS = """event, agency, purpose, basis, categories, subjects, reason, given_by, capacity, circumstances,
  starts, ends, recorded_by, client, practitioner, agreement"""
COPIED = f"""
insert into hub.decision_event (decision, at, {COLUMNS})
select gen_random_uuid(), now() - interval '90 days', {COLUMNS} from hub.decision_event where id = $1"""


@dataclass(frozen=True)
class Log:
    """A log that can be exported after something was done to it."""

    administrator: asyncpg.Connection
    key: str
    file: Path

    async def after(self, sql: str, *values: Any) -> Verdict:
        """What a verifier says of an export written after `sql`, which is rolled back."""
        await all_sequenced(self.administrator)
        change = self.administrator.transaction()
        await change.start()
        try:
            await self.administrator.execute(sql, *values)
            await write(self.administrator, self.key, self.file)
        finally:
            await change.rollback()
        return verify_log(self.file.read_text("utf-8").splitlines(), key=self.key)

    async def names(self, kind: Kind, row: UUID, sql: str, *values: Any) -> bool:
        """Whether just this step is named after the change, as what became of it."""
        verdict = await self.after(sql, *values)
        return [(one.kind, str(row) in one.words) for one in verdict.failures] == [(kind, True)]

    async def row(self, sql: str, *values: Any) -> UUID:
        """The id of one row."""
        found = await self.administrator.fetchval(sql, *values)
        assert isinstance(found, UUID)
        return found


@pytest.fixture
def log(hub: Running, administrator: asyncpg.Connection, tmp_path: Path) -> Log:
    """The log of this hub."""
    return Log(administrator, signer_of(hub.settings["gateway"]).verifier_key(), tmp_path / "log")


async def consent(room: Room, log: Log) -> UUID:
    """The step in which a mother's agreement was recorded."""
    decision = await decided(room[OAKFIELD], await a_family(room), EARLY_HELP.id, reason=SECRET)
    return await log.row("select id from hub.decision_event where decision = $1", UUID(decision))


@pytest.mark.parametrize(
    "to",
    [
        "basis = 'statutory_duty'",
        "at = at - interval '90 days', starts = starts - interval '90 days'",
        "given_by = null, giver = null, circumstances = '{}'",
        "categories = categories || '{home_address}'",
        "agency = 'northshire-police'",
        "reason = '[erased]'",
    ],
)
async def test_a_decision_that_was_altered_is_named(to: str, room: Room, log: Log) -> None:
    given = await consent(room, log)
    assert await log.names(Kind.ALTERED, given, f"update hub.decision_event set {to} where id = $1", given)


async def test_the_verifier_says_what_it_was_and_ends_with_1(room: Room, log: Log) -> None:
    given = await consent(room, log)
    await log.after("update hub.decision_event set basis = 'court_order' where id = $1", given)
    said = CliRunner().invoke(audit, ["verify", str(log.file)])
    assert said.exit_code == 1
    assert f"altered: the step {given} (given by {OAKFIELD.id}, " in " ".join(said.output.split())


async def test_the_verifier_says_whose_key_it_believed(room: Room, log: Log) -> None:
    given_key = ["--key", log.key]
    assert (await log.after("select $1::uuid", await consent(room, log))).holds
    for given, said in ((given_key, False), ([], True)):
        words = CliRunner().invoke(audit, ["verify", str(log.file), *given]).output
        assert ("It believed the key in the file" in " ".join(words.split())) is said


async def test_a_decision_that_was_deleted_is_named(room: Room, log: Log) -> None:
    given = await consent(room, log)
    assert await log.names(Kind.MISSING, given, "delete from hub.decision_event where id = $1", given)


async def test_a_decision_that_was_deleted_with_all_that_stands_for_it_is_named_by_its_leaf(
    room: Room, log: Log
) -> None:
    given = await consent(room, log)
    entry = await log.row("select id from hub.ledger_entry where event = $1", given)
    gone = "with gone as (delete from hub.decision_event where id = $1) delete from hub.ledger_entry where id"
    assert await log.names(Kind.MISSING, entry, f"{gone} = $2", given, entry)


async def test_a_decision_that_was_slipped_in_is_named(room: Room, log: Log) -> None:
    given = await consent(room, log)
    await log.administrator.execute("set session_replication_role = replica")
    verdict = await log.after(COPIED, given)
    await log.administrator.execute("set session_replication_role = origin")
    [failure] = verdict.failures
    assert failure.kind == Kind.ADDED
    assert "of a decision never passed through the sequencer" in failure.words


IN_PLACE = """
with taken as (delete from hub.unsequenced returning disclosure, commitment)
insert into hub.leaf (number, disclosure, commitment)
select (select max(number) from hub.leaf) + row_number() over (), disclosure, commitment from taken"""


async def test_a_decision_that_is_recorded_for_a_day_gone_by_is_named(room: Room, log: Log) -> None:
    given = await consent(room, log)
    await log.administrator.execute("select set_config('hub.agency', $1, false)", OAKFIELD.id)
    forged = COPIED.replace("$1", f"'{given}'")
    verdict = await log.after(f"{forged}; {IN_PLACE}")
    assert Kind.BACK_DATED in {one.kind for one in verdict.failures}


async def test_an_override_whose_reason_was_altered_is_named(room: Room, log: Log) -> None:
    override = await opened(room[POLICE], (await a_family(room)).child)
    row = await log.row("select id from hub.override_event where override = $1", UUID(override))
    sql = "update hub.override_event set reason_code = 'court_direction' where id = $1"
    assert await log.names(Kind.ALTERED, row, sql, row)


async def test_terms_of_an_agreement_that_were_widened_are_named_with_its_every_step(log: Log) -> None:
    agreement = await log.row("select agreement from hub.agreement_event where event = 'signed' limit 1")
    steps = await log.administrator.fetchval(
        "select count(*) from hub.agreement_event where agreement = $1", agreement
    )
    verdict = await log.after(
        "update hub.agreement_term set purposes = purposes || '{whatever}' where agreement = $1", agreement
    )
    assert [one.kind for one in verdict.failures] == [Kind.ALTERED] * steps
    assert all(str(agreement) in one.words for one in verdict.failures)


async def test_an_export_says_nothing_of_what_was_decided_but_that_it_was(room: Room, log: Log) -> None:
    given = await consent(room, log)
    verdict = await log.after("select 1")
    assert verdict.holds, verdict.failures
    text = log.file.read_text("utf-8")
    assert SECRET not in text
    [leaf] = [one for one in map(json.loads, text.splitlines()) if str(given) in (one.get("ledger") or "")]
    said = json.loads(leaf["text"])
    assert set(said) == {"at", "by", "digest", "id", "ledger", "of", "row", "step"}


async def test_what_was_erased_of_decisions_is_listed_and_the_log_holds(room: Room, log: Log) -> None:
    family = await a_family(room)
    everybody = [family.household, family.child, family.parent]
    decision = UUID(await share(room[OAKFIELD], EARLY_HELP, everybody, ["identity_contact"]))
    await room[OAKFIELD].made(step(decision, "withdraw"), {"reason": "She asked for it."})
    await long_ago(log.administrator, *everybody)
    request = (await erased(room, family.household)).rpartition("/")[2]
    verdict = await log.after("select 1")
    assert verdict.holds, verdict.failures
    named = {one for erasure in verdict.erased if erasure.request == request for one in erasure.named}
    lines = map(json.loads, log.file.read_text("utf-8").splitlines()[1:])
    assert len([one for one in lines if one["text"] is None and one["commitment"] in named]) >= 2
    salts = "select count(*) from hub.ledger_entry n join hub.decision_event e on e.id = n.event"
    assert await log.administrator.fetchval(f"{salts} where e.decision = $1 and why is null", decision) == 0


async def test_what_an_erasure_left_of_a_decision_is_proven_too(room: Room, log: Log) -> None:
    family = await a_family(room)
    everybody = [family.household, family.child, family.parent]
    decision = UUID(await share(room[OAKFIELD], EARLY_HELP, everybody, ["identity_contact"]))
    await long_ago(log.administrator, *everybody)
    await erased(room, family.household)
    row = await log.row("select id from hub.decision_event where decision = $1", decision)
    sql = "update hub.decision_event set basis = 'safeguarding' where id = $1"
    assert await log.names(Kind.ALTERED, row, sql, row)


@pytest.mark.parametrize("part", ["gateway", "referral", "assessment", "directory"])
@pytest.mark.parametrize(
    "sql", ["select * from hub.ledger_entry", "select hub.enter('decision_event', '{}')"]
)
async def test_no_part_of_the_hub_reads_the_entries_or_makes_one(hub: Running, part: str, sql: str) -> None:
    connection = await asyncpg.connect(hub.settings[part].need("database_url"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.fetch(sql)
    await connection.close()
