"""Overrides over HTTP: opened, ended, reviewed by somebody else, held back from the family if need be.

An agency lists its own. Oversight lists everybody's, and leaves the reviewing to the agency that opened one.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from hub.access import HubRoute, allow
from hub.caller import AgencyId, PractitionerId, Purpose, Scope
from hub.database import Tx
from hub.heard import Heard
from hub.page import Cursor, Limit, Paged, after, beyond, position
from hub.policy import OVERSIGHT
from hub.problem import Problem
from hub.sharing import Category, overrides
from hub.sharing.overrides import Delay, Override, OverrideReview, ReasonCode, Reasons
from hub.view import View

REVIEW_BY = f"e.starts + interval '{overrides.REVIEW_WITHIN.total_seconds()} seconds'"
LATER = """
select l.override, min(l.at) filter (where l.event = 'ended') as ended_at, max(l.until) as held_back_until,
  json_agg(json_build_object('outcome', l.event, 'by', l.practitioner, 'at', l.at, 'words', l.words)) filter (
    where l.event in ('reviewed_upheld', 'reviewed_not_upheld')) -> 0 as review
from hub.override_event l where l.override = e.override and l.event <> 'opened' group by l.override"""

OURS_OR_OVERSEEN = f"""(e.agency = current_setting('hub.agency')
  or {OVERSIGHT})"""

# Newest first. A review is due once an override is over; it is overdue three days after it was opened.
OVERRIDES = View(
    {
        "overrides": f"""
select e.subject, 'existence' as category, json_build_object('override', e.override, 'subject', e.subject,
  'agency', e.agency, 'agency_name', a.name, 'categories', e.categories, 'purpose', e.purpose,
  'reason_code', e.reason_code, 'words', e.words,
  'over_restrictions', e.restrictions, 'opened_by', e.practitioner, 'second_person', e.second_person,
  'starts', e.starts, 'ends', least(e.ends, later.ended_at), 'review', later.review,
  'review_by', {REVIEW_BY}, 'overdue', later.review is null and now() > {REVIEW_BY},
  'held_back_until', later.held_back_until) as item, {position("e.at", "e.id")}
from hub.override_event e join hub.agency a on a.id = e.agency left join lateral ({LATER}) later on true
where e.event = 'opened' and {OURS_OR_OVERSEEN}
  and (not cast(:review_due as bool)
    or (later.review is null and least(e.ends, later.ended_at) <= now()))
  and {beyond("e.at", "e.id")}
order by e.at desc, e.id desc limit cast(:limit as int)"""
    },
    paged="overrides",
)

# An agency has a register of its people by their training; one that has none may name anybody.
KNOWN = """
select coalesce(bool_or(t.practitioner = :person and not t.revoked), true) and not exists (
  select from gateway.suspended_practitioner s
  where s.agency = current_setting('hub.agency') and s.practitioner = :person)
from gateway.training t where t.agency = current_setting('hub.agency') and t.practitioner <> ''"""

router = APIRouter(route_class=HubRoute, prefix="/sharing/overrides", tags=["sharing"])

Break = Annotated[Tx, allow(Scope.SHARING_OVERRIDE)]
Mend = Annotated[Tx, allow(Scope.SHARING_OVERRIDE, shows_less=True)]
Oversee = Annotated[Tx, allow(Scope.SHARING_OVERRIDE_REVIEW)]
Due = Annotated[bool, Query(description="only those that are over and that nobody has reviewed")]


class SecondPersonUnknown(Problem):
    """Nobody of that staff id works in your agency, as this hub knows it."""

    status = 422


class OverrideEnding(Heard):
    """Why it is no longer needed."""

    words: Reasons


class OverrideOpened(BaseModel):
    """The override's id, and when it ends by itself."""

    override: UUID
    ends: datetime


class OverrideReviewed(BaseModel):
    """What somebody else said of it afterwards."""

    outcome: Literal["reviewed_upheld", "reviewed_not_upheld"]
    by: PractitionerId
    at: datetime
    words: str


class OverrideShown(BaseModel):
    """An override: who opened it for what, and whether it was right."""

    override: UUID
    subject: UUID
    agency: AgencyId
    agency_name: str
    categories: list[Category]
    purpose: Purpose
    reason_code: ReasonCode
    words: str
    over_restrictions: list[UUID] = Field(description="the restrictions it reaches over")
    opened_by: PractitionerId
    second_person: PractitionerId = Field(description="the colleague who was told at once")
    starts: datetime
    ends: datetime = Field(description="when it ended early, or ends by itself")
    review: OverrideReviewed | None
    review_by: datetime = Field(description="72 hours after it began")
    overdue: bool = Field(description="whether that is past, and nobody has reviewed it")
    held_back_until: datetime | None = Field(description="until when the family is not told")


class OverridesPage(Paged):
    """A page of overrides, newest first."""

    overrides: list[OverrideShown]


@router.post("", status_code=201)
async def open_override(tx: Break, override: Override) -> OverrideOpened:
    """Break the glass: let the person asking see this about one subject, for a few hours.

    A colleague and the data protection officer are told at once, and somebody else reviews it. An id that
    nobody has is answered alike.
    """
    if not await tx.value(KNOWN, person=override.second_person):
        raise SecondPersonUnknown("Name somebody of your agency whose training this hub knows of.")
    opened = await overrides.open_override(tx, override)
    return OverrideOpened(override=opened.override, ends=opened.ends)


@router.get("", response_model=OverridesPage)
async def list_overrides(
    tx: Oversee, review_due: Due = False, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """Your agency's overrides, newest first; every agency's for the data protection officer."""
    moment, identity = after(cursor)
    page = await tx.show(OVERRIDES, review_due=review_due, moment=moment, identity=identity, limit=limit)
    return Response(page, media_type="application/json")


@router.post("/{override}/end", status_code=204)
async def end_override(tx: Mend, override: UUID, ending: OverrideEnding) -> None:
    """End an override before its time, from the next read on."""
    await overrides.end_override(tx, override, ending.words)


@router.post("/{override}/review", status_code=204)
async def review_override(tx: Oversee, override: UUID, review: OverrideReview) -> None:
    """Say whether an override was right. One that was not is over at once, and an incident.

    The data protection officer is told of an incident, and of a review that is overdue.
    """
    await overrides.review_override(tx, override, review)


@router.post("/{override}/delay", status_code=204)
async def delay_override(tx: Oversee, override: UUID, delay: Delay) -> None:
    """Keep an override out of the family's log until a date, where telling them is not safe."""
    await overrides.delay_override(tx, override, delay)
