"""What we show of decisions and conflicts: row security leaves a caller its own and those in its favour.

How a decision came about (`circumstances`: evidence, competence, advice) is for who recorded it; who sees
something on the strength of it learns who gave it, on which basis, and until when. What somebody else
hides from it is left out, as it is everywhere: a decision that opens nothing now would give that away.
"""

from collections.abc import Mapping
from typing import Any

from hub.page import beyond, position
from hub.policy import hidden_from_us
from hub.sharing.history import MOVES
from hub.view import View

FIRST = "('proposed', 'given', 'refused', 'not_shared', 'restricted')"
SAID = "('proposed', 'given', 'varied', 'refused', 'not_shared')"
ENDINGS = "('withdrawn', 'lifted', 'expired', 'superseded')"
OURS = "current_setting('hub.agency')"
THEM = "array[cast(:subject as uuid)]"


def _open(event: str, subjects: str, categories: str) -> str:
    """Of these categories those that are not hidden from the caller; all of them of its own decisions."""
    return f"""(select case when {event}.recorded_by = {OURS} then {categories} else array(
  select what from unnest({categories}) what where exists (select from unnest({subjects}) whom
    where not {hidden_from_us("whom", "what")})) end)"""


def _dispute(terms: str, subjects: str, categories: str) -> str:
    """What two who may decide differ about and is not shared, as far as the caller may know; or null."""
    return f"""(select json_build_object('categories', array_agg(distinct d.category), 'since', min(d.since))
  from hub.disputed({terms}) d where d.subject = any({subjects}) and d.category = any({categories})
  having count(*) > 0)"""


def _each(categories: str) -> str:
    """The people of the event `e`, in order, with what of it is not hidden about each of them."""
    return f"""unnest(e.subjects) with ordinality them(whom, place)
  cross join lateral (select {_open("e", "array[whom]", categories)} as categories) theirs"""


STANDING = f"""case when differ.dispute is not null then 'disputed' else (
    select s.event from hub.decision_event s
    where s.decision = e.decision and s.{MOVES} order by s.at desc, s.id desc limit 1) end"""

LIST = View(
    {
        "decisions": f"""
select open.subjects as subjects, 'existence' as category, json_build_object(
  'decision', e.decision, 'event', e.event, 'agency', e.agency, 'subjects', open.subjects,
  'categories', seen.categories, 'purpose', e.purpose, 'basis', e.basis,
  'reason', e.reason, 'given_by', e.given_by, 'capacity', e.capacity, 'detriment_test', e.detriment_test,
  'starts', coalesce(v.starts, e.starts), 'ends', nullif(coalesce(v.ends, e.ends), 'infinity'),
  'kind', e.kind, 'court_reference', e.court_reference, 'except', e.named,
  'practitioner', case when e.event = 'restricted' then nullif(e.hidden_from, '') end,
  'recorded_by', e.recorded_by, 'at', e.at, 'standing', {STANDING}, 'dispute', differ.dispute,
  'ended', (select json_build_object(
    'event', l.event, 'reason', l.reason, 'recorded_by', l.recorded_by, 'at', l.at)
    from hub.decision_event l where l.decision = e.decision and l.event in {ENDINGS}
    order by l.at desc limit 1)
  ) as item, {position("e.at", "e.id")}
from hub.decision_event e
left join lateral (select v.id, v.categories, v.starts, v.ends from hub.decision_event v
  where v.decision = e.decision and v.event in ('given', 'varied') order by v.at desc, v.id desc limit 1
) v on true
cross join lateral (select {_open("e", THEM, "coalesce(v.categories, e.categories)")}
  as categories) seen
cross join lateral (select array(select whom from {_each("coalesce(v.categories, e.categories)")}
  where cardinality(theirs.categories) > 0 order by place) as subjects) open
cross join lateral (select {_dispute("v.id", THEM, "seen.categories")} as dispute) differ
where cardinality(seen.categories) > 0 and e.subjects @> array[cast(:subject as uuid)] and e.event in {FIRST}
  and not exists (select from hub.decision_event p
    where p.decision = e.decision and p.event = 'proposed' and e.event <> 'proposed')
  and {beyond("e.at", "e.id")}
order by e.at desc, e.id desc limit cast(:limit as int)"""
    },
    paged="decisions",
)

