"""What follows from the facts: the row policy once more, with its reasons. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hub.caller import AgencyId
from hub.explain import words
from hub.explain.asked import Asked, ExplanationReason, ExplanationWhy

Fact = Mapping[str, Any]
EVERYBODY = "*"
NEEDS_AN_AGREEMENT = ("agreement", "statutory_duty")


@dataclass
class Facts:
    """What the ledger has about one subject and one category, as far as the asker may know."""

    restrictions: list[Fact] = field(default_factory=list[Fact])
    overrides: list[Fact] = field(default_factory=list[Fact])
    shares: list[Fact] = field(default_factory=list[Fact])
    events: list[Fact] = field(default_factory=list[Fact])
    disputes: list[Fact] = field(default_factory=list[Fact])


@dataclass(frozen=True, slots=True)
class Seer:
    """One agency that would see the screen. Only of the one that asks do we know the person and the team."""

    agency: AgencyId
    name: str
    kind: str
    purpose: str
    category: str
    person: str = ""
    team: str = ""
    asks: bool = True
    author: str = ""
    author_name: str = ""

    @property
    def wrote(self) -> bool:
        """Whether the record is its own."""
        return self.author == self.agency


def judge(
    asked: Asked, facts: Facts, names: Mapping[str, tuple[str, str]], purpose: str
) -> tuple[bool, list[ExplanationReason]]:
    """Whether everybody in the room may see it, and why (not). `names` has each agency's name and type."""
    seers = list(_seers(asked, names, purpose))
    seen = {seer.agency: list(_visible(seer, facts)) for seer in seers}
    if all(seen.values()):
        return True, [reason for found in seen.values() for reason in found]
    reasons = [] if seen[asked.agency] else list(_hidden(seers[0], facts))
    for seer in seers[1:]:
        if not seen[seer.agency]:
            said = f"{seer.name} is in the room, and may not see this."
            reasons += [
                ExplanationReason(why=ExplanationWhy.AUDIENCE, words=said, agency=seer.agency),
                *_hidden(seer, facts),
            ]
    return False, reasons


def _seers(asked: Asked, names: Mapping[str, tuple[str, str]], purpose: str) -> Iterator[Seer]:
    others = [agency for agency in dict.fromkeys(asked.room) if agency != asked.agency]
    for agency in (asked.agency, *others):
        asks = agency == asked.agency
        yield Seer(
            agency,
            *names[agency],
            purpose=purpose,
            category=asked.category,
            person=asked.practitioner if asks else "",
            team=f"{agency}/{asked.team}" if asks and asked.team else "",
            asks=asks,
            author=asked.author or "",
            author_name=names[asked.author][0] if asked.author else "",
        )


def _visible(seer: Seer, facts: Facts) -> Iterator[ExplanationReason]:
    """Everything that makes it visible to this one agency."""
    restricted = bool(_hiding(seer, facts))
    if seer.asks:
        yield from (
            _opened(seer, override, over=restricted)
            for override in facts.overrides
            if _opens(seer, override) and (override["open"][seer.category] or not restricted)
        )
    if restricted:
        return
    if seer.wrote:
        yield ExplanationReason(
            why=ExplanationWhy.AUTHOR, words=f"{seer.name} wrote this itself.", agency=seer.agency
        )
    shown: dict[tuple[str, ...], list[Fact]] = {}
    for share in _opening(seer, facts):
        if share["agency"] in (seer.agency, seer.team) and _in_force(seer, share):
            shown.setdefault((share["of"], share["agency"], share["ends"] or ""), []).append(share)
    for share, *more in shown.values():
        reader = words.who(seer.name, share["recipient"] or share["agency"], seer.kind)
        authors = [] if seer.author else [one["author_name"] for one in (share, *more)]
        yield _reason(seer, ExplanationWhy.SHARED, words.shared(reader, authors, share), share, share["ends"])


