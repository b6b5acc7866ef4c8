"""Who looked at somebody, when, from where, for what purpose, at what; and who was refused.

For those with the person on their caseload, as far as what was looked at is theirs or they may see it: a
look shows the categories, and whose records, that its reader wrote or may see itself, and a look at none of
these is not there. An agency reads its own looks whole; oversight reads every look at anybody, and alone
that sealed text was met (`hub.looks_at`). Reading it leaves a trace. What was shown under an override says
which; it is not here while a manager delays it for safety.
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from gateway.retention.schedule import KeptCategory
from hub.access import HubRoute, allow
from hub.caller import AgencyId, ClientId, PractitionerId, Purpose, Scope
from hub.database import Tx
from hub.page import Cursor, Limit, Paged, after, position
from hub.policy import OVERSIGHT
from hub.sharing.overrides import ReasonCode
from hub.view import View

# Oversight works with nobody, and reads about everybody who ever was on a caseload here.
KNOWN = f"""((select known from hub.known_about(cast(:subject as uuid))) is not null or (
  {OVERSIGHT} and (
    hub.last_contact(array[cast(:subject as uuid)]) is not null
    or exists (select from hub.erased_subject e where e.subject = cast(:subject as uuid)))))"""

WHO_LOOKED = View(
    {
        "about": f"""
select cast(:subject as uuid) as subject, 'existence' as category,
  json_build_object('subject', cast(:subject as uuid)) as item where {KNOWN}""",
        "disclosures": f"""
select d.subject, 'existence' as category, json_build_object(
  'disclosure', d.id, 'at', d.at, 'agency', d.agency, 'agency_name', a.name, 'client', d.client,
  'practitioner', nullif(d.practitioner, ''), 'purpose', nullif(d.purpose, ''), 'audience', d.audience,
  'operation', d.operation, 'outcome', d.outcome, 'categories', d.categories,
  'records_of', d.authors, 'rows', case when d.whole then d.row_count end,
  'reason', d.reason, 'request', d.request, 'override', (
    select json_build_object('override', o.override, 'reason_code', o.reason_code)
    from hub.override_event o where o.override = d.override and o.event = 'opened')
  ) as item, {position("d.at", "d.id")}
from hub.looks_at(cast(:subject as uuid), cast(:moment as timestamptz), cast(:identity as uuid),
  cast(:limit as int)) d left join hub.agency a on a.id = d.agency
where exists (select from about) order by d.at desc, d.id desc""",
    },
    anchor="about",
    single=frozenset({"about"}),
    paged="disclosures",
)

router = APIRouter(route_class=HubRoute, tags=["disclosures"])

Read = Annotated[Tx, allow(Scope.DISCLOSURES_READ)]


class SubjectNamed(BaseModel):
    """Whom it is about."""

    subject: UUID


class UnderOverride(BaseModel):
    """The override that was open for it."""

    override: UUID
    reason_code: ReasonCode


class DisclosureShown(BaseModel):
    """One look or refusal, as far as you may know of it."""

    disclosure: UUID = Field(description="what `GET /audit/inclusion` proves")
    at: datetime
    agency: AgencyId = Field(description="who looked")
    agency_name: str | None
    client: ClientId
    practitioner: PractitionerId | None
    purpose: Purpose | None
    audience: list[str] = Field(description="everybody who saw it: agencies, or `agency+team`")
    operation: str = Field(description="such as `referral GET /people/{person}`, or its first word alone")
    outcome: Literal["shown", "refused"]
    categories: list[KeptCategory]
    records_of: list[AgencyId] = Field(description="whose records were shown")
    rows: int | None = Field(description="how many; null where something of the look is left out")
    reason: str | None = Field(
        description="why it was refused; to oversight, `sealed` where sealed text was met"
    )
    request: UUID = Field(description="the `X-Request-Id` it was answered with")
    override: UnderOverride | None


class DisclosuresPage(Paged):
    """A page of who looked, newest first."""

    about: SubjectNamed
    disclosures: list[DisclosureShown]


@router.get("/disclosures", response_model=DisclosuresPage)
async def list_disclosures(tx: Read, subject: UUID, limit: Limit = 50, cursor: Cursor = None) -> Response:
    """Who looked at this person or household, newest first, refusals included.

    You read your own looks whole. Of another's look you read the `categories`, and whose records
    (`records_of`), that your agency wrote or may see itself, about this subject and for your purpose; a look
    at none of these is left out, and a refusal is shown to whoever is shown that somebody is known
    (`existence`). Where that leaves something of a look out, or it was of the sharing or the rights of
    somebody, `rows` is null and `operation` names a part of the hub alone. The data protection officer reads
    every look at anybody, and alone where sealed text was met.
    """
    moment, identity = after(cursor)
    page = await tx.show(WHO_LOOKED, subject=subject, moment=moment, identity=identity, limit=limit)
    return Response(page, media_type="application/json")
