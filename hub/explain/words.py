"""The sentences: what a practitioner reads, with the dates and the words that they would use."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from hub.explain.asked import ExplanationWhy
from hub.heard import LONDON

BASES = {
    "agreement": "with the family's agreement",
    "statutory_duty": "under the statutory duty to share",
    "safeguarding": "to keep a child safe",
    "court_order": "by order of a court",
}
KINDS = {
    "no_contact_order": "A no-contact order",
    "refuge": "A seal on somebody's whereabouts",
    "professional_safety": "A restriction for somebody's safety",
}
STOOD = {
    "proposed": (
        ExplanationWhy.PROPOSED,
        "It was proposed on {at} to share this with {name}; nobody has answered yet.",
    ),
    "not_shared": (ExplanationWhy.DECIDED_NOT_TO, "On {at} it was decided not to share this with {name}."),
    "refused": (ExplanationWhy.REFUSED, "On {at} sharing this with {name} was refused."),
    "withdrawn": (ExplanationWhy.WITHDRAWN, "The decision to share this with {name} was withdrawn on {at}."),
    "expired": (ExplanationWhy.EXPIRED, "The decision to share this with {name} ended on {at}."),
    "superseded": (
        ExplanationWhy.SUPERSEDED,
        "On {at} another decision took the place of the one to share with {name}.",
    ),
}


@lru_cache(1024)
def day(moment: str | None) -> str:
    """`2026-11-22T17:05:00Z` as families and practitioners write it, by the clock on the wall."""
    if moment is None:
        return "a day unknown"
    local = datetime.fromisoformat(moment).astimezone(LONDON)
    return f"{local.day} {local:%B %Y} at {local:%H:%M}"


def plain(word: str | None) -> str:
    """`early_help` as it is said."""
    return (word or "no purpose").replace("_", " ")


def who(name: str, recipient: str, kind: str) -> str:
    """The recipient of a decision: the agency, one team of it, or every agency of its type."""
    if recipient.startswith("type:"):
        return f"{name}, as every agency of the type {plain(kind)},"
    team = recipient.partition("/")[2]
    return f"the team {team} of {name}" if team else name


def shared(reader: str, authors: Sequence[str], share: Mapping[str, Any]) -> str:
    """Who may see it, what for, on which basis, until when, and what ends it then.

    `authors` are whose records it is, where the question was not about one of them.
    """
    until = f"until {day(share['ends'])}" if share["ends"] else "without end"
    capped = f", when the agreement “{share['title']}” ends" if share["capped"] else ""
    what = f"what {together(authors)} wrote of this," if authors else "this"
    return f"{reader} may see {what} for {plain(share['purpose'])} {BASES[share['basis']]}, {until}{capped}."


def together(names: Sequence[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def ended(name: str, fact: Mapping[str, Any]) -> tuple[ExplanationWhy, str]:
    """A decision whose time has run, by itself or with the agreement behind it."""
    if fact["title"] and fact["capped"]:
        agreement = f"with the agreement “{fact['title']}” behind it"
        return (
            ExplanationWhy.AGREEMENT_ENDED,
            f"Sharing this with {name} ended on {day(fact['ends'])}, {agreement}.",
        )
    return ExplanationWhy.EXPIRED, STOOD["expired"][1].format(name=name, at=day(fact["ends"]))


def opened(name: str, override: Mapping[str, Any], *, over: bool) -> str:
    """Whose override, until when, and whether it reaches over a restriction."""
    reach = "over a restriction, " if over else ""
    whose = f"{override['person']} of {name}"
    return f"An override opens this to {whose}, {reach}until {day(override['ends'])}."


def hidden(name: str, restriction: Mapping[str, Any], person: str) -> str:
    """What hides it, from whom, until when. For those who may know of it."""
    what = KINDS.get(restriction["kind"] or "", "A restriction")
    court = f" ({restriction['court_reference']})" if restriction["court_reference"] else ""
    until = f" until {day(restriction['ends'])}" if restriction["ends"] else ""
    if restriction["person"] and not person:
        return f"{what}{court} hides this from one person of {name}{until}, and nobody says who asks."
    whom = f"{restriction['person']} of {name}" if restriction["person"] else name
    return f"{what}{court} hides this from {whom}{until}."


def narrowed(name: str, at: str | None) -> str:
    """A decision that was about this, and is no longer."""
    return f"The decision to share with {name} was varied on {day(at)}, and leaves this out."


def not_countersigned(name: str, author: str) -> str:
    """Decided by somebody who could not itself show it."""
    opens = f"does not open what {author} wrote: {author} can countersign it"
    return f"The decision to share this with {name} {opens}."


def elsewhere(name: str, shared_for: str, asked_for: str) -> str:
    """Shared, for another purpose than the one in the asker's token."""
    return f"{name} may see this for {plain(shared_for)}, not for {plain(asked_for)}."


def differ(name: str) -> str:
    """Two parents say different things, and nothing is shared until somebody has heard both."""
    return f"Two who may decide differ about sharing this with {name}; a person has yet to resolve it."


def nothing(name: str) -> str:
    """True of what nobody shared, and of what somebody else hides: the same words for both."""
    return f"Nothing that your agency may know of lets {name} see this now."


def without_a_name(name: str) -> str:
    """Shared, while who they are is not: their record is not found without knowing whose it is."""
    return (
        f" It is seen within the family's case; the person's own record opens once who they are"
        f" is shared with {name}."
    )
