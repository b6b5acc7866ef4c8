"""Concerns. Receiving one is a single data-modifying statement: person, key, concern, event, answer."""

from collections.abc import Mapping
from typing import Any

from hub.database import Tx
from hub.line import Row
from hub.page import beyond, position
from hub.view import View
from services.referral.store import people

CONCERN = """
select c.subject, c.category, c.agency as author, json_build_object(
  'concern', c.id, 'person', c.subject, 'kind', c.kind, 'narrative', c.narrative,
  'words_of_the_child', c.words_of_the_child, 'immediate_action', c.immediate_action,
  'reporter_role', c.reporter_role, 'school_rag', c.school_rag, 'raised_by', c.agency,
  'occurred_at', c.occurred_at, 'received_at', c.received_at) as item{more}
from referral.concern c where {which} order by {order}, c.id desc limit {most}"""

ONE = View(
    {"concern": CONCERN.format(which="c.id = :concern", order="c.occurred_at", most=1, more="")},
    anchor="concern",
    single=frozenset({"concern"}),
)

# A page of the concerns raised by the caller's agency, newest first.
PAGE = View(
    {
        "concerns": CONCERN.format(
            which="c.agency = current_setting('hub.agency') and " + beyond("c.received_at", "c.id"),
            order="c.received_at desc",
            most="cast(:limit as int)",
            more=", " + position("c.received_at", "c.id"),
        )
    },
    paged="concerns",
)

MEANT = people.MEANT.format(scheme="'upn'", digest=":digest")
WHO = f"""
same as (select id, subject from referral.concern
  where agency = current_setting('hub.agency') and external_id = :external_id),
known as (select person from (select {MEANT} as person) meant where person is not null),
made as (insert into referral.person (id) select cast(:person as uuid)
  where not exists (select from known) on conflict do nothing),
fresh as (insert into referral.person_key (scheme, digest, person)
  select 'upn', cast(:digest as bytea), cast(:person as uuid)
  where not exists (select from known) on conflict do nothing returning person),
who as (select coalesce((select id from same), cast(:concern as uuid)) as concern,
  coalesce((select subject from same), person) as person, exists (select from same) as again
  from (select person from known union all select person from fresh) someone)"""

WRITE = """
written as (insert into referral.concern (id, subject, category, external_id, kind, narrative,
    words_of_the_child, immediate_action, reporter_role, school_rag, occurred_at, recorded_at, received_at)
  select who.concern, who.person, 'safeguarding_concern', :external_id, :kind, :narrative,
    :words_of_the_child, :immediate_action, :reporter_role, :school_rag,
    cast(:occurred_at as timestamptz), cast(:recorded_at as timestamptz), now()
  from {once} where not who.again returning id, subject),
event as (insert into hub.event (type, subject, category, about)
  select 'concern.received', subject, 'safeguarding_concern', id from written)"""

RECEIVE = f"with {WHO}, {WRITE.format(once='who')} select concern, person, again from who"

RECEIVE_ONCE = f"""with {WHO},
claimed as (insert into hub.idempotency (route, key, fingerprint, status, body, location)
  select :route, :key, :fingerprint, 201,
    convert_to(json_build_object('concern', concern, 'person', person)::text, 'UTF8'), '/concerns/' || concern
  from who on conflict do nothing returning body),
{WRITE.format(once="claimed, who")}
select convert_from(body, 'UTF8') as body from claimed"""


async def receive(tx: Tx, facts: Mapping[str, Any]) -> Row | None:
    """One concern of a batch: its id, its person, and whether we had it. None: another came first."""
    found = await tx.run(RECEIVE, **facts)
    return found[0] if found else None


async def receive_once(tx: Tx, facts: Mapping[str, Any]) -> str | None:
    """One concern under its Idempotency-Key: the answer, or None where the key is taken."""
    return await tx.value(RECEIVE_ONCE, **facts, route=tx.route, key=tx.key, fingerprint=tx.fingerprint)
