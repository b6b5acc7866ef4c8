"""Whose records are due for routine disposal: nobody asked, their time is over."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from gateway.retention.casework import look_up
from gateway.retention.proposing import ErasureFate
from gateway.retention.rules import in_force
from gateway.retention.schedule import shortest
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.page import Cursor, Limit, Paged, after, position, tail
from hub.problem import NotFound

QUIET = f"""
select subject, at, {position("at", "subject")} from hub.quiet_since(
  cast(:years as int), cast(:moment as timestamptz), cast(:identity as uuid), cast(:limit as int)) quiet"""

router = APIRouter(route_class=HubRoute, prefix="/retention", tags=["rights"])

Handle = Annotated[Tx, allow(Scope.RIGHTS_WRITE, Scope.RECORDS_OVERSEE)]


class RetentionDue(BaseModel):
    """A person or household some of whose records are past their retention period."""

    subject: UUID
    last_contact: date
    records: int = Field(description="how many are due")
    kept: int = Field(description="how many are not")
    categories: dict[str, int] = Field(description="what is due, by category")


class RetentionDuePage(Paged):
    """A page of them: it looked at as many people as the limit says, and shows those with something due."""

    due: list[RetentionDue]


@router.get("/due")
async def list_due_for_disposal(
    tx: Handle, request: Request, limit: Limit = 20, cursor: Cursor = None
) -> RetentionDuePage:
    """Who has records whose time is over, the longest without contact first."""
    moment, identity = after(cursor)
    years = shortest(await in_force(tx))
    rows = await tx.rows(QUIET, years=years, moment=moment, identity=identity, limit=limit)
    found = [await _due(tx, request, row) for row in rows]
    return RetentionDuePage(due=[one for one in found if one], next=tail(rows, limit))


async def _due(tx: Tx, request: Request, row: Any) -> RetentionDue | None:
    try:
        work = await look_up(tx, request, row["subject"], asked=False)
    except NotFound:
        return None
    fates = [(one.category, work.proposals[one.record].fate) for one in work.records]
    fates += [(one.category, proposal.fate) for one, proposal in work.hub]
    due = [category for category, fate in fates if fate is ErasureFate.ERASE]
    if not due:
        return None
    return RetentionDue(
        subject=row["subject"],
        last_contact=row["at"].date(),
        records=len(due),
        kept=len(fates) - len(due),
        categories={one: due.count(one) for one in sorted(set(due))},
    )
