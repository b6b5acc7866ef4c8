"""Warns of agreements that expire within 30 days, once each, by an event and in the inboxes."""

from contextlib import AbstractAsyncContextManager
from uuid import uuid4

from hub.database import Database
from hub.rounds import going_round
from hub.sharing.agreements import warn

WARNED_BEFORE = 30
INTERVAL = 3600.0


async def warn_once(database: Database) -> int:
    """Warn of what nobody was warned of yet; of how many."""
    async with database.transaction(None, "watch agreements", uuid4()) as tx:
        warned = await warn(tx, WARNED_BEFORE)
        await tx.commit()
    return warned


def watching(database: Database) -> AbstractAsyncContextManager[None]:
    """Watch while inside. Any number of processes may: PostgreSQL keeps it to one warning."""
    return going_round("agreements", lambda: warn_once(database), INTERVAL)
