"""What is in force, worked out anew from a history in plain Python: a second opinion on PostgreSQL's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

AGENCIES = {
    "housing": "northshire-housing",
    "police": "northshire-police",
    "oakfield": "oakfield-primary",
    "hilltop": "hilltop-secondary",
}
SCHOOLS = ("oakfield-primary", "hilltop-secondary")

FOLLOWS = {
    None: {"proposed", "given", "refused", "not_shared"},
    "proposed": {"given", "refused", "not_shared", "withdrawn", "superseded"},
    "given": {"varied", "reviewed", "countersigned", "declined", "withdrawn", "expired", "superseded"},
    "varied": {"varied", "reviewed", "countersigned", "declined", "withdrawn", "expired", "superseded"},
    "expired": {"withdrawn", "superseded"},
    "refused": {"superseded"},
    "not_shared": {"reviewed", "superseded"},
    "withdrawn": set[str](),
    "superseded": set[str](),
}


@dataclass(frozen=True)
class Happened:
    """One event, in the order they were recorded. A resolution names the two decisions it is about.

    `successor` is the decision that takes a superseded one's place.
    """

    event: str
    decision: int
    agency: str = ""
    subjects: tuple[int, ...] = ()
    categories: tuple[str, ...] = ()
    purpose: str = "early_help"
    basis: str = "agreement"
    giver: str | None = None
    refusal: int = -1
    successor: int = -1
    outcome: str = ""


class Share(NamedTuple):
    """One row of what is in force."""

    decision: int
    subject: int
    category: str
    agency: str
    purpose: str


def standing(history: Sequence[Happened], decision: int) -> str | None:
    """Where a decision stands."""
    said = [h.event for h in history if h.decision == decision and h.event not in ("reviewed", "resolved")]
    return said[-1] if said else None


def terms(history: Sequence[Happened], decision: int, events: tuple[str, ...]) -> tuple[int, Happened] | None:
    """The newest event of those kinds, and its place in the history."""
    found = [(i, h) for i, h in enumerate(history) if h.decision == decision and h.event in events]
    return found[-1] if found else None


def recipients(agency: str) -> tuple[str, ...]:
    """Every agency that a decision is for."""
    return SCHOOLS if agency == "type:school" else (agency,)


def reaches(refused: str, recipient: str) -> bool:
    """Whether a refusal for one is a refusal for the other."""
    if refused == "type:school":
        return recipient.partition("/")[0] in SCHOOLS
    (one, _, team), (other, _, others) = refused.partition("/"), recipient.partition("/")
    return one == other and (team == others or not team or not others)


def may_take_its_place(history: Sequence[Happened], decision: int, successor: int) -> bool:
    """Whether a decision gives way to that one: nobody's word to another's, a refusal to a full answer."""
    said = terms(history, decision, ("proposed", "given", "refused"))
    new = next(((i, h) for i, h in enumerate(history) if h.decision == successor), None)
    refused = standing(history, decision) == "refused"
    if said is None or new is None:
        return not refused
    (at, old), (then, word) = said, new
    answers = word.event in ("given", "refused") and then > at
    as_full = set(old.subjects) <= set(word.subjects) and set(old.categories) <= set(word.categories)
    alike = (word.agency, word.purpose, word.basis) == (old.agency, old.purpose, old.basis)
    if refused and not (answers and as_full and alike):
        return False
    return old.giver == word.giver or (old.basis, word.basis) != ("agreement", "agreement")


def in_force(history: Sequence[Happened]) -> set[Share]:
    """Every share, from nothing but what happened."""
    shares = set[Share]()
    for decision in {h.decision for h in history}:
        found = terms(history, decision, ("given", "varied"))
        if found and standing(history, decision) in ("given", "varied"):
            place, now = found
            shares |= {
                Share(decision, subject, category, recipient, now.purpose)
                for subject in now.subjects
                for category in now.categories
                for recipient in recipients(now.agency)
                if not _withheld(history, place, now, subject, category, recipient)
            }
    return shares


def disagreements(history: Sequence[Happened]) -> set[tuple[int, int]]:
    """Every agreement and refusal that stand against each other, and that nobody resolved."""
    found = set[tuple[int, int]]()
    for decision in {h.decision for h in history}:
        now = terms(history, decision, ("given", "varied"))
        if now and standing(history, decision) in ("given", "varied"):
            found |= {
                (decision, r.decision) for r in _against(history, *now) if not _resolved(history, now, r)
            }
    return found


def _withheld(
    history: Sequence[Happened], place: int, now: Happened, subject: int, category: str, recipient: str
) -> bool:
    return any(
        subject in refusal.subjects
        and category in refusal.categories
        and reaches(refusal.agency, recipient)
        and _resolved(history, (place, now), refusal) != "share"
        for refusal in _against(history, place, now)
    )


def _against(history: Sequence[Happened], place: int, now: Happened) -> list[Happened]:
    if now.basis != "agreement":
        return []
    return [
        r
        for at, r in enumerate(history)
        if r.event == "refused"
        and standing(history, r.decision) == "refused"
        and r.purpose == now.purpose
        and set(r.subjects) & set(now.subjects)
        and set(r.categories) & set(now.categories)
        and any(reaches(r.agency, recipient) for recipient in recipients(now.agency))
        and (at > place or r.giver is None or r.giver != now.giver)
    ]


def _resolved(history: Sequence[Happened], now: tuple[int, Happened], refusal: Happened) -> str:
    """A resolution holds for the terms that somebody looked at, and no others."""
    place, agreement = now
    later = [
        h.outcome
        for h in history[place:]
        if h.event == "resolved" and (h.decision, h.refusal) == (agreement.decision, refusal.decision)
    ]
    return later[-1] if later else ""
