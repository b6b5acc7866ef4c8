"""Fetching a record to act on it, and writing one: visible, held against a withdrawal, one at a time."""

from collections.abc import Sequence
from typing import TypeVar
from uuid import UUID

from hub.database import Tx
from hub.problem import NotFound
from hub.sharing import AgencyUnknown, NotInvolved, require_involvement
from hub.trace import record
from services.assessment.models.rows import Row

R = TypeVar("R", bound=Row)

# In one order, as withdrawals take them; the inner sort keeps PostgreSQL from taking another.
HOLD = "select hub.hold(one) from (select distinct unnest(cast(:subjects as uuid[])) one order by 1) o"
ALONE = "select pg_advisory_xact_lock(hashtextextended(cast(cast(:row as uuid) as text), 1))"


async def hold_known(tx: Tx, *subjects: UUID) -> None:
    """Hold people and households the caller's agency works with, until the transaction ends.

    NotFound for anybody else, whether or not they exist: knowing an id opens nothing.
    """
    tx.asked.extend(subjects)
    await tx.run(HOLD, subjects=list(subjects))
    try:
        await require_involvement(tx, subjects)
    except NotInvolved as reason:
        raise NotFound from reason


async def take(tx: Tx, kind: type[R], row: UUID, *about: UUID) -> R:
    """The record, for the caller alone to act on, with its subject and `about` held.

    NotFound if it is not there or not for this caller, also when a withdrawal came first.
    """
    tx.asked.append(row)
    subject = await tx.value(f"select subject from assessment.{kind.__tablename__} where id = :row", row=row)
    if subject is None:
        raise NotFound
    await tx.run(HOLD, subjects=[subject, *about])
    await tx.run(ALONE, row=row)
    found = await tx.session.get(kind, row)
    if found is None:
        raise NotFound
    return found


async def fetch(tx: Tx, kind: type[R], row: UUID) -> R:
    """The record as it can be seen now, to be named by another. NotFound if it cannot."""
    tx.asked.append(row)
    found = await tx.session.get(kind, row, populate_existing=True)
    if found is None:
        raise NotFound
    return found


async def write(tx: Tx, event: str, row: Row, *, about: UUID | None = None) -> UUID:
    """Store one row in the caller's name and record that it happened; returns the row's id.

    The event is about the row itself, or about the record that it moves.
    """
    tx.session.add(row)
    await tx.session.flush()
    await record(tx, event, row.subject, row.category, about=about or row.id)
    return row.id


async def require_agencies(tx: Tx, agencies: Sequence[str]) -> None:
    """AgencyUnknown unless all of these are active agencies of this partnership."""
    known = await tx.value(
        "select count(*) from hub.agency where id = any(:agencies) and active",
        agencies=list(set(agencies)),
    )
    if known != len(set(agencies)):
        raise AgencyUnknown


async def standing(tx: Tx, kind: str, row: UUID) -> tuple[int, str]:
    """The number and status of a record's latest move (`kind`: assessment, plan or action)."""
    [latest] = await tx.rows(
        f"select number, status from assessment.{kind}_move where {kind} = :row order by number desc limit 1",
        row=row,
    )
    return latest["number"], latest["status"]
