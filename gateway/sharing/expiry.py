"""Says in the history that a decision has run its time. What it let somebody see ended with its last moment.

Access needs no job: every statement that reads compares with the clock. One process of the hub at a time
records what the clock has already decided.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import uuid4

import structlog

from hub.database import Database

INTERVAL = 10
BATCH = 500
LOCK = 2_718_281_828_459_045

log = structlog.get_logger("hub.sharing")


@asynccontextmanager
async def recording_expiry(database: Database) -> AsyncGenerator[None]:
    """Record in the background while inside."""
    stop = asyncio.Event()
    task = asyncio.create_task(_keep_recording(database, stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def record_expired(database: Database) -> int:
    """Append `expired` to what has run its time, up to a batch of it; how many.

    One transaction, under a lock that another process may hold: it is recording then, and we need not.
    """
    async with database.transaction(None, "sharing expire", uuid4()) as tx:
        if not await tx.value("select pg_try_advisory_xact_lock(:lock)", lock=LOCK):
            return 0
        done = await tx.value("select hub.expire(:most)", most=BATCH)
        await tx.commit()
        return done


async def _keep_recording(database: Database, stop: asyncio.Event) -> None:
    while not stop.is_set():
        try:
            while await record_expired(database) == BATCH:
                pass
        except Exception as reason:  # noqa: BLE001  # nothing may end it but its hub
            log.warning("recording expiry failed", kind=type(reason).__name__)
        try:
            await asyncio.wait_for(stop.wait(), INTERVAL)
        except TimeoutError:
            continue
