"""The row policy again, in plain Python and from the design alone, to hold PostgreSQL's against.

It shares no code and no SQL with hub/policy.py or hub/explain: if any two differ, one of them is wrong.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Share:
    """One author's records opened, or not: hours from now it starts and ends."""

    subject: int
    category: str
    purpose: str
    author: str
    recipient: str
    starts: int
    ends: int


@dataclass(frozen=True)
class Restriction:
    """Hidden from an agency (or everybody, `*`), or from one person of it."""

    subject: int
    category: str
    agency: str
    practitioner: str
    ends: int
    decision: str = "hidden"


@dataclass(frozen=True)
class Override:
    """Opened for one person, for a while; over the restrictions that it names."""

    subject: int
    category: str
    purpose: str
    agency: str
    practitioner: str
    names: tuple[str, ...]
    starts: int
    ends: int


@dataclass(frozen=True)
class Row:
    """What somebody wrote about a subject, in a category."""

    author: str
    subject: int
    category: str


@dataclass(frozen=True)
class Asker:
    """Who asks, for what, with whom in the room; the hub's oversight sees what nobody shares."""

    agency: str
    team: str
    practitioner: str
    purpose: str
    others: tuple[str, ...] = ()
    oversees: bool = False


@dataclass(frozen=True)
class Ledger:
    """All that was decided."""

    shares: tuple[Share, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    overrides: tuple[Override, ...] = ()


def sees(ledger: Ledger, row: Row, asker: Asker) -> bool:
    """Whether the row is shown: everybody who will see the answer must be allowed it."""
    if asker.oversees:
        return True
    if not asker.agency:
        return False
    room = [asker.agency, *(other for other in asker.others if other != asker.agency)]
    return all(_may(ledger, row, asker, agency) for agency in room)


def _may(ledger: Ledger, row: Row, asker: Asker, agency: str) -> bool:
    about = (row.subject, row.category)
    asks_itself = agency == asker.agency
    opened = [o for o in ledger.overrides if asks_itself and _opens(o, about, asker)]
    if any(_hides(r, about, row, asker, agency) for r in ledger.restrictions):
        named = {name for o in opened for name in o.names}
        hiding = {r.decision for r in ledger.restrictions if _reaches(r, about, asker)}
        return bool(opened) and hiding <= named
    names = {agency, f"{agency}/{asker.team}" if asks_itself and asker.team else agency}
    shared = any(
        (s.subject, s.category, s.author) == (*about, row.author)
        and s.recipient in names
        and s.purpose == asker.purpose
        and s.starts <= 0 < s.ends
        for s in ledger.shares
    )
    return row.author == agency or shared or bool(opened)


def _opens(override: Override, about: tuple[int, str], asker: Asker) -> bool:
    return (
        (override.subject, override.category) == about
        and (override.agency, override.practitioner) == (asker.agency, asker.practitioner)
        and override.purpose == asker.purpose
        and override.starts <= 0 < override.ends
    )


def _reaches(restriction: Restriction, about: tuple[int, str], asker: Asker) -> bool:
    """Whether it hides this from the very person asking, whoever wrote it."""
    return (
        (restriction.subject, restriction.category) == about
        and restriction.agency in (asker.agency, "*")
        and restriction.practitioner in ("", asker.practitioner)
        and restriction.ends > 0
    )


def _hides(restriction: Restriction, about: tuple[int, str], row: Row, asker: Asker, agency: str) -> bool:
    if (restriction.subject, restriction.category) != about or restriction.ends <= 0:
        return False
    if restriction.agency == "*":
        return True
    if restriction.agency != agency:
        return False
    if not restriction.practitioner:
        return row.author != agency
    somebody_else_for_certain = agency == asker.agency and asker.practitioner not in (
        "",
        restriction.practitioner,
    )
    return not somebody_else_for_certain
