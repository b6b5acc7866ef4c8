"""The round that counts what was asked for anew, tells oversight who is beyond a limit, and has them wait.

It reads the trace, so that no request pays for it: what was written since the last round, and no more.
"""

import json
from contextlib import AbstractAsyncContextManager
from uuid import uuid4

from gateway.browsing.limits import as_json
from hub.database import Database
from hub.rounds import going_round

INTERVAL = 15.0


async def watch_once(database: Database) -> int:
    """Count what is new since the last round, of whichever process; how many alarms that raised."""
    async with database.transaction(None, "watch browsing", uuid4()) as tx:
        told = await tx.value(
            "select gateway.watch_browsing(cast(:limits as jsonb))", limits=json.dumps(as_json())
        )
        await tx.commit()
    return told


def watching(database: Database) -> AbstractAsyncContextManager[None]:
    """Watch while inside. Any number of processes may: one counts at a time, and tells once."""
    return going_round("browsing", lambda: watch_once(database), INTERVAL)
