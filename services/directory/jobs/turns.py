"""The transactions of long work: one for every step, so that what was done stays; or one for all of it."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from uuid import uuid4

from hub.caller import AgencyId, Caller, ClientId, Scope
from hub.database import Database, Tx

Turn = Callable[[], AbstractAsyncContextManager[Tx]]
ITSELF = ClientId("directory-feeds")


def each(database: Database, caller: Caller, operation: str) -> Turn:
    """A transaction for every turn, committed at its end."""

    @asynccontextmanager
    async def turn() -> AsyncGenerator[Tx]:
        async with database.transaction(caller, operation, uuid4()) as tx:
            yield tx
            await tx.commit()

    return turn


def within(tx: Tx) -> Turn:
    """The same transaction every time: whoever opened it decides what becomes of it."""

    @asynccontextmanager
    async def turn() -> AsyncGenerator[Tx]:
        yield tx

    return turn


def keeper(agency: str) -> Caller:
    """The directory itself, at work for the agency that keeps a feed."""
    return Caller(AgencyId(agency), ITSELF, frozenset({Scope.DIRECTORY_WRITE}))
