"""What the ledger has about what is asked, read under the asker's own row security, and disclosed."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from hub.caller import AgencyId, Caller
from hub.database import Tx
from hub.explain import words
from hub.explain.asked import Asked, Explanation, ExplanationReason, ExplanationWhy
from hub.explain.verdict import Fact, Facts, judge
from hub.problem import NotFound
from hub.sharing import AgencyUnknown, Category
from hub.sharing.history import MOVES
from hub.view import View


def _moment(sql: str) -> str:
    finite = f"nullif({sql}, 'infinity')"
    return f"to_char({finite} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"


ASKED = "unnest(cast(:subjects as uuid[])) asked(subject)"
ABOUT = "{0}.subject = any(:subjects) and {0}.category = any(:categories)"
LATEST = "order by e.at desc, e.id desc limit 1"
# A decision for one of its teams is about the agency too, and so is one for every agency of its type.
FOR_THEM = "(split_part({0}.agency, '/', 1) = any(:agencies) or {0}.agency = any(:types))"

# Of what others share, an agency is told what it has to do with: as author, discloser or recipient, or as who
# recorded the decision. Who else works with somebody is not asked here (docs/decisions/0029).
TO_US = """(current_setting('hub.oversight') = 'on' or coalesce(current_setting('hub.agency')
  in (e.recorded_by, s.author, s.discloser, split_part(s.agency, '/', 1)), false))"""

# When an agreement stops backing: it runs out, is ended, or loses a party. What rests on it is out of force
# from the beginning of that transaction, a moment before.
UNTIL = """(select min(m) from unnest(array[g.ends, g.ended_at, (select min(l.at) from hub.agreement_event l
  where l.agreement = g.id and l.event = 'left' and l.party in (split_part({0}, '/', 1), {1}))]) m)"""
SLACK = "interval '10 seconds'"

# Oversight works with nobody, and knows of everybody about whom anything was ever recorded.
KNOWN = f"""
select asked.subject, 'existence' as category, json_build_object('subject', asked.subject,
  'purpose', current_setting('hub.purpose')) as item
from {ASKED}
where coalesce((select true from hub.caseload c where c.subject = asked.subject
    and c.agency = current_setting('hub.agency') limit 1), false)
    and not exists (select from hub.restriction r where r.subject = asked.subject and r.agency = '*'
      and r.category = 'existence' and now() < r.ends)
  or (current_setting('hub.oversight') = 'on'
    and exists (select from hub.event e where e.subject = asked.subject))"""

# Whoever recorded a restriction may know of it, and oversight; nobody else learns of it here.
RESTRICTIONS = f"""
select r.subject, 'existence' as category, json_build_object('subject', r.subject, 'category', r.category,
  'agency', r.agency, 'person', r.practitioner, 'told', e.id is not null, 'decision', r.decision,
  'kind', e.kind, 'court_reference', e.court_reference, 'ends', {_moment("r.ends")}) as item
from hub.restriction r left join lateral (select e.id, e.kind, e.court_reference from hub.decision_event e
  where e.decision = r.decision and e.event = 'restricted' limit 1) e on true
where {ABOUT.format("r")} and r.agency = any(array_append(cast(:agencies as text[]), '*')) and now() < r.ends
order by r.decision"""

OVERRIDES = f"""
select e.subject, 'existence' as category, json_build_object('subject', e.subject,
  'categories', e.categories, 'agency', e.agency, 'person', e.practitioner, 'purpose', e.purpose,
  'ends', {_moment("e.ends")}, 'open', coalesce((select json_object_agg(o.category, o.over_restriction)
    from hub.override_grant o where o.override = e.override and o.subject = e.subject
      and o.starts <= now() and now() < o.ends), '{{}}')) as item
