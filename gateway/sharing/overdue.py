"""Tells the data protection officer of overrides that nobody has reviewed in time, once each, by id alone."""

from contextlib import AbstractAsyncContextManager
from uuid import uuid4

from hub.database import Database
from hub.rounds import going_round
from hub.sharing.overrides import REVIEW_WITHIN

INTERVAL = 300.0


async def tell_once(database: Database) -> int:
    """Put a notice in oversight's inbox for each review that is overdue and not told of yet; how many."""
    async with database.transaction(None, "sharing tell of overdue reviews", uuid4()) as tx:
        told = await tx.value("select hub.tell_of_overdue_reviews(:within)", within=REVIEW_WITHIN)
        await tx.commit()
    return told


def telling_of_overdue_reviews(database: Database) -> AbstractAsyncContextManager[None]:
    """Tell while inside. Any number of processes may: PostgreSQL keeps it to one notice."""
    return going_round("overdue-reviews", lambda: tell_once(database), INTERVAL)
