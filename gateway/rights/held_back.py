"""What the family is not shown yet of who looked: until a date, with a reason, by a manager. Append-only."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import AwareDatetime, BaseModel, Field

from gateway.retention.holds import Signed
from gateway.rights.requests import require_practitioner
from hub.access import HubRoute, allow
from hub.caller import AgencyId, Scope
from hub.database import Tx
from hub.heard import Agency, Heard, Words
from hub.problem import NotFound, Problem
from hub.sharing import AgencyUnknown, require_involvement
from hub.view import View

LONGEST = timedelta(days=90)

HELD_BACK = View(
    {
        "held_back": """
select h.subject, 'existence' as category, json_build_object('held_back', h.id, 'subject', h.subject,
  'looker', h.looker, 'until', h.until, 'reason', h.reason, 'by', h.practitioner, 'at', h.at,
  'ended', (select json_build_object('reason', e.reason, 'by', e.practitioner, 'at', e.at)
    from hub.held_back_end e where e.held_back = h.id)) as item
from hub.held_back h where :subject in (h.subject, h.id) order by h.at desc, h.id"""
    }
)

router = APIRouter(route_class=HubRoute, prefix="/disclosures/held-back", tags=["disclosures"])

Hold = Annotated[Tx, allow(Scope.DISCLOSURES_HOLD_BACK)]
WhomOrWhich = Annotated[UUID, Query(description="whom it is about, or what a notice names: one holding back")]


class HoldingNotNow(Problem):
    """What is held back from a family is held back for at most 90 days, from now on."""

    status = 422


class OwnLooksStayShown(Problem):
    """No agency alone keeps from a family that it looked itself; oversight can."""

    status = 403


class HoldingBack(Heard):
    """Keep out of the family's view who looked at somebody, for safety."""

    subject: UUID
    looker: Agency | None = Field(None, description="whose looks; every agency's but yours if left out")
    until: AwareDatetime = Field(description="at most 90 days from now; it can be renewed")
    reason: Words


class Showing(Heard):
    """Why it can be shown now."""

    reason: Words


class HeldBack(BaseModel):
    """The id that showing it names."""

    held_back: UUID


class HeldBackShown(Signed):
    """What is held back, and how it ended."""

    held_back: UUID
    subject: UUID
    looker: AgencyId | None = Field(description="whose looks; null: every other agency's")
    until: datetime
    ended: Signed | None = Field(description="where it ended before its date")


class HeldBackAbout(BaseModel):
    """What is or was held back about somebody, newest first."""

    held_back: list[HeldBackShown]


@router.post("", status_code=201)
async def hold_back(tx: Hold, holding: HoldingBack) -> HeldBack:
    """Hold back who looked, looks until that date included. The agencies' own log stays whole.

    Your agency's own looks stay shown, unless oversight holds them back: it is told of each holding back.
    """
    require_practitioner(tx)
    if not timedelta(0) < holding.until - datetime.now(UTC) <= LONGEST:
        raise HoldingNotNow
    if not tx.known_caller.oversees:
        await require_involvement(tx, [holding.subject])
        if holding.looker == tx.known_caller.agency:
            raise OwnLooksStayShown("Ask the data protection officer to hold back your own agency's looks.")
    known = "select true from hub.agency where id = :looker"
    if holding.looker and not await tx.value(known, looker=holding.looker):
        raise AgencyUnknown(f"{holding.looker} is not an agency of this partnership.")
    made = await tx.value(
        "insert into hub.held_back (subject, looker, until, reason)"
        " values (:subject, :looker, :until, :reason) returning id",
        **holding.model_dump(),
    )
    return HeldBack(held_back=made)


@router.get("", response_model=HeldBackAbout)
async def list_held_back(tx: Hold, subject: WhomOrWhich) -> Response:
    """What your agency holds back about somebody, and why."""
    return Response(await tx.show(HELD_BACK, subject=subject), media_type="application/json")


@router.post("/{held_back}/show", status_code=204)
async def show_held_back(tx: Hold, held_back: UUID, why: Showing) -> None:
    """End a holding back before its date. Ending it twice is as good as once."""
    require_practitioner(tx)
    tx.asked.append(held_back)
    if not await tx.value("select true from hub.held_back where id = :id", id=held_back):
        raise NotFound
    await tx.run(
        "insert into hub.held_back_end (held_back, reason) values (:id, :reason) on conflict do nothing",
        id=held_back,
        reason=why.reason,
    )
