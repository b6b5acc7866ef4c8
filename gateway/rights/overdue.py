"""Tells the data protection officer of requests that nobody has answered in time, once each, by id alone."""

from contextlib import AbstractAsyncContextManager
from datetime import date
from uuid import uuid4

from hub.database import Database
from hub.heard import today
from hub.rounds import going_round

INTERVAL = 300.0


async def tell_once(database: Database, day: date) -> int:
    """Put a notice in oversight's inbox for each request overdue on this day and not told of; how many."""
    async with database.transaction(None, "rights tell of overdue requests", uuid4()) as tx:
        told = await tx.value("select hub.tell_of_overdue_requests(:day)", day=day)
        await tx.commit()
    return told


def telling_of_overdue_requests(database: Database) -> AbstractAsyncContextManager[None]:
    """Tell while inside. Any number of processes may: PostgreSQL keeps it to one notice."""
    return going_round("overdue-requests", lambda: tell_once(database, today()), INTERVAL)
