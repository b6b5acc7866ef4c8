"""Every table about people is behind its wall, and nobody who serves can step round one."""

from typing import Any

import asyncpg
import pytest

from deploy import local
from hub.database import Database, RoleCanBypassRowSecurity
from hub.policy import SERVICE_ROLES
from tests.policy.ledger import AUTHOR, Asking, asking

ABOUT_PEOPLE = """
select n.nspname || '.' || c.relname as place, c.relrowsecurity and c.relforcerowsecurity as walled,
  exists (select from pg_policy p where p.polrelid = c.oid and p.polcmd in ('r', '*')) as readable
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname in ('hub', 'referral', 'assessment', 'gateway', 'directory')
  and exists (select from pg_attribute a
    where a.attrelid = c.oid and a.attname in ('subject', 'subjects') and not a.attisdropped)
order by 1"""

# Ids and categories only, read by the policies themselves on behalf of every role that serves people.
READ_BY_POLICIES = {"hub.sight", "hub.share", "hub.restriction", "hub.override_grant"}


def _as_role(database_url: str, server: dict[str, Any], part: str) -> str:
    place = database_url.rpartition("@")[2]
    return f"postgresql://{SERVICE_ROLES[part]}:{server['roles'][part]}@{place}"


async def test_every_table_about_people_is_behind_a_forced_row_policy(
    hub: local.Running, administrator: asyncpg.Connection
) -> None:
    tables = await administrator.fetch(ABOUT_PEOPLE)
    open_tables = {row["place"] for row in tables if not row["walled"]}
    assert open_tables == READ_BY_POLICIES
    assert len(tables) > 15


@pytest.mark.parametrize("part", list(SERVICE_ROLES))
async def test_a_part_serves_under_a_role_that_cannot_bypass(
    part: str, hub: local.Running, database_url: str, server: dict[str, Any]
) -> None:
    database = Database(_as_role(database_url, server, part), 1)
    await database.refuse_unsafe_role()
    await database.close()


async def test_a_superuser_is_refused_at_start(hub: local.Running, database_url: str) -> None:
    database = Database(database_url, 1)
    with pytest.raises(RoleCanBypassRowSecurity, match="superuser"):
        await database.refuse_unsafe_role()
    await database.close()


@pytest.mark.parametrize(
    "statement",
    [
        "update hub.disclosure set agency = 'x'",
        "delete from hub.disclosure",
        "truncate hub.disclosure",
        "update hub.decision_event set reason = 'x'",
        "delete from hub.decision_event",
        "insert into hub.share select * from hub.share",
        "delete from hub.restriction",
        "delete from hub.event",
        "delete from referral.concern",
        "insert into hub.caseload (agency, purpose, subject) values ('x', 'x', gen_random_uuid())",
    ],
)
async def test_what_was_written_cannot_be_unwritten(
    statement: str, hub: local.Running, database_url: str, server: dict[str, Any]
) -> None:
    async with asking(_as_role(database_url, server, "referral"), Asking(AUTHOR)) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)


async def test_nobody_writes_in_another_agencys_name(
    hub: local.Running, database_url: str, server: dict[str, Any]
) -> None:
    async with asking(_as_role(database_url, server, "referral"), Asking(AUTHOR)) as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="row-level security"):
            await connection.execute(
                "insert into referral.household (id, subject, category, agency, name, created_at) select id,"
                " id, 'family_household', 'northshire-police', 'x', now() from gen_random_uuid() id"
            )


async def test_a_record_of_nobody_in_particular_is_not_shown_to_a_room_that_may_see_nothing(
    hub: local.Running, database_url: str, server: dict[str, Any]
) -> None:
    room = Asking(AUTHOR, audience=f"{AUTHOR},northshire-police")
    async with asking(_as_role(database_url, server, "referral"), room) as connection:
        for authors in (["northshire-dpo", None], [None], []):
            seen = await connection.fetchval(
                "select hub.everyone_may_see(gen_random_uuid(), 'identity_contact', $1)", authors
            )
            assert seen is False, authors