from hub.override_event e where e.event = 'opened' and e.subject = any(:subjects)
  and e.categories && cast(:categories as text[]) and e.agency = any(:agencies) order by e.at, e.id"""

IN_FORCE = "hub.share"
SHARES = f"""
select s.subject, 'existence' as category, json_build_object('subject', s.subject, 'category', s.category,
  'agency', s.agency, 'author', s.author, 'author_name', w.name, 'of', s.decision, 'decision', e.decision,
  'recipient', e.agency, 'basis', s.basis,
  'purpose', s.purpose, 'begun', s.starts <= now(), 'running', now() < s.ends,
  'starts', {_moment("s.starts")}, 'ends', {_moment("s.ends")},
  'agreement', s.agreement, 'title', g.title,
  'capped', s.ends >= {UNTIL.format("s.agency", "s.discloser")} - {SLACK}) as item
from {IN_FORCE} s left join hub.agreement g on g.id = s.agreement left join hub.agency w on w.id = s.author
left join lateral (select e.decision, e.agency, e.recorded_by from hub.decision_event e
  where e.decision = s.decision and e.event in ('given', 'varied') {LATEST}) e on true
where {ABOUT.format("s")} and split_part(s.agency, '/', 1) = any(:agencies) and {TO_US}
order by s.starts, s.decision, s.author"""

BACKED_UNTIL = UNTIL.format("e.agency", "e.recorded_by")
EVENTS = f"""
select asked.subject, 'existence' as category, json_build_object('subject', asked.subject,
  'categories', e.categories, 'decision', e.decision, 'event', e.event, 'recipient', e.agency,
  'basis', e.basis, 'purpose', e.purpose, 'recorded_by', e.recorded_by, 'at', {_moment("e.at")},
  'agreement', g.id, 'title', g.title,
  'ends', {_moment(f"least(e.at, e.ends, {BACKED_UNTIL})")},
  'capped', least(e.at, e.ends) >= {BACKED_UNTIL} - {SLACK}) as item
from {ASKED} join hub.decision_event e on e.subjects @> array[asked.subject]
left join hub.agreement g on e.event = 'expired' and g.id = (select t.agreement from hub.decision_event t
  where t.decision = e.decision and t.event in ('given', 'varied') order by t.at desc, t.id desc limit 1)
where e.{MOVES} and e.event not in ('restricted', 'lifted') and {FOR_THEM.format("e")}
order by e.at, e.id"""

DISPUTES = f"""
select asked.subject, 'existence' as category, json_build_object('subject', asked.subject,
  'categories', k.categories, 'decision', k.agreement, 'recipient', k.agency, 'basis', 'agreement',
  'purpose', k.purpose, 'at', {_moment("k.at")}) as item