# The terms of a decision as they stand.
TERMS = f"""e.decision = :decision and e.event in {SAID}
  and e.id = (select t.id from hub.decision_event t where t.decision = e.decision
    and t.event in {SAID}
    order by t.event in ('given', 'varied') desc,
      case when t.event in ('given', 'varied') then t.at end desc, t.at, t.id limit 1)"""
EACH = _each("e.categories")

PARTS = {
    "decision": f"""
select unnest(open.subjects) as subject, 'existence' as category, json_build_object(
  'decision', e.decision, 'standing', {STANDING}, 'dispute', differ.dispute,
  'agency', e.agency, 'subjects', open.subjects, 'categories', seen.categories,
  'purpose', e.purpose, 'basis', e.basis, 'starts', e.starts, 'ends', nullif(e.ends, 'infinity'),
  'countersigners', case when e.recorded_by = {OURS} then e.asked end,
  'opens_records_of', array(select distinct s.author from hub.share s where s.decision = e.decision
    and {OURS} in (e.recorded_by, s.author) order by 1)) as item
from hub.decision_event e
cross join lateral (select {_open("e", "e.subjects", "e.categories")} as categories) seen
cross join lateral (select array(
  select whom from {EACH} where cardinality(theirs.categories) > 0 order by place) as subjects) open
cross join lateral (select {_dispute("e.id", "open.subjects", "seen.categories")} as dispute) differ
where cardinality(seen.categories) > 0 and {TERMS}""",
    "history": f"""
select h.subjects as subjects, 'existence' as category, json_build_object(
  'event', h.event, 'at', h.at, 'recorded_by', h.recorded_by, 'reason', h.reason,
  'categories', {_open("h", "h.subjects", "h.categories")},
  'starts', h.starts, 'ends', nullif(h.ends, 'infinity'),
  'giver', case when h.given_by is not null then json_build_object('name', h.given_by,
    'person', h.giver, 'capacity', h.capacity) end,
  'detriment_test', h.detriment_test, 'successor', h.successor,
  'practitioner', case when h.recorded_by = {OURS} then nullif(h.practitioner, '') end,
  'circumstances', case when h.recorded_by = {OURS} then h.circumstances end) as item
from hub.decision_event h
where h.decision = :decision and h.event not in ('restricted', 'lifted')
order by h.at, h.id""",
}
ABOUT_EACH = f"""
select whom as subject, 'existence' as category,
  json_build_object('subject', whom, 'categories', theirs.categories,
    'dispute', {_dispute("e.id", "array[whom]", "theirs.categories")}) as item
from hub.decision_event e cross join lateral {EACH}
where cardinality(theirs.categories) > 0 and {TERMS}
order by place"""


def controllers(shown: Mapping[str, Any]) -> list[str]:
    """Who recorded a decision, and whose records it opens besides, as far as the reader may know."""
    opens: list[str] = shown["decision"]["opens_records_of"]
    return list(dict.fromkeys([shown["history"][0]["recorded_by"], *opens]))


HISTORY = View(PARTS, anchor="decision", single=frozenset({"decision"}))
CONSENT = View({**PARTS, "about": ABOUT_EACH}, anchor="decision", single=frozenset({"decision"}))

CONFLICTS = View(
    {
        "conflicts": f"""
select k.subjects as subjects, 'existence' as category, json_build_object(
  'conflict', k.id, 'open', k.open, 'subjects', k.subjects, 'categories', k.categories,
  'agency', k.agency, 'purpose', k.purpose, 'at', k.at,
  'agreement', json_build_object('decision', k.agreement, 'recorded_by', k.agreement_by,
    'giver', k.agreement_giver, 'capacity', k.agreement_capacity),
  'refusal', json_build_object('decision', k.refusal, 'recorded_by', k.refusal_by,
    'giver', k.refusal_giver, 'capacity', k.refusal_capacity),
  'resolution', (select json_build_object('outcome', d.outcome, 'reason', d.reason, 'at', d.at,
    'recorded_by', d.recorded_by, 'practitioner', d.practitioner)
    from hub.conflict_resolution d where d.conflict = k.id)) as item, {position("k.at", "k.id")}
from hub.conflict k
where (cast(:open as boolean) is null or k.open = :open)
  and (cast(:subject as uuid) is null or cast(:subject as uuid) = any(k.subjects))
  and {beyond("k.at", "k.id")}
order by k.at desc, k.id desc limit cast(:limit as int)"""
    },
    paged="conflicts",
)
