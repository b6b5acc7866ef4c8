"""Why an agency may or may not see a category about somebody, in words, from the ledger.

It says what the row policy (hub.policy) does about what others wrote, for one agency that asks alone, as
one of its people or without saying who. Moments are compared by the same clock, so the two cannot disagree.
"""

import json
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from hub.caller import AgencyId
from hub.database import Tx
from hub.sharing import AgencyUnknown, Category
from hub.view import View


class Why(StrEnum):
    """What the ledger has to say."""

    SHARED = "shared"
    OVERRIDDEN = "overridden"
    RESTRICTED = "restricted"
    DECIDED_NOT_TO = "decided_not_to_share"
    REFUSED = "refused"
    DISPUTED = "disputed"
    NOT_YET_BEGUN = "not_yet_begun"
    EXPIRED = "expired"
    OTHER_PURPOSE = "shared_for_another_purpose"
    WITHDRAWN = "withdrawn"
    NO_DECISION = "no_decision"


class Reason(BaseModel):
    """One thing the ledger says, and since or until when."""

    why: Why
    words: str
    decision: UUID | None = None
    basis: str | None = None
    purpose: str | None = None
    at: str | None = None


class Explanation(BaseModel):
    """Whether the agency sees what others wrote, and every reason for it."""

    agency: AgencyId
    subject: UUID
    category: Category
    purpose: str
    practitioner: str
    visible: bool
    reasons: list[Reason]


PAST = {
    "withdrawn": (Why.WITHDRAWN, "The decision to share this with {name} was withdrawn on {at}."),
    "expired": (Why.EXPIRED, "The decision to share this with {name} ended on {at}."),
    "not_shared": (Why.DECIDED_NOT_TO, "On {at} it was decided not to share this with {name}."),
    "refused": (Why.REFUSED, "On {at} sharing this with {name} was refused."),
}
SEEN = frozenset({Why.SHARED, Why.OVERRIDDEN})
ABOUT = "subject = :subject and category = :category"
MOMENT = "to_char({0} at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"

# Whom a restriction hides something from does not learn of it here either, unless they recorded it.
TOLD = """agency not in (current_setting('hub.agency'), '*')
  or exists (select from hub.decision_event e where e.decision = restriction.decision)"""

# A decision for one of its teams is about the agency too, and so is one for every agency of its type.
FOR_THEM = """(split_part(agency, '/', 1) = :agency
  or agency = (select 'type:' || a.type from hub.agency a where a.id = :agency))"""

FACTS = View(
    {
        "about": """
select c.subject, 'existence' as category, json_build_object('name', a.name,
  'purpose', current_setting('hub.purpose')) as item
from hub.caseload c, hub.agency a
where c.subject = :subject and c.agency = current_setting('hub.agency') and a.id = :agency limit 1""",
        "restrictions": f"""
select subject, 'existence' as category, json_build_object('told', {TOLD}) as item
from hub.restriction where {ABOUT} and agency in (:agency, '*') and now() < ends
  and (agency = '*' or practitioner in ('', :person) or :person = '')""",
        "overrides": f"""
select subject, 'existence' as category, json_build_object('over', over_restriction,
  'person', practitioner, 'ends', {MOMENT.format("ends")}) as item
from hub.override_grant where {ABOUT} and agency = :agency and practitioner = :person
  and purpose = current_setting('hub.purpose') and starts <= now() and now() < ends order by ends""",
        "shares": f"""
select subject, 'existence' as category, json_build_object('decision', decision, 'basis', basis,
  'purpose', purpose, 'begun', starts <= now(), 'running', now() < ends,
  'starts', {MOMENT.format("starts")}, 'ends', {MOMENT.format("nullif(ends, 'infinity')")}) as item
from hub.share where {ABOUT} and agency = :agency order by starts, decision""",
        "events": f"""
select cast(:subject as uuid) as subject, 'existence' as category, json_build_object(
  'decision', decision, 'event', event, 'basis', basis, 'purpose', purpose,
  'at', {MOMENT.format("case when event = 'expired' then least(at, ends) else at end")}) as item
from hub.decision_event where subjects @> array[cast(:subject as uuid)]
  and categories @> array[cast(:category as text)] and {FOR_THEM}
  and event in ('not_shared', 'refused', 'withdrawn', 'expired') order by at""",
        "disputes": f"""
select cast(:subject as uuid) as subject, 'existence' as category, json_build_object(
  'decision', agreement, 'basis', 'agreement', 'purpose', purpose, 'at', {MOMENT.format("at")}) as item
from hub.conflict where open and subjects @> array[cast(:subject as uuid)]
  and categories @> array[cast(:category as text)] and {FOR_THEM} order by at""",
    },
    anchor="about",
    single=frozenset({"about"}),
)


