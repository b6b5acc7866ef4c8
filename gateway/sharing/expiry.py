"""Says in the history that a decision has run its time. What it let somebody see ended with its last moment.

Access needs no job: every statement that reads compares with the clock. One process of the hub at a time
records what the clock has already decided.
"""

from contextlib import AbstractAsyncContextManager
from uuid import uuid4

from hub.database import Database
from hub.rounds import going_round

INTERVAL = 10.0
BATCH = 500
LOCK = 2_718_281_828_459_045


def recording_expiry(database: Database) -> AbstractAsyncContextManager[None]:
    """Record in the background while inside."""
    return going_round("expiry", lambda: _record_all(database), INTERVAL)


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


async def _record_all(database: Database) -> None:
    while await record_expired(database) == BATCH:
        pass
