"""What one client saw between two moments: the question of the first hours of a breach (Article 33).

For oversight alone, which sees the whole trace. Who was affected, by what, how often; the newest first.
Asking leaves a trace about everybody it names.
"""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, StringConstraints

from gateway.retention.schedule import KeptCategory
from hub.access import HubRoute, allow
from hub.caller import PractitionerId, Scope
from hub.database import Tx
from hub.heard import of_our_times
from hub.page import Cursor, Limit, Paged, after, beyond, position
from hub.problem import PayloadNotValid, Problem
from hub.view import View

WITHIN = (
    """d.client = :client and d.at >= cast(:since as timestamptz) and d.at < cast(:until as timestamptz)"""
)
# Ids of seals or decisions, and ids that nobody has, are asked about too: they are nobody affected.
PEOPLE = f"""
select asked.subject from (select distinct d.subject from hub.disclosure d where {WITHIN}) asked
where hub.last_contact(array[asked.subject]) is not null
  or exists (select from hub.erased_subject e where e.subject = asked.subject)"""
# Grouped twice: few combinations of categories each, however often somebody looked.
SEEN = f"""
select subject, min(first) as first, max(last) as last, sum(times) as times, sum(rows) as rows,
  sum(refused) as refused,
  (select array_agg(distinct each order by each) from unnest(string_to_array(
    string_agg(array_to_string(categories, ','), ','), ',')) each where each <> '') as categories
from (
  select d.subject, d.categories, min(d.at) as first, max(d.at) as last, sum(d.row_count) as rows,
    count(*) filter (where d.outcome = 'shown') as times,
    count(*) filter (where d.outcome = 'refused') as refused
  from hub.disclosure d join ({PEOPLE}) people using (subject) where {WITHIN}
  group by d.subject, d.categories) alike
group by subject"""
ABOUT = "(d.subject is null or people.subject is not null)"
BY_CLIENT = View(
    {
        "seen": f"""
select null::uuid as subject, 'existence' as category, json_build_object('client', cast(:client as text),
  'from', cast(:since as timestamptz), 'to', cast(:until as timestamptz),
  'people', count(distinct people.subject) filter (where d.outcome = 'shown'),
  'disclosures', count(*) filter (where d.outcome = 'shown' and {ABOUT}),
  'refusals', count(*) filter (where d.outcome = 'refused'),
  'practitioners', coalesce(array_agg(distinct d.practitioner) filter (where d.practitioner <> ''), '{{}}'),
  'rows', coalesce(sum(d.row_count) filter (where {ABOUT}), 0)) as item
from hub.disclosure d left join ({PEOPLE}) people using (subject) where {WITHIN}""",
        "people": f"""
select s.subject, 'existence' as category, json_build_object('subject', s.subject, 'first', s.first,
  'last', s.last, 'disclosures', s.times, 'refusals', s.refused, 'rows', s.rows,
  'categories', coalesce(s.categories, '{{}}')) as item, {position("s.last", "s.subject")}
from ({SEEN}) s where s.subject is not null and {beyond("s.last", "s.subject")}
order by s.last desc, s.subject desc limit cast(:limit as int)""",
    },
    single=frozenset({"seen"}),
    paged="people",
)

IS_KNOWN = """
select exists (select from gateway.client where id = :client)
  or exists (select from hub.disclosure where client = :client)"""

BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)

router = APIRouter(route_class=HubRoute, tags=["disclosures"])

Audit = Annotated[Tx, allow(Scope.DISCLOSURES_AUDIT, Scope.RECORDS_OVERSEE)]
Client = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]{1,200}$"), Query()]
Moment = Annotated[AwareDatetime, AfterValidator(of_our_times)]
From = Annotated[Moment, Query(alias="from", description="from this moment on")]
To = Annotated[Moment, Query(description="until just before this moment")]


class ClientUnknown(Problem):
    """Neither the register of clients nor the log knows a client of that name."""

    status = 422


class SeenInAll(BaseModel):
    """What the client was shown in all between the two moments."""

    client: str
    since: datetime = Field(alias="from")
    to: datetime
    people: int = Field(description="about how many, households too, it was shown something")
    disclosures: int
    refusals: int
    practitioners: list[PractitionerId]
    rows: int


class PersonSeen(BaseModel):
    """A person or household about whom the client was shown something, or asked."""

    subject: UUID
    first: datetime
    last: datetime
    disclosures: int
    refusals: int
    rows: int
    categories: list[KeptCategory]


class SeenByClient(Paged):
    """What was seen, and a page of about whom, the latest first."""

    seen: SeenInAll
    people: list[PersonSeen]


@router.get("/disclosures/by-client", response_model=SeenByClient)
async def list_seen_by_client(
    tx: Audit, client: Client, since: From, to: To, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """Everybody about whom this client was shown something, or asked, between two moments.

    For the hub's data protection officer. It is disclosed itself. 422 of a client that nobody knows.
    """
    if since >= to:
        raise PayloadNotValid(errors=[{"pointer": "/query/to", "detail": "must come after `from`"}])
    if since < BEGINNING:
        raise PayloadNotValid(errors=[{"pointer": "/query/from", "detail": "must be in 2000 or later"}])
    if not await tx.value(IS_KNOWN, client=client):
        wrong = {"pointer": "/query/client", "detail": "is not known here"}
        raise ClientUnknown("This is no all-clear: check how it is written.", errors=[wrong])
    moment, identity = after(cursor)
    page = await tx.show(
        BY_CLIENT, client=client, since=since, until=to, moment=moment, identity=identity, limit=limit
    )
    return Response(page, media_type="application/json")
