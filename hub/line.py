"""A connection of the pool while one transaction holds it: SQL straight to asyncpg, the ORM only if asked.

SQLAlchemy keeps the pool, because the ORM needs its connections; its layers stay out of what is hot: they
cost more than all the SQL of a case view together (docs/decisions/0021).
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, TypeAlias, cast

import asyncpg
from sqlalchemy import text
from sqlalchemy.dialects.postgresql.asyncpg import dialect
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import PoolProxiedConnection
from sqlmodel.ext.asyncio.session import AsyncSession

Row = asyncpg.Record
Driver: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
DIALECT = dialect()


class Line:
    """One transaction on one connection. Whoever opens it gives it back."""

    def __init__(self, engine: AsyncEngine, held: PoolProxiedConnection) -> None:
        self._engine, self._held = engine, held
        self._session: AsyncSession | None = None
        self.connection: Driver = driver_of(held)
        self._transaction = self.connection.transaction()

    async def begin(self) -> None:
        """Open the transaction."""
        with self._named():
            await self._transaction.start()

    async def fetch(self, sql: str, values: Mapping[str, Any]) -> list[Row]:
        """Run one statement with named parameters. Raises DBAPIError, as the ORM does, if it fails."""
        words, names = positional(sql)
        with self._named():
            return await self.connection.fetch(words, *(values[name] for name in names))

    def session(self) -> AsyncSession:
        """A session inside the transaction: its own is a savepoint of ours (asyncpg nests them)."""
        if self._session is None:
            joined = AsyncConnection(self._engine, Connection(self._engine.sync_engine, self._held))
            self._session = AsyncSession(bind=joined, expire_on_commit=False)
        return self._session

    async def commit(self) -> None:
        """Commit what the session wrote and everything else."""
        if self._session is not None:
            await self._session.commit()
        with self._named():
            await self._transaction.commit()

    async def give_back(self) -> None:
        """Undo what was not committed and return the connection; one that broke is thrown away."""
        whole = False
        try:
            if self._session is not None:
                await self._session.close()
            if not self.connection.is_closed() and self.connection.is_in_transaction():
                await self._transaction.rollback()
            whole = not self.connection.is_closed()
        finally:
            if not whole:
                self._held.invalidate()
            self._held.close()

    @contextmanager
    def _named(self) -> Generator[None]:
        """One error for callers, whichever way a statement went."""
        try:
            yield
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as reason:
            broken = isinstance(reason, asyncpg.IntegrityConstraintViolationError)
            kind, gone = IntegrityError if broken else DBAPIError, self.connection.is_closed()
            raise kind(None, None, reason, True, gone) from reason  # True: without parameters
        except asyncpg.InternalClientError as reason:
            # The server hung up in the middle of a word: nobody can tell what the connection would say next.
            self.connection.terminate()
            raise DBAPIError(None, None, reason, True, True) from reason


def driver_of(held: PoolProxiedConnection) -> Driver:
    """The driver's own connection."""
    connection = held.driver_connection
    assert isinstance(connection, asyncpg.Connection)  # the engine has no other driver
    return cast("Driver", connection)


@lru_cache(maxsize=2048)
def positional(sql: str) -> tuple[str, tuple[str, ...]]:
    """SQL with `:name` parameters as PostgreSQL takes it (`$1`), and the names in that order."""
    compiled = text(sql).compile(dialect=DIALECT)
    return str(compiled), tuple(compiled.positiontup or ())
