"""The one way to send something later: asked for again at the moment of sending, under the receiver's eyes.

Whatever was queued (a webhook, a subscription, an export) is only a promise to look. `sending` opens a
transaction as the receiver, holds the person together with everything else that fans out, and what it
shows passes row security and the seals there and then. A withdrawal, a restriction and a seal hold the
person alone: they wait for a sending under way, and every sending after them finds nothing.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from hub.caller import Caller
from hub.database import Database, Tx
from hub.problem import NotFound
from hub.seals.answers import Seals, sealed_json
from hub.view import View

# A withdrawal waits at most this long for a slow receiver; a delivery cut short is tried again.
LONGEST = 5.0


class NothingToSend(Exception):
    """The receiver may not see this any more, or never could. Forget it: there is nothing to retry."""


@dataclass(frozen=True)
class Outgoing:
    """One delivery at the moment it leaves."""

    tx: Tx
    seals: Seals

    async def show(self, view: View, **values: Any) -> bytes:
        """What the receiver may see now, with its disclosure, sealed. NothingToSend where that is nothing."""
        try:
            shown = await self.tx.show(view, **values)
        except NotFound as reason:
            raise NothingToSend from reason
        return await sealed_json(self.tx, self.seals, shown)

    async def event(self, event: UUID) -> dict[str, Any]:
        """A queued thin event (ids, a type), if the receiver may see what it is about; or NothingToSend."""
        found = await self.tx.rows(DUE, event=event)
        if not found:
            raise NothingToSend
        return dict(found[0])


@asynccontextmanager
async def sending(
    database: Database, seals: Seals, receiver: Caller, subjects: Sequence[UUID], operation: str
) -> AsyncGenerator[Outgoing]:
    """Send inside the block, from what it shows. The disclosure commits once the block has ended well.

    Leave by NothingToSend, TimeoutError (the receiver was too slow) or any other failure, and no
    disclosure is kept. Never send from anything read outside the block.
    """
    async with asyncio.timeout(LONGEST), database.transaction(receiver, operation, uuid4()) as tx:
        await tx.run(HOLD, subjects=list(subjects))
        yield Outgoing(tx, seals)
        await tx.commit()


HOLD = "select hub.hold(one) from (select distinct unnest(cast(:subjects as uuid[])) one order by 1) them"
DUE = """
with due as (
  select id, type, subject, category, about, at, agency from hub.event where id = :event),
logged as (
  insert into hub.disclosure (subject, categories, records, row_count)
  select subject, array[category], array[category || ' ' || agency], 1 from due)
select id, type, subject, category, about, at from due"""
