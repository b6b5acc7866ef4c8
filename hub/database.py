"""How we touch data: one engine per part, one transaction per request, and who is asking told to PostgreSQL.

Row policies read `hub.agency`, `hub.purpose` and `hub.audience`. Missing context is no rows.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import CursorResult, RowMapping, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine  # noqa: TID251  # the one place
from sqlalchemy.pool import NullPool
from sqlmodel.ext.asyncio.session import AsyncSession

from hub.caller import Caller, Purpose
from hub.problem import NotFound, Problem, TemporarilyUnavailable, Unauthenticated
from hub.view import View

CONTEXT = text(
    "select set_config('hub.agency', :agency, true), set_config('hub.purpose', :purpose, true),"
    " set_config('hub.audience', :audience, true), set_config('hub.client', :client, true),"
    " set_config('hub.practitioner', :practitioner, true), set_config('hub.operation', :operation, true),"
    " set_config('hub.request', :request, true), set_config('hub.oversight', :oversight, true)"
)


class RoleCanBypassRowSecurity(Exception):
    """This part is connected as a role that row security does not bind. It refuses to start."""


class PurposeMissing(Problem):
    """This operation needs to know what the information is for."""

    status = 403


@dataclass
class Tx:
    """One transaction of one caller. The only way to data; nobody but its owner commits it."""

    session: AsyncSession
    caller: Caller | None
    operation: str
    request: UUID
    route: str = ""
    key: str | None = None
    fingerprint: bytes = b""
    claimed: bool = False
    shown: bool = False
    asked: list[UUID] = field(default_factory=list[UUID])

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

    async def run(self, sql: str, **values: Any) -> CursorResult[Any]:
        """Execute one statement with named parameters (`:name`; cast as `cast(:x as int)`)."""
        connection = await self.session.connection()
        return await connection.execute(text(sql), values)

    async def value(self, sql: str, **values: Any) -> Any:
        """The first column of the first row, or None."""
        return (await self.run(sql, **values)).scalar()

    async def rows(self, sql: str, **values: Any) -> Sequence[RowMapping]:
        """Every row as a mapping. For what carries no personal data: `show` is for the rest."""
        return (await self.run(sql, **values)).mappings().all()

    async def show(self, view: View, **values: Any) -> bytes:
        """The view as JSON bytes, and its disclosure, in one statement.

        Raises NotFound when the view's anchor shows nothing: it is not there, or not for this caller.
        """
        self.asked.extend(v for v in values.values() if isinstance(v, UUID))
        connection = await self.session.connection()
        row = (await connection.execute(view.statement, values)).one()
        if not row.found:
            raise NotFound
        self.shown = True
        return row.body.encode()


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
                "server_settings": {
                    "timezone": "UTC",
                    "application_name": "early-help-hub",
                    "jit": "off",
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
    async def transaction(self, caller: Caller | None, operation: str, request: UUID) -> AsyncGenerator[Tx]:
        """A transaction that knows its caller; it rolls back unless somebody committed it."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            tx = Tx(session, caller, operation, request)
            await tell_who_is_asking(tx)
            yield tx

    async def close(self) -> None:
        """Give every connection back."""
        await self.engine.dispose()


async def tell_who_is_asking(tx: Tx) -> None:
    """Set the context that row policies and the disclosure log read. Gone with the transaction."""
    caller = tx.caller
    connection = await tx.session.connection()
    await connection.execute(
        CONTEXT,
        {
            "agency": caller.agency if caller else "",
            "purpose": (caller.purpose or "") if caller else "",
            "audience": ",".join(caller.everyone_who_sees()) if caller else "",
            "client": caller.client if caller else "",
            "practitioner": (caller.practitioner or "") if caller else "",
            "operation": tx.operation,
            "request": str(tx.request),
            "oversight": "on" if caller and caller.oversees else "",
        },
    )


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
    lost = isinstance(reason, DBAPIError) and (reason.connection_invalidated or not state)
    if lost or state[:2] in ("08", "53", "57") or state in ("40001", "40P01", "55P03", "28000"):
        return TemporarilyUnavailable()
    return None
