"""What this partnership wants of its decisions."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.heard import Heard, Words
from hub.page import Cursor, Limit, Paged, after, beyond, position, tail

router = APIRouter(route_class=HubRoute, tags=["partnership"])

Read = Annotated[Tx, allow(Scope.PARTNERSHIP_READ)]
Write = Annotated[Tx, allow(Scope.PARTNERSHIP_WRITE)]


RULES = "select agreements_required, reading_limit_factor from hub.partnership"

# A partnership that has lost its row needs agreements.
UNSAID = {"agreements_required": True, "reading_limit_factor": 1}

# What is not said stays as it is.
CHANGE = """
insert into hub.partnership_event (agreements_required, reading_limit_factor, reason)
select :required, coalesce(cast(:factor as int), (select reading_limit_factor from hub.partnership), 1),
  :reason"""

HISTORY = f"""
select e.agreements_required, e.reading_limit_factor, e.reason, e.recorded_by, e.recorded_by_client,
  nullif(e.practitioner, '') as practitioner, e.at, {position("e.at", "e.id")}
from hub.partnership_event e where {beyond("e.at", "e.id")}
order by e.at desc, e.id desc limit cast(:limit as int)"""


class PartnershipRules(BaseModel):
    """The rules of this partnership."""

    agreements_required: bool
    reading_limit_factor: int = Field(
        description="how many times the hub's own limits on reading what is new to a client or practitioner"
    )


class RulesHeard(Heard):
    """The rules as they are to be from now on, and why."""

    agreements_required: bool
    reading_limit_factor: int | None = Field(
        None, ge=1, le=1000, description="left out, it stays as it is; 1 is what the hub does by itself"
    )
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
    """Whether an agreement must stand behind a decision to share, and how much reading is too much."""
    said = await tx.rows(RULES)
    return PartnershipRules.model_validate(dict(said[0]) if said else UNSAID)


@router.put("/partnership/rules", status_code=204)
async def change_rules(tx: Write, heard: RulesHeard) -> None:
    """Say so, for decisions recorded and reading counted from now on. What is in force stays as it is.

    Whoever oversees the hub is told at once.
    """
    await tx.run(
        CHANGE,
        required=heard.agreements_required,
        factor=heard.reading_limit_factor,
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