def _opening(seer: Seer, facts: Facts) -> list[Fact]:
    """The shares that are of this author's records; of anybody's, where nobody says whose."""
    return [share for share in facts.shares if seer.author in ("", share["author"])]


def _hiding(seer: Seer, facts: Facts) -> list[Fact]:
    """The restrictions that hide it. One that names a person holds while nobody says who asks."""
    return [
        r
        for r in facts.restrictions
        if r["agency"] == EVERYBODY
        or (
            r["agency"] == seer.agency
            and (r["person"] in ("", seer.person) or not seer.person)
            and (r["person"] or not seer.wrote)
        )
    ]


def _opens(seer: Seer, override: Fact) -> bool:
    return (
        override["agency"] == seer.agency
        and override["person"] == seer.person
        and override["purpose"] == seer.purpose
        and seer.category in override["open"]
    )


def _in_force(seer: Seer, share: Fact) -> bool:
    return share["begun"] and share["running"] and share["purpose"] == seer.purpose


def _hidden(seer: Seer, facts: Facts) -> Iterator[ExplanationReason]:
    """Everything that might have made it visible, and did not."""
    found = [
        *_restricted(seer, _hiding(seer, facts)),
        *_disputed(seer, facts.disputes),
        *_stood(seer, facts),
        *(r for s in _opening(seer, facts) if _of(seer, s["agency"]) for r in _fell_short(seer, s)),
        *_not_overridden(seer, facts.overrides),
    ]
    found = list({(reason.words, reason.decision): reason for reason in found}.values())
    if not found:
        said = words.nothing(seer.name)
        found = [ExplanationReason(why=ExplanationWhy.NO_DECISION, words=said, agency=seer.agency)]
    yield from found


def _of(seer: Seer, recipient: str) -> bool:
    return recipient.partition("/")[0] == seer.agency or recipient == f"type:{seer.kind}"


def _restricted(seer: Seer, hiding: Sequence[Fact]) -> Iterator[ExplanationReason]:
    for restriction in hiding:
        if restriction["told"] and restriction["agency"] == EVERYBODY:
            said = "Processing is restricted at the person's request: only the hub's oversight sees this."
            yield ExplanationReason(why=ExplanationWhy.PROCESSING_RESTRICTED, words=said, agency=seer.agency)
        elif restriction["told"]:
            said = words.hidden(seer.name, restriction, seer.person)
            yield ExplanationReason(
                why=ExplanationWhy.RESTRICTED,
                words=said,
                agency=seer.agency,
                decision=restriction["decision"],
                at=restriction["ends"],
            )


def _disputed(seer: Seer, disputes: Sequence[Fact]) -> Iterator[ExplanationReason]:
    for dispute in disputes:
        if _of(seer, dispute["recipient"]):
            said = words.differ(seer.name)
            yield _reason(seer, ExplanationWhy.DISPUTED, said, dispute, dispute["at"])


def _stood(seer: Seer, facts: Facts) -> Iterator[ExplanationReason]:
    """Decisions for this agency that are not in force, or no longer about this category."""
    decisions: dict[str, list[Fact]] = {}
    for event in facts.events:
        if _of(seer, event["recipient"]):
            decisions.setdefault(event["decision"], []).append(event)
    for history in decisions.values():
        last = history[-1]
        if seer.category not in last["categories"]:
            if last["event"] == "varied":
                said = words.narrowed(seer.name, last["at"])
                yield _reason(seer, ExplanationWhy.NARROWED, said, last, last["at"])
        elif last["event"] == "expired":
            yield _reason(seer, *words.ended(seer.name, last), last, last["ends"])
        elif last["event"] in words.STOOD:
            why, said = words.STOOD[last["event"]]
            yield _reason(seer, why, said.format(name=seer.name, at=words.day(last["at"])), last, last["at"])
        elif _of_others_alone(seer, last, facts):
            said = words.not_countersigned(seer.name, seer.author_name)
            yield _reason(seer, ExplanationWhy.NOT_COUNTERSIGNED, said, last, None)
        elif _not_backed(seer, last, facts):
            said = f"No agreement in force between the organisations covers sharing this with {seer.name}."
            yield _reason(seer, ExplanationWhy.AGREEMENT_LACKING, said, last, None)


