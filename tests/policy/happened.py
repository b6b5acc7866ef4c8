"""What may happen in the ledger, as the states of sharing.txt tell it; and what that leaves in force.

`in_force` works the model's ledger out of a history, by the design and in plain Python.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tests.policy.model import Ledger, Override, Restriction, Share

AUTHOR, HOUSING, POLICE, OTHER = "oakfield", "housing", "police", "early-help"
OTHER_HOUSING, UNAGREED, EXCEPTED, OVERSIGHT = "homes", "charity", "nursing", "dpo"
AGENCIES = {
    AUTHOR: "school",
    HOUSING: "housing",
    OTHER_HOUSING: "housing",
    POLICE: "police",
    OTHER: "early_help_team",
    UNAGREED: "voluntary_community",
    EXCEPTED: "school_nursing",
    OVERSIGHT: "data_protection_officer",
}
LONG = 24 * 30

# The hour at which each agreement ends. The school has all of them with housing, early help the first.
AGREEMENTS = {"standing": LONG, "soon": 5, "ended": 0, "left": 0, "expired": -1}
DECIDES = ("proposed", "given", "varied", "refused", "not_shared")
ANSWERS = ("countersigned", "declined")
ENDS = ("withdrawn", "expired", "superseded")
NEEDS_AN_AGREEMENT = ("agreement", "statutory_duty")


@dataclass(frozen=True)
class Happened:
    """One event. `about` is this record's category, `another category`, or `somebody else`.

    `basis` and `purpose` are the cell's where they are left empty. `names` are the restrictions an override
    reaches over; `to` is a recipient, whom it is hidden from, or whose override it is. Decisions are recorded
    by the school that wrote the record, unless `by` says by whom.
    """

    event: str
    to: str = HOUSING
    decision: str = "one"
    by: str = AUTHOR
    about: str = "this"
    basis: str = ""
    giver: str = "mother"
    starts: int = -1
    ends: int = LONG
    agreement: str = "standing"
    person: str = ""
    names: tuple[str, ...] = ()
    outcome: str = ""
    exempt: tuple[str, ...] = ()


def cannot_be_recorded(one: Happened, basis: str) -> bool:
    """Whether the ledger refuses it: no agreement in force covers it, or nobody can refuse that basis.

    A refusal holds back nothing but an agreement, so on another basis there is no conflict to resolve.
    """
    said = one.basis or basis
    if one.event in ("refused", "resolved"):
        return said != "agreement"
    unagreed = one.by in (UNAGREED, EXCEPTED) and not one.to.startswith("type:")
    return one.event in ("given", "varied") and unagreed and said in NEEDS_AN_AGREEMENT


def in_force(history: Sequence[Happened], basis: str) -> Ledger:
    """What is in force for a cell on this basis; `asked` is the purpose it was decided for."""
    events = [replace(h, basis=h.basis or basis) for h in history if not cannot_be_recorded(h, basis)]
    return Ledger(
        tuple(share for name in _names(events, DECIDES) for share in _shares(events, name)),
        tuple(_restrictions(events)),
        tuple(_override(events, h) for h in events if h.event == "opened"),
    )


def _names(events: Sequence[Happened], kinds: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(h.decision for h in events if h.event in kinds))


def _place(about: str) -> tuple[int, str]:
    return int(about == "somebody else"), "that" if about == "another category" else "this"


def _shares(events: Sequence[Happened], name: str) -> list[Share]:
    place, terms = [
        (i, h) for i, h in enumerate(events) if h.decision == name and h.event in (*DECIDES, *ENDS)
    ][-1]
    if terms.event not in ("given", "varied") or _disputed(events, terms):
        return []
    backed = _backed(terms, _discloser(events, place, terms))
    if backed is None:
        return []
    ends = min(terms.ends, backed)
    return [
        Share(*_place(terms.about), "asked", AUTHOR, recipient, terms.starts, ends)
        for recipient in _recipients(terms)
    ]


def _discloser(events: Sequence[Happened], place: int, terms: Happened) -> str | None:
    """Who answers for opening what the school wrote: itself, or whoever passes it on; None if nobody does."""
    answers = [h.event for h in events if h.decision == terms.decision and h.event in ANSWERS]
    if terms.by == AUTHOR or answers[-1:] == ["countersigned"]:
        return AUTHOR
    return terms.by if not answers and _could_see(events[:place], terms) else None


def _could_see(before: Sequence[Happened], terms: Happened) -> bool:
    """Whether who passes it on could itself see it, without an override, when it said so."""
    about = _place(terms.about)
    shown = any(
        (s.subject, s.category) == about and s.recipient == terms.by and s.starts <= 0 < s.ends
        for name in _names(before, DECIDES)
        for s in _shares(before, name)
    )
    hidden = any(
        (r.subject, r.category) == about and r.agency in (terms.by, "*") and r.ends > 0
        for r in _restrictions(before)
    )
    return shown and not hidden


def _recipients(terms: Happened) -> list[str]:
    if not terms.to.startswith("type:"):
        return [terms.to]
    return [a for a, kind in AGENCIES.items() if f"type:{kind}" == terms.to and a != terms.by]


def _backed(terms: Happened, discloser: str | None) -> int | None:
    """Until when an agreement of the discloser's backs it; None where none does, or nobody discloses it."""
    if discloser is None or terms.basis not in NEEDS_AN_AGREEMENT:
        return LONG if discloser else None
    return AGREEMENTS[terms.agreement] if discloser in (AUTHOR, OTHER) else None


def _disputed(events: Sequence[Happened], terms: Happened) -> bool:
    """Another parent's refusal holds an agreement back until somebody resolves it in favour of sharing."""
    if terms.basis != "agreement":
        return False
    against = [
        h
        for h in events
        if h.event == "refused" and h.about == terms.about and h.to == terms.to and h.giver != terms.giver
    ]
    resolved = [h.outcome for h in events if h.event == "resolved"]
    return bool(against) and resolved[-1:] != ["share"]


def _restrictions(events: Sequence[Happened]) -> list[Restriction]:
    lifted = {h.decision for h in events if h.event == "lifted"}
    found = list[Restriction]()
    for h in events:
        if h.event == "restricted" and h.decision not in lifted:
            hidden = [a for a in AGENCIES if a not in h.exempt] if h.to == "!" else [h.to]
            found += [
                Restriction(*_place(h.about), agency, h.person, h.ends, h.decision) for agency in hidden
            ]
    return found


def _override(events: Sequence[Happened], opened: Happened) -> Override:
    """It stands for four hours, unless it was ended."""
    over = any(h.event == "ended" and h.decision == opened.decision for h in events)
    place = _place(opened.about)
    return Override(*place, "asked", opened.to, opened.person, opened.names, 0, 0 if over else 4)
