"""What the database is like for the role a part connects as."""

import time
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from deploy import environment, migrate
from deploy.doctor.findings import Finding, good, wrong
from hub.database import ROLE_CHECK
from hub.policy import SERVICE_ROLES

OLDEST = 18
# An inner token is good for 30 seconds, and an assertion may be 10 seconds ahead.
MOST_SKEW = 5.0
WRITES_NO_DISCLOSURES = SERVICE_ROLES["directory"]
MIGRATE = "Run `hub migrate` with the administrator's HUB_DATABASE_URL."
ROLES = ", ".join(SERVICE_ROLES.values())

# Ids and categories only, read by the policies themselves on behalf of every role.
READ_BY_POLICIES = ("hub.sight", "hub.share", "hub.restriction", "hub.override_grant")
OPEN_TABLES = """
select n.nspname || '.' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and n.nspname in ('hub', 'gateway', 'referral', 'assessment', 'directory')
  and not (c.relrowsecurity and c.relforcerowsecurity)
  and n.nspname || '.' || c.relname <> all(cast(:known as text[]))
  and exists (select from pg_attribute a
    where a.attrelid = c.oid and a.attname in ('subject', 'subjects') and not a.attisdropped)
order by 1
"""
AS_NOBODY = """
select set_config(
  'hub.' || name, case name when 'request' then gen_random_uuid()::text else 'doctor' end, true)
from unnest(array['agency', 'purpose', 'audience', 'client', 'practitioner', 'operation', 'request']) name
"""
DISCLOSE = "insert into hub.disclosure (outcome, reason) values ('refused', 'the doctor was here')"
CHANGEABLE = """
select has_table_privilege('hub.disclosure', 'update, delete, truncate') and not rolsuper
from pg_roles where rolname = current_user
"""


async def database(url: str, part: str | None) -> list[Finding]:
    """Every check of the database. Raises DatabaseUnreachable."""
    async with environment.connected(url) as connection:
        role = str(await connection.scalar(text("select current_user")))
        found = [
            await _version(connection),
            await _role(connection, role, part),
            await _clock(connection),
        ]
        await connection.rollback()
        found.append(await _schema(url))
        if not found[-1].ok:
            return found
        found.append(await _walls(connection))
        if role != WRITES_NO_DISCLOSURES:
            found.append(await _disclosure(connection))
        return found


async def _version(connection: AsyncConnection) -> Finding:
    number = int(str(await connection.scalar(text("show server_version_num")))) // 10_000
    if number >= OLDEST:
        return good("server", f"PostgreSQL {number}.")
    return wrong("server", f"The server is PostgreSQL {number}.", f"The hub needs {OLDEST} or newer.")


async def _role(connection: AsyncConnection, role: str, part: str | None) -> Finding:
    unsafe = await connection.scalar(text(ROLE_CHECK))
    if unsafe:
        says = f"{role} {unsafe}: row security would not bind it."
        return wrong("role", says, f"A part connects under its own role: {ROLES}.")
    if part is not None and role != SERVICE_ROLES[part]:
        says = f"The {part} part is connected as {role}."
        return wrong("role", says, f"Its own role is {SERVICE_ROLES[part]}.")
    return good("role", f"{role} is bound by row security.")


async def _clock(connection: AsyncConnection) -> Finding:
    before = time.time()
    there: datetime | None = await connection.scalar(text("select clock_timestamp()"))
    assert there is not None
    here = datetime.fromtimestamp((before + time.time()) / 2, UTC)
    skew = (there - here).total_seconds()
    if abs(skew) <= MOST_SKEW:
        return good("clock", f"This machine and the database differ by {abs(skew):.1f} s.")
    way = "ahead of" if skew > 0 else "behind"
    return wrong(
        "clock", f"The database is {abs(skew):.0f} s {way} this machine.", "Set both by a time server (NTP)."
    )


async def _schema(url: str) -> Finding:
    try:
        late = await migrate.behind(url)
    except migrate.SchemaFromAnotherVersion as reason:
        return wrong("schema", str(reason), "Run the version of the hub that the database was migrated by.")
    if late:
        return wrong("schema", f"The schema is behind: {', '.join(late)}.", MIGRATE)
    return good("schema", "The schema is up to date.")


async def _walls(connection: AsyncConnection) -> Finding:
    found = await connection.scalars(text(OPEN_TABLES), {"known": list(READ_BY_POLICIES)})
    if tables := found.all():
        says = f"Row security is not enabled and forced on {', '.join(tables)}."
        return wrong(
            "row security", says, "Somebody changed it by hand: alter table ... force row level security."
        )
    return good("row security", "Every table about people is behind a forced row policy.")


async def _disclosure(connection: AsyncConnection) -> Finding:
    """A disclosure that cannot be written means that nothing can be shown; one is tried and taken back."""
    try:
        await connection.execute(text(AS_NOBODY))
        await connection.execute(text(DISCLOSE))
    except DBAPIError as reason:
        return wrong("disclosures", f"A disclosure cannot be written: {environment.why(reason)}.", MIGRATE)
    finally:
        await connection.rollback()
    if await connection.scalar(text(CHANGEABLE)):
        says = "This role can change disclosures that were written."
        return wrong("disclosures", says, "revoke update, delete, truncate on hub.disclosure.")
    return good("disclosures", "Disclosures can be written, and not changed.")
