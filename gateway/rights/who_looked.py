"""Who looked, for the family: what was shown to whom, when and why, without what a manager holds back.

The overrides about them are told too, whether anybody looked or not.
Of a practitioner the family reads the agency, not the person; of who was in the room the agencies alone, and
not those whose looks are held back: that a copy was gathered before the family is nothing for anybody else's
log. Refusals and what a seal hid are not here: they would tell that there is something to hide. An agency
reads for a family no more of a look than it may see itself (gateway.disclosures), and of an override likewise
(`hub.overrides_told`); oversight reads all of it.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from gateway.retention.schedule import KeptCategory
from gateway.rights.gathering import FAMILY
from gateway.rights.words import REASONS
from hub.access import HubRoute, allow
from hub.caller import AgencyId, Purpose, Scope
from hub.database import Tx
from hub.page import Cursor, Limit, Paged, after, beyond, position
from hub.policy import OVERSIGHT
from hub.sharing import Category
from hub.sharing.overrides import ReasonCode
from hub.view import View

SHOWN = """
d.outcome = 'shown' and d.row_count > 0
  and not hub.is_held_back(d.subject, array(select split_part(one, '+', 1) from unnest(d.audience) one),
    d.override)"""

REASON = " ".join(f"when '{code}' then '{words}'" for code, words in REASONS.items())

FOR_THE_FAMILY = View(
    {
        "about": f"""
select w.subject, 'existence' as category, json_build_object('subject', w.subject,
  'entries', (select count(*) from hub.looks_at(w.subject) d where {SHOWN})) as item
from (select cast(:subject as uuid) as subject) w
where {OVERSIGHT}
  or (select known from hub.known_about(w.subject)) is not null""",
        "overrides": f"""
select w.subject, 'existence' as category, json_build_object('override', o.override, 'agency', o.agency,
  'agency_name', a.name, 'purpose', o.purpose, 'categories', o.categories, 'reason_code', o.reason_code,
  'reason', case o.reason_code {REASON} end, 'words', o.words, 'starts', o.starts, 'ends', o.ends,
  'upheld', o.upheld) as item
from about w cross join hub.overrides_told(w.subject) o join hub.agency a on a.id = o.agency
order by o.starts desc, o.override""",
        "disclosures": f"""
select d.subject, 'existence' as category, json_build_object('at', d.at, 'agency', d.agency,
  'agency_name', a.name, 'seen_by', array(
    select seer from unnest(d.audience) one, split_part(one, '+', 1) seer
    where seer <> '{FAMILY}' and (seer = d.agency or not hub.is_held_back(d.subject, array[seer], null))),
  'purpose', nullif(d.purpose, ''), 'categories', d.categories,
  'in_an_emergency', d.override is not null,
  'override', (select o.item ->> 'override' from overrides o
    where o.item ->> 'override' = d.override::text)) as item, {position("d.at", "d.id")}
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
    override: UUID | None = Field(description="which, where it is listed in `overrides`")


class OverrideForTheFamily(BaseModel):
    """An override about them, as the family reads it: the agency, why, and whether it was right."""

    override: UUID
    agency: AgencyId
    agency_name: str
    purpose: Purpose
    categories: list[Category] = Field(description="what it opened, as far as you may see it")
    reason_code: ReasonCode
    reason: str = Field(description="the same in words")
    words: str | None = Field(description="why, as it was written; null where you may not see all it opened")
    starts: datetime
    ends: datetime = Field(description="when it ended early, or ends by itself")
    upheld: bool | None = Field(description="whether a colleague found it right; null while nobody has said")


class LooksForTheFamily(Paged):
    """A page of who looked, newest first, and every override about them, newest first."""

    about: LooksCounted
    overrides: list[OverrideForTheFamily] = Field(description="all of them, on every page")
    disclosures: list[LookForTheFamily]


@router.get("/disclosures/for-the-family", response_model=LooksForTheFamily)
async def list_disclosures_for_the_family(
    tx: Read, subject: UUID, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """Who looked at this person or household, as it can be shown to them, newest first; and who could.

    An override that a manager delays, or whose agency's looks are held back, is not there.
    """
    moment, identity = after(cursor)
    page = await tx.show(FOR_THE_FAMILY, subject=subject, moment=moment, identity=identity, limit=limit)
    return Response(page, media_type="application/json")