def _of_others_alone(seer: Seer, decision: Fact, facts: Facts) -> bool:
    """A decision opens what its recorder may show, and what those wrote who countersign it."""
    opened = {share["author"] for share in facts.shares if share["of"] == decision["decision"]}
    others = seer.author not in (*opened, decision["recorded_by"])
    return bool(seer.author and opened) and others


def _not_backed(seer: Seer, decision: Fact, facts: Facts) -> bool:
    """A decision for every agency of a type reaches those of them that an agreement covers."""
    return (
        decision["recipient"].startswith("type:")
        and decision["basis"] in NEEDS_AN_AGREEMENT
        and decision["recorded_by"] != seer.agency
        and not any(
            share["of"] == decision["decision"] for share in facts.shares if share["agency"] == seer.agency
        )
        and not any(dispute["decision"] == decision["decision"] for dispute in facts.disputes)
    )


def _fell_short(seer: Seer, share: Fact) -> Iterator[ExplanationReason]:
    """A share may fall short on several counts; one that does not is hidden by a restriction."""
    if share["agency"] not in (seer.agency, seer.team) and _in_force(seer, share):
        team = share["agency"].partition("/")[2]
        said = f"The team {team} of {seer.name} may see this; others there may not."
        yield _reason(seer, ExplanationWhy.OTHER_TEAM, said, share, share["ends"])
    if not share["begun"]:
        said = f"The decision to share this with {seer.name} begins on {words.day(share['starts'])}."
        yield _reason(seer, ExplanationWhy.NOT_YET_BEGUN, said, share, share["starts"])
    if not share["running"]:
        yield _reason(seer, *words.ended(seer.name, share), share, share["ends"])
    if share["purpose"] != seer.purpose:
        said = words.elsewhere(seer.name, share["purpose"], seer.purpose)
        yield _reason(seer, ExplanationWhy.OTHER_PURPOSE, said, share, None)


def _not_overridden(seer: Seer, overrides: Sequence[Fact]) -> Iterator[ExplanationReason]:
    """Overrides of this agency that open it to somebody else, or no longer. One that hides is not told of."""
    for override in overrides:
        whose = f"{override['person']} of {seer.name}"
        if override["agency"] != seer.agency or _opens(seer, override):
            continue
        if seer.category not in override["open"]:
            said = f"The override that opened this to {whose} is over."
            yield _overridden(seer, ExplanationWhy.OVERRIDE_OVER, said, override)
        else:
            purpose = words.plain(override["purpose"])
            said = f"An override opens this to {whose} for {purpose}, and to nobody else."
            yield _overridden(seer, ExplanationWhy.OVERRIDE_FOR_ANOTHER, said, override)


def _opened(seer: Seer, override: Fact, *, over: bool) -> ExplanationReason:
    said = words.opened(seer.name, override, over=over and any(override["open"].values()))
    return _overridden(seer, ExplanationWhy.OVERRIDDEN, said, override)


def _overridden(seer: Seer, why: ExplanationWhy, said: str, override: Fact) -> ExplanationReason:
    return ExplanationReason(
        why=why, words=said, agency=seer.agency, purpose=override["purpose"], at=override["ends"]
    )


def _reason(seer: Seer, why: ExplanationWhy, said: str, fact: Fact, at: str | None) -> ExplanationReason:
    return ExplanationReason(
        why=why,
        words=said,
        agency=seer.agency,
        decision=fact["decision"],
        basis=fact["basis"],
        purpose=fact["purpose"],
        at=at,
        agreement=fact.get("agreement"),
    )