async def explain(
    tx: Tx, agency: AgencyId, subject: UUID, category: Category, practitioner: str = ""
) -> Explanation:
    """Why `agency` sees, or does not see, `category` about `subject` for the caller's purpose.

    `practitioner` is the person of that agency who would ask; "" where nobody says who they are.
    Raises NotFound for somebody who is not on the caller's caseload, AgencyUnknown for no agency of ours.
    """
    if not await tx.value("select true from hub.agency where id = :agency", agency=agency):
        raise AgencyUnknown(f"{agency} is not an agency of this partnership.")
    facts = json.loads(
        await tx.show(FACTS, agency=agency, subject=subject, category=category, person=practitioner)
    )
    reasons = list(_reasons(facts))
    return Explanation(
        agency=agency,
        subject=subject,
        category=category,
        purpose=facts["about"]["purpose"],
        practitioner=practitioner,
        visible=any(reason.why in SEEN for reason in reasons),
        reasons=reasons,
    )


def _reasons(facts: Mapping[str, Any]) -> Iterator[Reason]:
    """What makes it visible; without that, everything that might have."""
    name, purpose = facts["about"]["name"], facts["about"]["purpose"]
    hidden = facts["restrictions"]
    visible = [
        _overridden(name, override) for override in facts["overrides"] if override["over"] or not hidden
    ]
    if not hidden:
        visible += [_shared(name, share) for share in facts["shares"] if _in_force(purpose, share)]
    if visible:
        yield from visible
        return
    found = [*_restricted(name, hidden), *_disputed(name, facts["disputes"]), *_past(name, facts["events"])]
    found += [reason for share in facts["shares"] for reason in _not_in_force(name, purpose, share)]
    yield from found or [Reason(why=Why.NO_DECISION, words=f"No decision in force lets {name} see this.")]


def _in_force(purpose: str, share: Mapping[str, Any]) -> bool:
    return share["begun"] and share["running"] and share["purpose"] == purpose


def _overridden(name: str, override: Mapping[str, Any]) -> Reason:
    words = f"An override opens this to {override['person']} of {name}, until {override['ends']}."
    return Reason(why=Why.OVERRIDDEN, words=words, at=override["ends"])


def _shared(name: str, share: Mapping[str, Any]) -> Reason:
    until = f"until {share['ends']}" if share["ends"] else "without end"
    words = f"{name} may see this for {share['purpose']} on the basis of {share['basis']}, {until}."
    return _reason(Why.SHARED, words, share, share["ends"])


def _restricted(name: str, hidden: list[Mapping[str, Any]]) -> Iterator[Reason]:
    if any(restriction["told"] for restriction in hidden):
        yield Reason(why=Why.RESTRICTED, words=f"A restriction hides this from {name}.")


def _past(name: str, events: list[Mapping[str, Any]]) -> Iterator[Reason]:
    for event in events:
        why, words = PAST[event["event"]]
        yield _reason(why, words.format(name=name, at=event["at"]), event, event["at"])


def _disputed(name: str, disputes: list[Mapping[str, Any]]) -> Iterator[Reason]:
    for dispute in disputes:
        words = f"Two who may decide differ about sharing this with {name}; a person has yet to resolve it."
        yield _reason(Why.DISPUTED, words, dispute, dispute["at"])


def _not_in_force(name: str, purpose: str, share: Mapping[str, Any]) -> Iterator[Reason]:
    """A share may fall short on several counts; one that does not is hidden by a restriction."""
    if not share["begun"]:
        words = f"The decision to share this with {name} begins on {share['starts']}."
        yield _reason(Why.NOT_YET_BEGUN, words, share, share["starts"])
    if not share["running"]:
        words = f"The decision to share this with {name} ended on {share['ends']}."
        yield _reason(Why.EXPIRED, words, share, share["ends"])
    if share["purpose"] != purpose:
        words = f"{name} may see this for {share['purpose']}, not for {purpose or 'no purpose'}."
        yield _reason(Why.OTHER_PURPOSE, words, share, None)


def _reason(why: Why, words: str, said: Mapping[str, Any], at: str | None) -> Reason:
    return Reason(
        why=why, words=words, decision=said["decision"], basis=said["basis"], purpose=said["purpose"], at=at
    )
