"""Sharing decisions over HTTP: who may see what about whom, recorded, withdrawn, explained in words."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from hub import sharing
from hub.access import HubRoute, allow
from hub.caller import AgencyId, Scope
from hub.database import Tx
from hub.explain import Explanation, explain
from hub.page import Cursor, Limit, after, beyond, position
from hub.sharing import Category, Decision, DecisionId, Restriction
from hub.view import View

DECISIONS = View(
    {
        "decisions": f"""
select cast(:subject as uuid) as subject, 'existence' as category, json_build_object(
  'decision', e.decision, 'event', e.event, 'agency', e.agency, 'categories', e.categories,
  'purpose', e.purpose, 'basis', e.basis, 'reason', e.reason, 'given_by', e.given_by,
  'detriment_test', e.detriment_test, 'starts', e.starts, 'ends', nullif(e.ends, 'infinity'),
  'recorded_by', e.recorded_by, 'at', e.at, 'ended', (select json_build_object(
    'event', l.event, 'reason', l.reason, 'recorded_by', l.recorded_by, 'at', l.at)
    from hub.decision_event l where l.decision = e.decision and l.event in ('withdrawn', 'lifted') limit 1)
  ) as item, {position("e.at", "e.id")}
from hub.decision_event e
where e.subjects @> array[cast(:subject as uuid)] and e.event in ('given', 'not_shared', 'restricted')
  and {beyond("e.at", "e.id")}
order by e.at desc, e.id desc limit cast(:limit as int)"""
    },
    paged="decisions",
)

router = APIRouter(route_class=HubRoute, tags=["sharing"])

Read = Annotated[Tx, allow(Scope.SHARING_READ)]
Write = Annotated[Tx, allow(Scope.SHARING_WRITE)]
Explain = Annotated[Tx, allow(Scope.SHARING_EXPLAIN)]
Partner = Annotated[Tx, allow(Scope.CASES_READ)]


class Ending(BaseModel):
    """Why a decision is withdrawn, or a restriction lifted."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=3, max_length=2000, description="in words a family could read")


class Decided(BaseModel):
    """The id that a withdrawal names."""

    decision: DecisionId


class Restricted(BaseModel):
    """The id that a lifting names."""

    restriction: DecisionId


class Member(BaseModel):
    """An agency of the partnership."""

    id: AgencyId
    name: str
    type: str
    active: bool


@router.post("/sharing/decisions", status_code=201)
async def decide(tx: Write, decision: Decision) -> Decided:
    """Record a decision to share, or not to share. It takes effect on the next read."""
    return Decided(decision=await sharing.decide(tx, decision))


@router.get("/sharing/decisions")
async def list_decisions(tx: Read, subject: UUID, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """The decisions about somebody that your agency recorded or may act on, newest first."""
    moment, identity = after(cursor)
    page = await tx.show(DECISIONS, subject=subject, moment=moment, identity=identity, limit=limit)
    return Response(page, media_type="application/json")


@router.post("/sharing/decisions/{decision}/withdraw", status_code=204)
async def withdraw(tx: Write, decision: DecisionId, ending: Ending) -> None:
    """Take a decision out of force, from the next read, write and delivery on."""
    await sharing.withdraw(tx, decision, ending.reason)


@router.post("/sharing/restrictions", status_code=201)
async def restrict(tx: Write, restriction: Restriction) -> Restricted:
    """Hide something from one agency, whatever was decided."""
    return Restricted(restriction=await sharing.restrict(tx, restriction))


@router.post("/sharing/restrictions/{restriction}/lift", status_code=204)
async def lift(tx: Write, restriction: DecisionId, ending: Ending) -> None:
    """End a restriction."""
    await sharing.lift(tx, restriction, ending.reason)


@router.get("/sharing/explain")
async def explain_sharing(tx: Explain, agency: AgencyId, subject: UUID, category: Category) -> Explanation:
    """Why an agency may, or may not, see this about somebody on your caseload, for your purpose."""
    return await explain(tx, agency, subject, category)


@router.get("/agencies")
async def list_agencies(tx: Partner) -> list[Member]:
    """The agencies of this partnership."""
    rows = await tx.rows("select id, name, type, active from hub.agency order by name, id")
    return [Member(**row) for row in rows]
