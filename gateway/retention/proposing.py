"""What becomes of each record when somebody asks for its erasure, or its time is over: pure rules.

UK GDPR Art 17(1) and 17(3); Art 18(1)(c). A proposal only: a person decides, and a second one approves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from gateway.retention.schedule import Rule, kept_until, rule_for


class ErasureFate(StrEnum):
    """What becomes of one record."""

    ERASE = "erase"
    KEEP = "keep"


class ErasureGround(StrEnum):
    """Why the family says it is to be erased (UK GDPR Art 17(1))."""

    NO_LONGER_NECESSARY = "no_longer_necessary"
    AGREEMENT_WITHDRAWN = "agreement_withdrawn"
    OBJECTION = "objection"
    UNLAWFUL = "unlawful"
    LEGAL_OBLIGATION = "legal_obligation"


class KeepingGround(StrEnum):
    """Why a record is kept although somebody asked."""

    RETENTION = "retention"
    LEGAL_CLAIM = "legal_claim"
    SAFEGUARDING = "safeguarding"
    INQUIRY = "inquiry"
    OTHERS = "others"


HELD = {
    KeepingGround.LEGAL_CLAIM: "It is needed for a legal claim, or may be (UK GDPR Art 17(3)(e)).",
    KeepingGround.SAFEGUARDING: (
        "It is needed to keep a child safe (UK GDPR Art 17(3)(b), Children Act 2004)."
    ),
    KeepingGround.INQUIRY: "A public inquiry may ask for it (UK GDPR Art 17(3)(b), Inquiries Act 2005).",
}
OTHERS = "It is about the whole family, and the others' records are kept. "
ASKED = "You asked, and nothing obliges us to keep it."
WISH = "You asked, and it rests on your wish alone."
DUE = "The time for which it is kept is over"
PARTS = "Parts of it are kept, and it holds them together. "


@dataclass(frozen=True)
class Kept:
    """One record, as a service says it keeps it."""

    part: str
    kind: str
    record: UUID
    subject: UUID
    category: str
    author: str
    at: str | None = None
    under: Sequence[UUID] = ()


@dataclass(frozen=True)
class Hold:
    """A reason to keep everything about somebody, whatever their records' time."""

    ground: KeepingGround
    until: date | None


@dataclass(frozen=True)
class Case:
    """What the proposals depend on: who asked about whom, the clock, and the rules in force."""

    covered: frozenset[UUID]
    today: date
    contact: date
    born: Mapping[UUID, date | None]
    holds: Sequence[Hold]
    rules: Mapping[str, Rule]
    asked: bool


@dataclass(frozen=True)
class Proposal:
    """What we would do, until when, and why in words for the family."""

    fate: ErasureFate
    why: str
    ground: KeepingGround | None = None
    until: date | None = None


def propose(case: Case, records: Sequence[Kept], own: frozenset[UUID]) -> dict[UUID, Proposal]:
    """What becomes of every record. `own` are those about the people covered; the rest is the family's."""
    first = {one.record: _alone(case, one, one.record in own) for one in records}
    return _together(records, first)


def _alone(case: Case, kept: Kept, own: bool) -> Proposal:
    rule = rule_for(case.rules, kept.category)
    until = kept_until(rule, case.contact, case.born.get(kept.subject))
    held = _longest(case.holds)
    if held is not None:
        return Proposal(ErasureFate.KEEP, HELD[held.ground], held.ground, held.until)
    if not own:
        return Proposal(ErasureFate.KEEP, f"{OTHERS}{_because(rule)}", KeepingGround.OTHERS, until)
    if case.asked and rule.on_request:
        return Proposal(ErasureFate.ERASE, WISH)
    if until <= case.today:
        return Proposal(ErasureFate.ERASE, ASKED if case.asked else f"{DUE}: {rule.source}.")
    return Proposal(ErasureFate.KEEP, _because(rule), KeepingGround.RETENTION, until)


def _because(rule: Rule) -> str:
    return f"We keep this because {rule.words}. {rule.source}."


def _longest(holds: Sequence[Hold]) -> Hold | None:
    """The hold that ends last; one without an end before all others."""
    return max(holds, key=lambda hold: hold.until or date.max, default=None)


def _together(records: Sequence[Kept], found: dict[UUID, Proposal]) -> dict[UUID, Proposal]:
    """A record that kept ones hang on is kept as long as they are."""
    changed = True
    while changed:
        changed = False
        for one in records:
            for above in one.under:
                if (
                    found[one.record].fate is ErasureFate.KEEP
                    and found.get(above, found[one.record]).fate is ErasureFate.ERASE
                ):
                    part = found[one.record]
                    found[above] = replace(part, why=PARTS + part.why)
                    changed = True
    return found


def without_their_parts(records: Sequence[Kept], fates: Mapping[UUID, ErasureFate]) -> list[UUID]:
    """Records that would be erased from under parts that are kept: nobody may decide so."""
    return sorted(
        {
            above
            for one in records
            for above in one.under
            if fates.get(one.record) is ErasureFate.KEEP and fates.get(above) is ErasureFate.ERASE
        }
    )
