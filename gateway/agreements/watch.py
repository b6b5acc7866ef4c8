"""Warns of agreements that expire within 30 days: the event `agreement.expiring`, once for each."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

import structlog

from hub.database import Database
from hub.sharing.agreements import warn

WARNED_BEFORE = 30
INTERVAL = 3600.0

log = structlog.get_logger("hub")


async def warn_once(database: Database) -> int:
    """Warn of what nobody was warned of yet; of how many."""
    async with database.transaction(None, "watch agreements", uuid4()) as tx:
        warned = await warn(tx, WARNED_BEFORE)
        await tx.commit()
    return warned


@asynccontextmanager
async def watching(database: Database) -> AsyncGenerator[None]:
    """Watch until the block ends. Any number of processes may: PostgreSQL keeps it to one warning."""
    task = asyncio.create_task(_watch(database))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _watch(database: Database) -> None:
    while True:
        try:
            await warn_once(database)
        except Exception as reason:  # noqa: BLE001  # a database that is away comes back
            log.warning("agreements not watched", kind=type(reason).__name__)
        await asyncio.sleep(INTERVAL)
