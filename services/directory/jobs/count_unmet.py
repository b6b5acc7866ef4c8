"""Counts unmet need beside the requests: a read writes nothing, so that a read-only replica can serve it.

What is counted waits in memory, without an order or a time, and is added to the primary every so often. A
process that is killed loses what it had not added: these are counts for planning, not records.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from uuid import uuid4

import structlog
from sqlalchemy.exc import DBAPIError

from hub.database import Database
from hub.problem import Problem
from services.directory.schemas import Unmet
from services.directory.store import unmet as store

EVERY = 30.0
MOST = 100_000
log = structlog.get_logger("hub")


@dataclass
class Tally:
    """What was counted and not added yet."""

    primary: Database
    waiting: Counter[Unmet] = field(default_factory=Counter[Unmet])

    def note(self, unmet: Iterable[Unmet]) -> None:
        """Count these. Beyond so many different ones, new ones are not counted: memory is bounded."""
        for one in unmet:
            if one in self.waiting or len(self.waiting) < MOST:
                self.waiting[one] += 1

    async def add(self) -> None:
        """Add what waits to the primary. If that fails it goes on waiting."""
        if not self.waiting:
            return
        taken, self.waiting = self.waiting, Counter[Unmet]()
        try:
            async with self.primary.transaction(None, "count unmet need", uuid4()) as tx:
                await store.add(tx, taken)
                await tx.commit()
        except (DBAPIError, OSError, Problem) as reason:
            self.waiting += taken
            log.warning("unmet need not added", kind=type(reason).__name__)


@asynccontextmanager
async def counting(tally: Tally) -> AsyncGenerator[None]:
    """Add every so often while inside, and once more on the way out."""
    task = asyncio.create_task(_keep_adding(tally))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        await tally.add()


async def _keep_adding(tally: Tally) -> None:
    while True:
        await asyncio.sleep(EVERY)
        await tally.add()
