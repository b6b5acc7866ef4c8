"""What a scope depends on: a course of the client or the practitioner, or an agreement in force."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field, model_validator

from gateway.oauth.clients import ScopeUnknown
from gateway.partnership.training import Course
from hub.access import ALL_SCOPES, HubRoute, allow
from hub.caller import PractitionerId, Scope
from hub.database import Tx
from hub.heard import Heard
from hub.page import Cursor, Limit, Paged, after, beyond, position, tail
from hub.problem import NotFound

router = APIRouter(route_class=HubRoute, tags=["partnership"])

Read = Annotated[Tx, allow(Scope.PARTNERSHIP_READ)]
Write = Annotated[Tx, allow(Scope.PARTNERSHIP_WRITE)]

HISTORY = f"""
select e.event, e.scope, e.holder, nullif(e.course, '') as course, e.recorded_by, e.recorded_by_client,
  nullif(e.practitioner, '') as practitioner, e.at, {position("e.at", "e.id")}
from gateway.condition_event e where {beyond("e.at", "e.id")}
order by e.at desc, e.id desc limit cast(:limit as int)"""


class ConditionHeard(Heard):
    """What a scope depends on from now on."""

    scope: str = Field(max_length=64)
    holder: Literal["client", "practitioner", "agreement"] = Field(
        description="who must have completed the course; `agreement`: the agency is party to one in force"
    )
    course: Course | None = None

    @model_validator(mode="after")
    def _with_a_course(self) -> "ConditionHeard":
        if (self.course is None) != (self.holder == "agreement"):
            raise ValueError("a condition on a client or a practitioner names its course; no other does")
        return self


class Conditions(BaseModel):
    """Every condition there is."""

    conditions: list[ConditionHeard]


class ConditionChanged(BaseModel):
    """A condition was set or lifted."""

    event: Literal["set", "lifted"]
    scope: str
    holder: str
    course: str | None
    recorded_by: str
    recorded_by_client: str
    practitioner: PractitionerId | None
    at: datetime


class ConditionHistoryPage(Paged):
    """A page of what was set and lifted, newest first."""

    history: list[ConditionChanged]


@router.post("/partnership/conditions", status_code=204)
async def set_condition(tx: Write, heard: ConditionHeard) -> None:
    """Make a scope depend on a course, or on an agreement. Who does not meet it loses it within a second.

    What only takes sight away (to withdraw, decline, refuse, restrict, seal, end an override) depends on
    nothing; and no condition binds whoever oversees the hub, who is told of it.
    """
    _require_scope(heard)
    await tx.run(
        "insert into gateway.condition (scope, holder, course) values (:scope, :holder, :course)"
        " on conflict do nothing",
        **_columns(heard),
    )


@router.post("/partnership/conditions/lift", status_code=204)
async def lift_condition(tx: Write, heard: ConditionHeard) -> None:
    """Let a scope depend on it no longer. NotFound for a condition there is not."""
    if not await tx.value(
        "delete from gateway.condition where scope = :scope and holder = :holder and course = :course"
        " returning true",
        **_columns(heard),
    ):
        raise NotFound


@router.get("/partnership/conditions")
async def list_conditions(tx: Read) -> Conditions:
    """What every scope depends on."""
    rows = await tx.rows(
        "select scope, holder, nullif(course, '') as course from gateway.condition order by 1, 2, 3"
    )
    return Conditions(conditions=[ConditionHeard.model_validate(dict(row)) for row in rows])


@router.get("/partnership/conditions/history")
async def list_changes_of_conditions(
    tx: Read, limit: Limit = 50, cursor: Cursor = None
) -> ConditionHistoryPage:
    """Which conditions were set and lifted, when and by whom, newest first."""
    moment, identity = after(cursor)
    rows = await tx.rows(HISTORY, moment=moment, identity=identity, limit=limit)
    return ConditionHistoryPage(
        history=[ConditionChanged.model_validate(dict(row)) for row in rows], next=tail(rows, limit)
    )


def _require_scope(heard: ConditionHeard) -> None:
    """A scope of the hub's. Not the one that lifts conditions: nobody could undo that."""
    if heard.scope not in ALL_SCOPES or heard.scope == Scope.PARTNERSHIP_WRITE:
        raise ScopeUnknown(f"No condition can be set on {heard.scope}.")


def _columns(heard: ConditionHeard) -> dict[str, Any]:
    return {**heard.model_dump(), "course": heard.course or ""}