from {ASKED} join hub.conflict k on k.subjects @> array[asked.subject]
where k.open and k.categories && cast(:categories as text[]) and {FOR_THEM.format("k")} order by k.at, k.id"""

FACTS = View(
    {
        "known": KNOWN,
        "restrictions": RESTRICTIONS,
        "overrides": OVERRIDES,
        "shares": SHARES,
        "events": EVENTS,
        "disputes": DISPUTES,
    },
    anchor="known",
)


# Kept about a person, never about a household: shown in the person's own record, and in the case.
ABOUT_A_PERSON = frozenset(
    {
        Category.HOME_ADDRESS,
        Category.ATTENDANCE,
        Category.SEND,
        Category.CONCERN,
        Category.HEALTH_PHYSICAL,
        Category.HEALTH_MENTAL,
        Category.WISHES,
    }
)


async def explain(
    tx: Tx, agency: AgencyId, subject: UUID, category: Category, practitioner: str = ""
) -> Explanation:
    """Why `agency` sees, or does not see, `category` about `subject` for the caller's purpose.

    Raises NotFound for somebody who is not on the caller's caseload, AgencyUnknown for no agency of ours.
    """
    [answer] = await explain_all(tx, [Asked(agency, subject, category, practitioner)])
    return answer


async def explain_all(tx: Tx, asked: Sequence[Asked]) -> list[Explanation]:
    """An answer to each question, in order, from one look at the ledger. Raises what `explain` raises."""
    agencies = sorted({agency for each in asked for agency in (each.agency, *each.room)})
    names = await name(tx, sorted({*agencies, *(each.author for each in asked if each.author)}))
    subjects = list(dict.fromkeys(each.subject for each in asked))
    found = await look(tx, FACTS, subjects, {each.category for each in asked}, agencies, names)
    return [found.answer(each) for each in asked]


Known = Mapping[tuple[str, str], Facts]
Names = Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class Looked:
    """What the caller found in the ledger, by subject and category; each agency's name and type."""

    caller: Caller
    facts: Known
    names: Names
    purpose: str

    def answer(self, asked: Asked) -> Explanation:
        """Whether they see it for this purpose, and why (not)."""
        found = self.facts.get((str(asked.subject), asked.category)) or Facts()
        visible, reasons = judge(asked, found, self.names, self.purpose)
        if visible and asked.category in ABOUT_A_PERSON and not self._identified(asked):
            reasons = [_without_a_name(reason, self.names) for reason in reasons]
        if self.caller.oversees and asked.agency == self.caller.agency:
            said = f"{self.names[asked.agency][0]} oversees this hub, and sees what nobody shares."
            visible, reasons = (
                True,
                [ExplanationReason(why=ExplanationWhy.OVERSIGHT, words=said, agency=asked.agency)],
            )
        return Explanation.model_construct(
            agency=asked.agency,
            subject=asked.subject,
            category=asked.category,
            purpose=self.purpose,
            practitioner=asked.practitioner,
            team=asked.team,
            room=list(asked.room),
            author=asked.author,
            visible=visible,
            reasons=reasons,
        )

    def _identified(self, asked: Asked) -> bool:
        """Whether they see who the person is too. Without that the person's own record is not found."""
        found = self.facts.get((str(asked.subject), Category.IDENTITY)) or Facts()
        return judge(replace(asked, category=Category.IDENTITY), found, self.names, self.purpose)[0]


async def look(
    tx: Tx,
    view: View,
    subjects: Sequence[UUID],
    categories: Collection[Category],
    agencies: Sequence[AgencyId],
    names: Names,
) -> Looked:
    """One look at the ledger, disclosed. Raises NotFound for somebody not on the caller's caseload."""
    tx.asked.extend(subjects)
    shown = await tx.show(
        view,
        subjects=list(subjects),
        categories=sorted({*categories, Category.IDENTITY}),
        agencies=list(agencies),
        types=sorted({f"type:{names[agency][1]}" for agency in agencies}),
    )
    said = json.loads(shown)
    if len(said["known"]) < len(subjects):
        raise NotFound
    return Looked(tx.known_caller, _sorted(said), names, said["known"][0]["purpose"])


async def name(tx: Tx, agencies: Sequence[str]) -> Names:
    """Their names and types. Raises AgencyUnknown."""
    rows = await tx.rows("select id, name, type from hub.agency where id = any(:agencies)", agencies=agencies)
    names = {row["id"]: (row["name"], row["type"]) for row in rows}
    for agency in agencies:
        if agency not in names:
            raise AgencyUnknown(f"{agency} is not an agency of this partnership.")
    return names


def _sorted(said: Mapping[str, list[Fact]]) -> Known:
    """The facts by subject and category. A decision's history stands under all that it was ever about."""
    facts: dict[tuple[str, str], Facts] = defaultdict(Facts)
    for kind in ("restrictions", "overrides", "shares", "disputes"):
        for fact in said[kind]:
            for category in fact.get("categories") or [fact["category"]]:
                getattr(facts[fact["subject"], category], kind).append(fact)
    histories: dict[tuple[str, str], list[Fact]] = defaultdict(list)
    for event in said["events"]:
        histories[event["subject"], event["decision"]].append(event)
    for (subject, _), history in histories.items():
        for category in {category for event in history for category in event["categories"]}:
            facts[subject, category].events += history
    return facts


def _without_a_name(reason: ExplanationReason, names: Names) -> ExplanationReason:
    if reason.why is not ExplanationWhy.SHARED:
        return reason
    said = reason.words + words.without_a_name(names[reason.agency][0])
    return reason.model_copy(update={"words": said})
