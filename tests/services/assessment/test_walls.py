"""What PostgreSQL itself refuses, whatever the service does."""

import asyncio

import asyncpg
import pytest

from deploy.demo.partnership import EARLY_HELP, NURSING
from tests.people import Room
from tests.services.assessment.cases import assessed_family, let_see, rows_of, section_of

TABLES = """
select c.relname, c.relrowsecurity and c.relforcerowsecurity as walled,
  has_table_privilege('hub_assessment', c.oid, 'update, delete, truncate') as rewritable
from pg_class c where c.relnamespace = 'assessment'::regnamespace and c.relkind = 'r'
  and c.relname <> 'alembic_version'"""


async def test_every_table_is_behind_its_wall_and_append_only(
    administrator: asyncpg.Connection,
) -> None:
    tables = await rows_of(administrator, TABLES)
    assert len(tables) == 14
    assert {(table["walled"], table["rewritable"]) for table in tables} == {(True, False)}


@pytest.mark.parametrize("kind", ["assessment", "plan", "action"])
async def test_a_move_takes_its_number_for_good(administrator: asyncpg.Connection, kind: str) -> None:
    sql = """
select 1 from pg_index i where i.indrelid = $1::text::regclass and i.indisunique
  and (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
       where a.attrelid = i.indrelid and a.attnum = any(i.indkey)) = $2"""
    assert await rows_of(administrator, sql, f"assessment.{kind}_move", [kind, "number"])


async def test_a_write_that_waited_for_a_withdrawal_finds_nothing_there(
    room: Room, administrator: asyncpg.Connection
) -> None:
    case = await assessed_family(room)
    await let_see(room, case.family, NURSING, "plan_and_actions")
    async with administrator.transaction():
        await administrator.execute(
            "select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))", case.family.household
        )
        await administrator.execute("delete from hub.share where agency = $1", NURSING.id)
        body = section_of(case.family.household)
        writing = asyncio.create_task(room[NURSING].post(f"{case.path}/sections", body))
        await asyncio.sleep(0.3)
        assert not writing.done()
    assert (await writing).status_code == 404
    assert (await room[EARLY_HELP].get(case.path)).json()["sections"] == []
