"""Counts unmet need beside the requests: a read writes nothing, so that a read-only replica can serve it.

What is counted waits in memory, without an order or a time, and is added to the primary every so often. A
process that is killed loses what it had not added: these are counts for planning, not records.

Whoever asks again the same day counts once, so that nobody lifts a small number over the line by repeating
itself. By whom, is the front door's mark (`gateway/marks.py`), which nobody can undo; it is forgotten daily.
"""

from collections import Counter
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

import structlog
from sqlalchemy.exc import DBAPIError

from hub.database import Database
from hub.heard import today
from hub.problem import Problem
from hub.rounds import going_round
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
    day: date = field(default_factory=today)
    asked: set[tuple[str, Unmet]] = field(default_factory=set[tuple[str, Unmet]])

    def note(self, mark: str, unmet: Iterable[Unmet]) -> None:
        """Count what this asker has not asked today, up to so many a day: memory is bounded."""
        if self.day != today():
            self.day, self.asked = today(), set()
        for one in unmet:
            if (mark, one) not in self.asked and len(self.asked) < MOST:
                self.asked.add((mark, one))
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
    try:
        async with going_round("unmet-need", tally.add, EVERY):
            yield
    finally:
        await tally.add()
