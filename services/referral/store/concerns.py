"""Concerns. Receiving one is a single data-modifying statement: person, key, concern, event, answer."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from hub.database import Tx
from hub.line import Row
from hub.page import beyond, position
from hub.policy import for_its_author
from hub.view import View
from services.referral.store import people

# Who told the school is the author's alone to know: the role of a third party can unmask them.
CONCERN = f"""
select c.subject, c.category, c.agency as author, json_build_object(
  'concern', c.id, 'person', c.subject, 'kind', c.kind, 'narrative', c.narrative,
  'words_of_the_child', c.words_of_the_child, 'immediate_action', c.immediate_action,
  'reporter_role', {for_its_author("c.agency", "c.reporter_role")},
  'school_rag', c.school_rag, 'raised_by', c.agency,
  'occurred_at', c.occurred_at, 'recorded_at', c.recorded_at, 'received_at', c.received_at,
  'external_id', case when c.agency = current_setting('hub.agency') then c.external_id end) as item{{more}}
from referral.concern c where {{which}} order by {{order}}, c.id desc limit {{most}}"""

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

KNOWN = f"known as (select person from (select {MEANT} as person) meant where person is not null)"
KEPT = "referral.concern c where c.agency = current_setting('hub.agency') and c.external_id = :external_id"
SPENT = """referral.spent_number n where n.agency = current_setting('hub.agency')
    and n.digest = sha256(convert_to(:external_id, 'UTF8'))"""

# Whether an external_id was used before is one look in two indexes; what it was used for is ALIKE's to say.
WHO = f"""
{KNOWN},
same as (select c.id, c.subject from {KEPT}
  union all select cast(:concern as uuid), cast(:person as uuid) from {SPENT}),
made as (insert into referral.person (id) select cast(:person as uuid)
  where not exists (select from known) and not exists (select from same) on conflict do nothing),
fresh as (insert into referral.person_key (scheme, digest, person)
  select 'upn', cast(:digest as bytea), cast(:person as uuid)
  where not exists (select from known) and not exists (select from same)
  on conflict do nothing returning person),
who as (select id as concern, subject as person, true as again from same
  union all select cast(:concern as uuid), person, false
  from (select person from known union all select person from fresh) someone
  where not exists (select from same))"""

# Another process may take the external_id between our look and our writing: then nothing is written.
WRITE = """
written as (insert into referral.concern (id, subject, category, external_id, kind, narrative,
    words_of_the_child, immediate_action, reporter_role, school_rag, occurred_at, recorded_at, received_at)
  select who.concern, who.person, 'safeguarding_concern', :external_id, :kind, :narrative,
    :words_of_the_child, :immediate_action, :reporter_role, :school_rag,
    cast(:occurred_at as timestamptz), cast(:recorded_at as timestamptz), now()
  from {once} where not who.again on conflict do nothing returning id, subject),
event as (insert into hub.event (type, subject, category, about)
  select 'concern.received', subject, 'safeguarding_concern', id from written)"""

RECEIVE = f"""with {WHO}, {WRITE.format(once="who")}
select concern, person, again from who where again or exists (select from written)"""

ANSWER = "convert_to(json_build_object('concern', {concern}, 'person', {person})::text, 'UTF8')"

RECEIVE_ONCE = f"""with {WHO},
claimed as (insert into hub.idempotency (route, key, fingerprint, status, body, location)
  select :route, :key, :fingerprint, 201, {ANSWER.format(concern="concern", person="person")},
    '/concerns/' || concern
  from who on conflict do nothing returning body),
{WRITE.format(once="claimed, who")}
select convert_from(body, 'UTF8') as body, again, again or exists (select from written) as settled
from claimed, who"""

ANSWER_WITH = f"""
update hub.idempotency set location = '/concerns/' || cast(:concern as uuid),
  body = {ANSWER.format(concern="cast(:concern as uuid)", person="cast(:person as uuid)")}
where route = :route and key = :key returning convert_from(body, 'UTF8') as body"""

# What the sender says of a concern, as it would be stored.
SAID = """jsonb_build_object('kind', cast(:kind as text), 'narrative', cast(:narrative as text),
  'words_of_the_child', cast(:words_of_the_child as text),
  'immediate_action', cast(:immediate_action as text), 'reporter_role', cast(:reporter_role as text),
  'school_rag', cast(:school_rag as text), 'occurred_at', cast(:occurred_at as timestamptz),
  'recorded_at', cast(:recorded_at as timestamptz))"""

# A repeat names the child that the concern is about, as the agency means it, and says what the concern says
# or said before it was put right: the sender's original is one for ever, and so is what it was corrected to.
# What an erased concern said is gone: nothing is a repeat of it, and nothing is taken for one.
ALIKE = f"""
with {KNOWN}
select c.subject = (select person from known) and not exists (
    select from jsonb_each({SAID}) said where said.value <> to_jsonb(c) -> said.key
      and not exists (select from referral.earlier_version e
        where e.record = c.id and e.was -> said.key = said.value)) as alike
  from {KEPT}"""


async def receive(tx: Tx, facts: Mapping[str, Any]) -> Row | None:
    """One concern: its id, its person, and whether its external_id came `again`. None: another was first."""
    found = await tx.run(RECEIVE, **facts)
    return found[0] if found else None


async def receive_once(tx: Tx, facts: Mapping[str, Any]) -> Row | None:
    """One concern under its Idempotency-Key, with the answer; None where the key is taken.

    Not `settled`: the key is ours, and the external_id went to another while we wrote.
    """
    found = await tx.run(RECEIVE_ONCE, **facts, route=tx.route, key=tx.key, fingerprint=tx.fingerprint)
    return found[0] if found else None


async def alike(tx: Tx, facts: Mapping[str, Any]) -> bool:
    """Whether this is the concern that was received under its external_id."""
    return bool(await tx.value(ALIKE, **facts))


async def answer_with(tx: Tx, concern: UUID, person: UUID) -> str:
    """The answer under the key that this transaction holds, with these ids instead."""
    return await tx.value(ANSWER_WITH, concern=concern, person=person, route=tx.route, key=tx.key)
