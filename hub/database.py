"""How we touch data: one engine per part, one transaction per request, and who is asking told to PostgreSQL.

Row policies read `hub.agency`, `hub.purpose` and `hub.audience`. Missing context is no rows.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine  # noqa: TID251  # the one place
from sqlalchemy.pool import NullPool, PoolProxiedConnection
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.caller import Caller, Purpose
from hub.line import Line, Row, driver_of
from hub.problem import NotFound, Problem, TemporarilyUnavailable, Unauthenticated
from hub.view import View

CONTEXT = (
    "select set_config('hub.agency', :agency, true), set_config('hub.purpose', :purpose, true),"
    " set_config('hub.audience', :audience, true), set_config('hub.client', :client, true),"
    " set_config('hub.practitioner', :practitioner, true), set_config('hub.operation', :operation, true),"
    " set_config('hub.request', :request, true), set_config('hub.oversight', :oversight, true),"
    " set_config('hub.storing', :storing, true)"
)


class RoleCanBypassRowSecurity(Exception):
    """This part is connected as a role that row security does not bind. It refuses to start."""


class PurposeMissing(Problem):
    """This operation needs to know what the information is for."""

    status = 403


@dataclass
class Tx:
    """One transaction of one caller. The only way to data; nobody but its owner commits it.

    SQL goes straight to asyncpg. The ORM's session joins the same transaction when something first asks
    for it: most requests never do, and it costs more than all their SQL together.
    """

    line: Line
    caller: Caller | None
    operation: str
    request: UUID
    route: str = ""
    key: str | None = None
    fingerprint: bytes = b""
    claimed: bool = False
    shows: list[str] = field(default_factory=list[str])
    asked: list[UUID] = field(default_factory=list[UUID])
    seals: Row | None = None

    @property
    def session(self) -> AsyncSession:
        """The ORM in this transaction, for `add`, `get` and `flush`."""
        return self.line.session()

    @property
    def known_caller(self) -> Caller:
        """The caller of an operation that needs one."""
        if self.caller is None:
            raise Unauthenticated
        return self.caller

    @property
    def purpose(self) -> Purpose:
        """What the caller's token is for; PurposeMissing where it says nothing."""
        if self.known_caller.purpose is None:
            raise PurposeMissing("Ask for one `purpose:...` scope with the token.")
        return self.known_caller.purpose

    async def run(self, sql: str, **values: Any) -> Sequence[Row]:
        """Execute one statement with named parameters (`:name`; cast as `cast(:x as int)`)."""
        self.seals = None
        return await self.line.fetch(sql, values)

    async def value(self, sql: str, **values: Any) -> Any:
        """The first column of the first row, or None."""
        found = await self.run(sql, **values)
        return found[0][0] if found else None

    async def rows(self, sql: str, **values: Any) -> Sequence[Row]:
        """Every row, by column name. For what carries no personal data: `show` is for the rest."""
        return await self.run(sql, **values)

    async def show(self, view: View, **values: Any) -> bytes:
        """The view as JSON bytes, and its disclosure, in one statement.

        Raises NotFound when the view's anchor shows nothing: it is not there, or not for this caller.
        """
        self.asked.extend(v for v in values.values() if isinstance(v, UUID))
        [row] = await self.line.fetch(view.told if self.claimed else view.statement, values)
        if not row["found"]:
            raise NotFound
        self.seals = row
        if self.claimed:
            self.shows.append(row["shows"])
        return row["body"].encode()

    @asynccontextmanager
    async def attempt(self) -> AsyncGenerator[None]:
        """What fails inside is undone, and the transaction lives on. What failed is still raised."""
        async with self.line.connection.transaction():
            yield

    async def commit(self) -> None:
        """Make it so. For whoever opened the transaction: `allow` (hub.access), a job, a command."""
        await self.line.commit()


def administration(url: str) -> AsyncEngine:
    """An engine for migrations and operators: one connection at a time, as whoever the URL names."""
    return create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"), poolclass=NullPool)


class Database:
    """One part's connections, under that part's own role."""

    def __init__(self, url: str, pool_size: int = 8) -> None:
        self.engine = create_async_engine(
            make_url(url).set(drivername="postgresql+asyncpg"),
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=5,
            hide_parameters=True,
            connect_args={
                "timeout": 5,
                "statement_cache_size": 500,
                "max_cached_statement_lifetime": 0,
                "server_settings": {
                    "timezone": "UTC",
                    "application_name": "early-help-hub",
                    "jit": "off",
                    # Planning a case view anew takes twice as long as running it.
                    "plan_cache_mode": "force_generic_plan",
                },
            },
        )

    async def refuse_unsafe_role(self) -> None:
        """Raise RoleCanBypassRowSecurity for a superuser, a BYPASSRLS role, or an owner of our tables."""
        async with self.engine.connect() as connection:
            unsafe = await connection.scalar(text(ROLE_CHECK))
        if unsafe:
            raise RoleCanBypassRowSecurity(f"{self.engine.url.username} {unsafe}")

    @asynccontextmanager
    async def transaction(
        self, caller: Caller | None, operation: str, request: UUID, *, storing: bool = False
    ) -> AsyncGenerator[Tx]:
        """A transaction that knows its caller; it rolls back unless somebody committed it.

        `storing`: it takes in what the caller sends (hub.access.allow).
        """
        line = Line(self.engine, await self._connection())
        try:
            await line.begin()
            await line.fetch(CONTEXT, who_is_asking(caller, operation, request, storing=storing))
            yield Tx(line, caller, operation, request)
        finally:
            await line.give_back()

    async def _connection(self) -> PoolProxiedConnection:
        """A connection of the pool that is not known to be dead."""
        while driver_of(held := await self.engine.raw_connection()).is_closed():
            held.invalidate()
        return held

    async def close(self) -> None:
        """Give every connection back."""
        await self.engine.dispose()


def who_is_asking(
    caller: Caller | None, operation: str, request: UUID, *, storing: bool = False
) -> dict[str, str]:
    """The context that row policies and the disclosure log read. Gone with the transaction."""
    return {
        "agency": caller.agency if caller else "",
        "purpose": (caller.purpose or "") if caller else "",
        "audience": ",".join(caller.everyone_who_sees()) if caller else "",
        "client": caller.client if caller else "",
        "practitioner": (caller.practitioner or "") if caller else "",
        "operation": operation,
        "request": str(request),
        "oversight": "on" if caller and caller.oversees else "",
        "storing": "on" if storing else "",
    }


ROLE_CHECK = """
select case
  when r.rolsuper then 'is a superuser'
  when r.rolbypassrls then 'has BYPASSRLS'
  when exists (
    select from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relowner = r.oid
      and n.nspname in ('hub', 'referral', 'assessment', 'directory', 'gateway'))
    then 'owns tables of the hub'
end from pg_roles r where r.rolname = current_user
"""


def unavailable(reason: BaseException) -> TemporarilyUnavailable | None:
    """The 503 for a database that is away, too busy or shutting down; None for any other error."""
    if isinstance(reason, (OSError, TimeoutError)):
        return TemporarilyUnavailable()
    state = str(getattr(getattr(reason, "orig", None), "sqlstate", "") or "")
    lost = isinstance(reason, DBAPIError) and reason.connection_invalidated
    if lost or state[:2] in ("08", "53", "57") or state in ("40001", "40P01", "55P03", "28000"):
        return TemporarilyUnavailable()
    return None
