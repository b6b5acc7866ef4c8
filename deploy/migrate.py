"""Brings a database up to date: the roles, then one history per owner, under one advisory lock."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import RevisionError
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hub.database import administration
from hub.policy import SERVICE_ROLES

ROOT = Path(__file__).parent.parent
LOCK = 7_205_759_403_792_794
OWNER = "hub_owner"
HIDDEN = """
select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relname = 'alembic_version' and not has_table_privilege(c.oid, 'select')
"""


@dataclass(frozen=True)
class History:
    """One owner's migrations and the models they must equal."""

    owner: str
    folder: Path
    models: tuple[str, ...] = ()


HISTORIES = (
    History("hub", ROOT / "hub/migrations/versions"),
    History("gateway", ROOT / "gateway/migrations", ("gateway.models",)),
    History("referral", ROOT / "services/referral/migrations", ("services.referral.models",)),
    History("assessment", ROOT / "services/assessment/migrations", ("services.assessment.models",)),
    History("directory", ROOT / "services/directory/migrations", ("services.directory.models",)),
)


class SchemaFromAnotherVersion(Exception):
    """The database is at a migration that this version of the hub does not know."""


class CannotCreateRoles(Exception):
    """The role in HUB_DATABASE_URL may not create the hub's roles, and they are not there yet."""


def migrate(url: str, passwords: Mapping[str, str]) -> list[str]:
    """Bring the database at `url` (an administrator's) up to date; the owners whose schema changed.

    `passwords` gives a part's role a password (`{"referral": "..."}`); a part left out keeps its own.
    A second migration at the same moment waits for the first.
    """
    return asyncio.run(migrated(url, passwords))


async def migrated(url: str, passwords: Mapping[str, str]) -> list[str]:
    """The same, for callers inside an event loop."""
    engine = administration(url)
    async with engine.connect() as connection:
        await connection.execute(text("select pg_advisory_lock(:lock)"), {"lock": LOCK})
        await connection.commit()
        await _make_roles(connection, passwords)
        late = await connection.run_sync(_behind)
        await connection.run_sync(_upgrade)
    await engine.dispose()
    return late


async def behind(url: str) -> list[str]:
    """The owners whose schema is not at the newest migration; empty when all is up to date.

    A part's own role sees how far the ledger and its own schema have come, and no other. Raises
    SchemaFromAnotherVersion.
    """
    engine = administration(url)
    async with engine.connect() as connection:
        late = await connection.run_sync(_behind)
    await engine.dispose()
    return late


def _behind(connection: Connection) -> list[str]:
    late: list[str] = []
    hidden = set(connection.scalars(text(HIDDEN)))
    for history in HISTORIES:
        if history.owner in hidden:
            continue
        context = MigrationContext.configure(connection, opts={"version_table_schema": history.owner})
        scripts = ScriptDirectory.from_config(config_of(history, connection))
        try:
            # Not a comparison of heads: one that another depends on is left out of the version table.
            if list(scripts.iterate_revisions("heads", context.get_current_heads(), implicit_base=True)):
                late.append(history.owner)
        except RevisionError as reason:
            raise SchemaFromAnotherVersion(
                f"The schema {history.owner} is newer than this hub: {reason}."
            ) from reason
    return late


def config_of(history: History, connection: Connection) -> Config:
    """Alembic's configuration for one owner on one connection."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "hub/migrations"))
    config.set_main_option("version_locations", str(history.folder))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(owner=history.owner, connection=connection, models=history.models)
    return config


def _upgrade(connection: Connection) -> None:
    connection.execute(text(f"set role {OWNER}"))
    for history in HISTORIES:
        connection.execute(text(f"create schema if not exists {history.owner}"))
        connection.commit()
        command.upgrade(config_of(history, connection), "heads")
        connection.execute(text(f"grant select on {history.owner}.alembic_version to {_readers(history)}"))
        connection.commit()
    connection.execute(text("reset role"))
    connection.commit()


def _readers(history: History) -> str:
    """Who may see how far a history has come: its own part; the ledger's, every part."""
    return SERVICE_ROLES.get(history.owner) or ", ".join(SERVICE_ROLES.values())


async def _make_roles(connection: AsyncConnection, passwords: Mapping[str, str]) -> None:
    """The owner cannot log in; each part has a role that owns nothing and cannot bypass row security."""
    there = set((await connection.execute(text("select rolname from pg_roles"))).scalars())
    may = await connection.scalar(
        text("select rolsuper or rolcreaterole from pg_roles where rolname = current_user")
    )
    wanted = {OWNER, *SERVICE_ROLES.values()}
    if not may and wanted - there:
        raise CannotCreateRoles(f"missing: {', '.join(sorted(wanted - there))}")
    for role in sorted(wanted - there):
        login = "nologin" if role == OWNER else "login"
        await connection.execute(
            text(f"create role {role} {login} nosuperuser nobypassrls nocreatedb nocreaterole")
        )
    database = (await connection.execute(text("select quote_ident(current_database())"))).scalar_one()
    await connection.execute(text(f"grant {OWNER} to current_user"))
    await connection.execute(text(f"grant create on database {database} to {OWNER}"))
    for part, password in passwords.items():
        quoted = (
            await connection.execute(text("select quote_literal(cast(:p as text))"), {"p": password})
        ).scalar_one()
        await connection.execute(text(f"alter role {SERVICE_ROLES[part]} password {quoted}"))
    await connection.commit()
