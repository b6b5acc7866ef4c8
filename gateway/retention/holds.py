"""Holds: nothing about somebody is erased while a claim, a child's safety or an inquiry needs it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import AfterValidator, BaseModel, Field
from typing_extensions import TypeAliasType

from gateway.retention.proposing import Hold, KeepingGround
from gateway.retention.reaching import require_kept
from hub.access import HubRoute, allow
from hub.caller import PractitionerId, Scope
from hub.database import Tx
from hub.heard import Heard, Words, today
from hub.page import Cursor, Limit, Paged, after, beyond, position
from hub.problem import NotFound
from hub.sharing.overrides import named_person
from hub.view import View

STANDING = """not exists (select from hub.retention_hold_end e where e.hold = h.id)
  and (h.until is null or h.until > current_date)"""
IN_FORCE = f"""
select h.kind, h.until from hub.retention_hold h
where h.subject = any(cast(:subjects as uuid[])) and {STANDING}"""
HOLD = """
select h.subject, 'existence' as category, json_build_object('hold', h.id, 'subject', h.subject,
  'kind', h.kind, 'until', h.until, 'reason', h.reason, 'by', h.practitioner, 'at', h.at,
  'in_force', {standing}, 'ended', (select json_build_object('reason', e.reason, 'by', e.practitioner,
    'at', e.at) from hub.retention_hold_end e where e.hold = h.id)) as item{more}
from hub.retention_hold h where {which}"""
ONE = View(
    {"hold": HOLD.format(standing=STANDING, more="", which="h.id = :hold")},
    anchor="hold",
    single=frozenset({"hold"}),
)
PAGE = View(
    {
        "holds": HOLD.format(
            standing=STANDING, more=", " + position("h.at", "h.id"), which=beyond("h.at", "h.id")
        )
        + " order by h.at desc, h.id desc limit cast(:limit as int)"
    },
    paged="holds",
)

router = APIRouter(route_class=HubRoute, prefix="/retention/holds", tags=["rights"])

Handle = Annotated[Tx, allow(Scope.RIGHTS_WRITE, Scope.RECORDS_OVERSEE)]


def _to_come(day: date) -> date:
    if day <= today():
        raise ValueError("is not in the future")
    return day


HoldKind = TypeAliasType("HoldKind", Literal["legal_claim", "safeguarding", "inquiry"])


class HoldHeard(Heard):
    """Keep everything about a person or household, whatever its time and whoever asks."""

    subject: UUID
    kind: HoldKind
    until: Annotated[date, AfterValidator(_to_come)] | None = Field(
        None, description="until it is ended, if left out"
    )
    reason: Words


class HoldEnd(Heard):
    """Why it need not be kept any more."""

    reason: Words


class Signed(BaseModel):
    """What one person said or did: why, who it was, and when."""

    reason: str
    by: PractitionerId
    at: datetime


class HoldShown(Signed):
    """A hold, and how it ended."""

    hold: UUID
    subject: UUID
    kind: HoldKind
    until: date | None = Field(description="the first day on which it is over; null: until it is ended")
    in_force: bool
    ended: Signed | None


class OneHold(BaseModel):
    """A hold."""

    hold: HoldShown


class HoldsPage(Paged):
    """A page of holds, newest first."""

    holds: list[HoldShown]


@router.post("", status_code=201, response_model=OneHold)
async def hold_records(tx: Handle, request: Request, heard: HoldHeard) -> Response:
    """Keep what there is about somebody until this ends. NotFound for somebody of whom there is nothing."""
    named_person(tx)
    await require_kept(tx, request, [heard.subject])
    made = await tx.value(
        "insert into hub.retention_hold (subject, kind, until, reason)"
        " values (:subject, :kind, :until, :reason) returning id",
        **heard.model_dump(),
    )
    return Response(await tx.show(ONE, hold=made), media_type="application/json", status_code=201)


@router.get("", response_model=HoldsPage)
async def list_holds(tx: Handle, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """Every hold there is or was, newest first."""
    moment, identity = after(cursor)
    page = await tx.show(PAGE, moment=moment, identity=identity, limit=limit)
    return Response(page, media_type="application/json")


@router.post("/{hold}/end", status_code=204)
async def end_hold(tx: Handle, hold: UUID, why: HoldEnd) -> None:
    """End a hold. Ending it twice is as good as once."""
    named_person(tx)
    tx.asked.append(hold)
    if not await tx.value("select true from hub.retention_hold where id = :hold", hold=hold):
        raise NotFound
    await tx.run(
        "insert into hub.retention_hold_end (hold, reason) values (:hold, :reason) on conflict do nothing",
        hold=hold,
        reason=why.reason,
    )


async def holds_on(tx: Tx, subjects: Sequence[UUID]) -> list[Hold]:
    """What keeps everything about any of these people just now."""
    rows = await tx.rows(IN_FORCE, subjects=list(subjects))
    return [Hold(KeepingGround(row["kind"]), row["until"]) for row in rows]
