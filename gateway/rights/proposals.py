"""What to show of a record to the person who asked, as a first proposal: pure rules, and a person decides.

UK GDPR Art 15(4); Data Protection Act 2018, Schedule 2 (paragraphs 16, 19, 24) and Schedule 3.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, cast

from hub.seals.hiding import MASK

REDACTED = "[redacted]"
ANOTHER = "[another person]"


class AskerCapacity(StrEnum):
    """In what right somebody asks."""

    SELF = "self"
    PARENTAL_RESPONSIBILITY = "parental_responsibility"
    REPRESENTATIVE = "representative"


class CopyFate(StrEnum):
    """What becomes of one record."""

    RELEASE = "release"
    REDACT = "redact"
    WITHHOLD = "withhold"


class Exemption(StrEnum):
    """By what law something is not shown."""

    THIRD_PARTY = "third_party"
    SERIOUS_HARM = "serious_harm"
    CHILD_ABUSE_DATA = "child_abuse_data"
    CONFIDENTIAL_REFERENCE = "confidential_reference"
    LEGAL_PRIVILEGE = "legal_privilege"


@dataclass(frozen=True)
class Record:
    """One record of the hub's: where it stood in the answer of a service, its category, what it says."""

    part: str
    category: str
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Proposal:
    """What we would show, and why not all."""

    decision: CopyFate
    redacted: Mapping[str, Any]
    why: str
    exemption: Exemption | None = None


@dataclass(frozen=True)
class Asked:
    """Who asks about whom, and what must not reach them.

    `subjects` are the person and the households that are theirs; `others` is everybody else's words
    (names, birthdays, addresses) and `people` everybody else's ids. `sealed` are the ids of those whose
    whereabouts are sealed, or with whom a court forbids contact.
    """

    subjects: frozenset[str]
    own_names: frozenset[str]
    others: frozenset[str]
    people: frozenset[str]
    for_a_child: bool = False
    sealed: frozenset[str] = frozenset()
    _pattern: list[re.Pattern[str]] = field(default_factory=list[re.Pattern[str]], compare=False)

    def pattern(self) -> re.Pattern[str]:
        """Finds anything that says who somebody else is."""
        if not self._pattern:
            words = [r"\s+".join(map(re.escape, word.split())) for word in self.others if word.strip()]
            longest = sorted(words, key=len, reverse=True)
            self._pattern.append(
                re.compile(r"(?<!\w)(?:" + "|".join(longest or ["(?!)"]) + r")(?!\w)", re.IGNORECASE)
            )
        return self._pattern[0]


WHEREABOUTS = frozenset({"home_address", "education_attendance", "education_send", "housing_tenancy"})
# Who told us something is not for the person it was told about.
REFERRER = {
    "concerns": ("raised_by", "reporter_role"),
    "referrals": ("referrer",),
    "involvements": ("contact",),
}
ABOUT = ("person", "subject")
SENTENCE = re.compile(r"((?<=[.!?])\s+|\n+)")
# That such a record about somebody else exists would itself tell on them.
TELLING = frozenset({"concerns", "attendance", "involvements", "triage"})


def propose(asked: Asked, record: Record) -> Proposal:
    """What to show of this record. Whatever is proposed, `redacted` is fit to be shown."""
    about = {record.content[name] for name in ABOUT if record.content.get(name)}
    about_another, unsafe = not about <= asked.subjects, bool(about & asked.sealed)
    if about_another or record.category == "third_party":
        return _of_another(record)
    if unsafe and record.category in WHEREABOUTS:
        return _withhold("whereabouts, while a seal or an order protects them", Exemption.SERIOUS_HARM)
    if record.category == "home_address" and _says_sealed(record.content):
        return _withhold("an address that is sealed", Exemption.SERIOUS_HARM)
    if record.category == "domestic_abuse":
        return _withhold("what was said of domestic abuse", Exemption.SERIOUS_HARM)
    if asked.for_a_child and record.part == "concerns":
        return _withhold(
            "a concern about a child's safety, asked for by a parent", Exemption.CHILD_ABUSE_DATA
        )
    return _redact(asked, record)


def _of_another(record: Record) -> Proposal:
    if record.part in TELLING or record.category in WHEREABOUTS:
        return _withhold("it is about somebody else", Exemption.THIRD_PARTY)
    blank = {"about": ANOTHER}
    return Proposal(CopyFate.REDACT, blank, "it is about somebody else", Exemption.THIRD_PARTY)


def _withhold(why: str, exemption: Exemption) -> Proposal:
    return Proposal(CopyFate.WITHHOLD, {}, why, exemption)


def _redact(asked: Asked, record: Record) -> Proposal:
    content = dict(record.content)
    for name in REFERRER.get(record.part, ()):
        if content.get(name):
            content[name] = REDACTED
    if record.part == "moves" and content.get("number") == 1 and "referral" in content:
        content["by"] = REDACTED
    giver = content.get("given_by")
    if isinstance(giver, str) and not any(own in giver.lower() for own in asked.own_names):
        content["given_by"] = REDACTED
    shown = cast("Mapping[str, Any]", clean(asked, content))
    if shown == record.content:
        return Proposal(CopyFate.RELEASE, shown, "it is about the person who is asked about")
    if _says_sealed(record.content):
        return Proposal(CopyFate.REDACT, shown, "it names what is sealed", Exemption.SERIOUS_HARM)
    why = "it says who somebody else is, or who told us"
    return Proposal(CopyFate.REDACT, shown, why, Exemption.THIRD_PARTY)


def _says_sealed(value: Any) -> bool:
    if isinstance(value, str):
        return MASK in value
    if isinstance(value, Mapping):
        return any(_says_sealed(one) for one in cast("Mapping[str, Any]", value).values())
    return isinstance(value, list) and any(_says_sealed(one) for one in cast("Sequence[Any]", value))


def _tells(asked: Asked, sentence: str) -> bool:
    return MASK in sentence or bool(asked.pattern().search(sentence))


def clean(asked: Asked, value: Any) -> Any:
    """The value without what says who somebody else is, and without the marks of a seal."""
    if isinstance(value, str):
        if value in asked.people:
            return ANOTHER
        said = SENTENCE.split(value)  # what is said of somebody tells on them without their name
        return "".join(REDACTED if _tells(asked, one) else one for one in said)
    if isinstance(value, Mapping):
        return {name: clean(asked, one) for name, one in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, list):
        return [clean(asked, one) for one in cast("Sequence[Any]", value)]
    return value
