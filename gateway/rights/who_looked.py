"""Who looked, for the family: what was shown to whom, when and why, without what a manager holds back.

Of a practitioner the family reads the agency, not the person; of who was in the room the agencies alone: that
a copy was gathered before the family is nothing for anybody else's log. Refusals and what a seal hid are not
here: they would tell that there is something to hide. An agency that reads it for a family reads no more of a
look than it may see itself (gateway.disclosures); oversight reads all of it.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from gateway.retention.schedule import KeptCategory
from gateway.rights.gathering import FAMILY
from hub.access import HubRoute, allow
from hub.caller import AgencyId, Purpose, Scope
from hub.database import Tx
from hub.page import Cursor, Limit, Paged, after, beyond, position
from hub.policy import OVERSIGHT
from hub.view import View

SHOWN = """
d.outcome = 'shown' and d.row_count > 0
  and not hub.is_held_back(d.subject, array(select split_part(one, '+', 1) from unnest(d.audience) one),
    d.override)"""

FOR_THE_FAMILY = View(
    {
        "about": f"""
select w.subject, 'existence' as category, json_build_object('subject', w.subject,
  'entries', (select count(*) from hub.looks_at(w.subject) d where {SHOWN})) as item
from (select cast(:subject as uuid) as subject) w
where {OVERSIGHT}
  or (select known from hub.known_about(w.subject)) is not null""",
        "disclosures": f"""
select d.subject, 'existence' as category, json_build_object('at', d.at, 'agency', d.agency,
  'agency_name', a.name, 'seen_by', array(
    select split_part(one, '+', 1) from unnest(d.audience) one where one <> '{FAMILY}'),
  'purpose', nullif(d.purpose, ''), 'categories', d.categories,
  'in_an_emergency', d.override is not null) as item, {position("d.at", "d.id")}
from hub.looks_at(cast(:subject as uuid)) d left join hub.agency a on a.id = d.agency
where exists (select from about) and {SHOWN} and {beyond("d.at", "d.id")}
order by d.at desc, d.id desc limit cast(:limit as int)""",
    },
    anchor="about",
    single=frozenset({"about"}),
    paged="disclosures",
)

router = APIRouter(route_class=HubRoute, tags=["disclosures"])

Read = Annotated[Tx, allow(Scope.DISCLOSURES_READ)]


class LooksCounted(BaseModel):
    """Whom it is about, and how often somebody looked in all."""

    subject: UUID
    entries: int = Field(description="on every page together")


class LookForTheFamily(BaseModel):
    """One look, as the family reads it: the agency, not the person."""

    at: datetime
    agency: AgencyId
    agency_name: str | None
    seen_by: list[AgencyId] = Field(description="that agency, and every other in the room")
    purpose: Purpose | None
    categories: list[KeptCategory]
    in_an_emergency: bool = Field(description="under an override")


class LooksForTheFamily(Paged):
    """A page of who looked, newest first."""

    about: LooksCounted
    disclosures: list[LookForTheFamily]


@router.get("/disclosures/for-the-family", response_model=LooksForTheFamily)
async def list_disclosures_for_the_family(
    tx: Read, subject: UUID, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """Who looked at this person or household, as it can be shown to them, newest first."""
    moment, identity = after(cursor)
    page = await tx.show(FOR_THE_FAMILY, subject=subject, moment=moment, identity=identity, limit=limit)
    return Response(page, media_type="application/json")
