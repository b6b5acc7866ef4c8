"""What this partnership wants of its decisions."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.heard import Heard, Words
from hub.page import Cursor, Limit, Paged, after, beyond, position, tail
from hub.sharing.agreements import required

router = APIRouter(route_class=HubRoute, tags=["partnership"])

Read = Annotated[Tx, allow(Scope.PARTNERSHIP_READ)]
Write = Annotated[Tx, allow(Scope.PARTNERSHIP_WRITE)]


HISTORY = f"""
select e.agreements_required, e.reason, e.recorded_by, e.recorded_by_client,
  nullif(e.practitioner, '') as practitioner, e.at, {position("e.at", "e.id")}
from hub.partnership_event e where {beyond("e.at", "e.id")}
order by e.at desc, e.id desc limit cast(:limit as int)"""


class PartnershipRules(BaseModel):
    """The rules of this partnership."""

    agreements_required: bool


class RulesHeard(Heard):
    """The rules as they are to be from now on, and why."""

    agreements_required: bool
    reason: Words


class RulesChange(PartnershipRules):
    """The rules were changed."""

    reason: str
    recorded_by: str
    recorded_by_client: str
    practitioner: str | None
    at: datetime


class RulesChanges(Paged):
    """A page of changes, newest first."""

    changes: list[RulesChange]


@router.get("/partnership/rules")
async def read_rules(tx: Read) -> PartnershipRules:
    """Whether an agreement between organisations must stand behind a decision to share."""
    return PartnershipRules(agreements_required=await required(tx))


@router.put("/partnership/rules", status_code=204)
async def change_rules(tx: Write, heard: RulesHeard) -> None:
    """Say so, for the decisions that are recorded from now on. What is in force stays as it is.

    Whoever oversees the hub is told at once.
    """
    await tx.run(
        "insert into hub.partnership_event (agreements_required, reason) values (:required, :reason)",
        required=heard.agreements_required,
        reason=heard.reason,
    )


@router.get("/partnership/rules/history")
async def list_changes_of_rules(tx: Read, limit: Limit = 50, cursor: Cursor = None) -> RulesChanges:
    """When the rules were changed, by whom and why, newest first."""
    moment, identity = after(cursor)
    rows = await tx.rows(HISTORY, moment=moment, identity=identity, limit=limit)
    return RulesChanges(
        changes=[RulesChange.model_validate(dict(row)) for row in rows], next=tail(rows, limit)
    )
