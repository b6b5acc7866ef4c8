"""Agreements in the DfE Single Unique Identifier draft's shape: one document for each discloser.

A rule reaches the organisations in `destOrgIds`, or else all those of `destOrgTypes`; one that names neither
reaches nobody. Exceptions go before defaults. The draft says neither who signs nor when it expires. A type
means its members on the day: whoever joins later is no party, so nothing is shared with them on it.
What cannot be mapped is refused, never guessed: https://github.com/DFE-Digital/single-unique-identifier
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, Field, JsonValue

from gateway.agreements.words import (
    DATA_TYPES,
    IN_A_TYPE,
    ORGANISATION_TYPES,
    PURPOSES,
    data_types,
    purpose_name,
)
from hub.caller import AgencyId
from hub.heard import Heard
from hub.problem import Problem
from hub.sharing import Category
from hub.sharing.agreements import AgreementTerm

Mode = Literal["EXISTENCE", "CONTENT"]
Fault = dict[str, str]


class AgreementNotMapped(Problem):
    """The agreement says something that has no equal here."""

    status = 422


class ExchangeRule(Heard):
    """One rule of the draft."""

    effect: Literal["allow", "deny"]
    modes: list[Mode] = Field(min_length=1, max_length=2)
    dataTypes: list[str] = Field(min_length=1, max_length=100)  # noqa: N815  # the draft's name
    destOrgTypes: list[str] = Field(default=[], max_length=100)  # noqa: N815  # as above
    destOrgIds: list[str] = Field(default=[], max_length=5000)  # noqa: N815  # as above
    purposes: list[str] = Field(min_length=1, max_length=20)
    validFrom: AwareDatetime | None = None  # noqa: N815  # as above
    validUntil: AwareDatetime | None = None  # noqa: N815  # as above
    reason: str | None = Field(default=None, max_length=2000)


class ExchangeDocument(Heard):
    """What one organisation discloses: the draft's data sharing agreement."""

    orgId: str = Field(max_length=64)  # noqa: N815  # the draft's name
    version: AwareDatetime
    defaults: list[ExchangeRule] = Field(default=[], max_length=500)
    exceptions: list[ExchangeRule] = Field(default=[], max_length=500)


def read(
    documents: Sequence[ExchangeDocument],
    members: Mapping[str, str],
    starts: datetime | None = None,
    expires: datetime | None = None,
) -> list[AgreementTerm]:
    """The terms that these documents say, for members of the partnership (id to type).

    `starts` and `expires` are the agreement's own: a rule without its own has them.
    Raises AgreementNotMapped with a pointer to every word that has no equal here.
    """
    said = list(_said(documents))
    faults = [
        _fault(f"/documents/{number}/orgId", "no agency of this partnership")
        for number, document in enumerate(documents)
        if document.orgId not in members
    ]
    for one in said:
        faults += _faults(one.rule, one.where, members)
        faults += _untimely(one.rule, one.where, starts, expires)
    if any(_denies_a_type(one.rule) for one in said):
        faults += [fault for one in said for fault in _of_no_type(one.rule, one.where, members)]
    if faults:
        raise AgreementNotMapped(errors=faults)
    return [_term(one.rule, one.discloser, members, exception=one.exception) for one in said]


def as_written(documents: Sequence[ExchangeDocument]) -> list[JsonValue]:
    """The documents as they came, for an export to give back: what they left out is left out."""
    return [document.model_dump(mode="json", exclude_unset=True) for document in documents]


def write(terms: Sequence[AgreementTerm], version: datetime, expires: datetime) -> list[ExchangeDocument]:
    """Terms that were read from no document as documents of the draft, one for each who discloses."""
    disclosers = sorted({agency for term in terms for agency in term.disclosers})
    return [
        ExchangeDocument(
            orgId=agency,
            version=version,
            defaults=list(_rules(terms, agency, expires, exception=False)),
            exceptions=list(_rules(terms, agency, expires, exception=True)),
        )
        for agency in disclosers
    ]


def parties(terms: Sequence[AgreementTerm]) -> list[AgencyId]:
    """Every organisation that discloses or receives."""
    return sorted({agency for term in terms for agency in (*term.disclosers, *term.receivers)})


@dataclass(frozen=True)
class _Said:
    """A rule, whose it is, and where it stands."""

    rule: ExchangeRule
    discloser: str
    where: str
    exception: bool


def _said(documents: Sequence[ExchangeDocument]) -> Iterator[_Said]:
    for number, document in enumerate(documents):
        for kind, rules in (("defaults", document.defaults), ("exceptions", document.exceptions)):
            for index, rule in enumerate(rules):
                where = f"/documents/{number}/{kind}/{index}"
                yield _Said(rule, document.orgId, where, kind == "exceptions")


def _denies_a_type(rule: ExchangeRule) -> bool:
    return rule.effect == "deny" and not rule.destOrgIds


def _of_no_type(rule: ExchangeRule, where: str, members: Mapping[str, str]) -> Iterator[Fault]:
    """Who is allowed something by name, and is of no type of organisation that could be denied it."""
    if rule.effect == "deny":
        return
    for index, agency in enumerate(rule.destOrgIds):
        kind = members.get(agency)
        if kind is not None and kind not in IN_A_TYPE:
            detail = f"is a {kind}, of no type of organisation: deny by destOrgIds, not by destOrgTypes"
            yield _fault(f"{where}/destOrgIds/{index}", detail)


def _faults(rule: ExchangeRule, where: str, members: Mapping[str, str]) -> Iterator[Fault]:
    known: tuple[tuple[str, Sequence[str], Mapping[str, object], str], ...] = (
        ("dataTypes", rule.dataTypes, DATA_TYPES, "no data type of ours"),
        ("purposes", rule.purposes, PURPOSES, "no purpose of ours"),
        ("destOrgTypes", rule.destOrgTypes, ORGANISATION_TYPES, "no type of organisation of ours"),
        ("destOrgIds", rule.destOrgIds, members, "no agency of this partnership"),
    )
    for field, words, ours, detail in known:
        for index, word in enumerate(words):
            if word not in ours:
                yield _fault(f"{where}/{field}/{index}", detail)
    if not _destinations(rule, members):
        yield _fault(where, "reaches no organisation: name some in destOrgIds or destOrgTypes")


def _untimely(
    rule: ExchangeRule, where: str, starts: datetime | None, expires: datetime | None
) -> Iterator[Fault]:
    """What is over before it begins, or begins when the agreement is over."""
    begins = rule.validFrom or starts
    if begins and rule.validUntil and rule.validUntil <= begins:
        yield _fault(f"{where}/validUntil", f"is not after {'validFrom' if rule.validFrom else 'it starts'}")
    if rule.validFrom and expires and expires <= rule.validFrom:
        yield _fault(f"{where}/validFrom", "is not before the agreement expires")


def _fault(pointer: str, detail: str) -> Fault:
    return {"pointer": pointer, "detail": detail}


def _destinations(rule: ExchangeRule, members: Mapping[str, str]) -> list[AgencyId]:
    """Those named, or else those of a named type: as the draft's own enforcement reads it."""
    if rule.destOrgIds:
        return [AgencyId(agency) for agency in rule.destOrgIds]
    types = {ours for name in rule.destOrgTypes for ours in ORGANISATION_TYPES.get(name, ())}
    return [AgencyId(agency) for agency, kind in sorted(members.items()) if kind in types]


def _term(
    rule: ExchangeRule, discloser: str, members: Mapping[str, str], *, exception: bool
) -> AgreementTerm:
    categories = set[Category]()
    if "EXISTENCE" in rule.modes:
        categories.add(Category.EXISTENCE)
    if "CONTENT" in rule.modes:
        categories |= {category for name in rule.dataTypes for category in DATA_TYPES[name]}
    return AgreementTerm(
        effect=rule.effect,
        exception=exception,
        disclosers=[AgencyId(discloser)],
        receivers=_destinations(rule, members),
        categories=sorted(categories),
        purposes=[PURPOSES[name] for name in rule.purposes],
        starts=rule.validFrom,
        ends=rule.validUntil,
    )


def _rules(
    terms: Sequence[AgreementTerm], discloser: str, expires: datetime, *, exception: bool
) -> Iterator[ExchangeRule]:
    for term in terms:
        if term.exception is exception and discloser in term.disclosers:
            yield from _of(term, discloser, expires)


def _of(term: AgreementTerm, discloser: str, expires: datetime) -> Iterator[ExchangeRule]:
    """One rule for the existence, one for the content. Nothing allowed outlives the agreement."""
    categories, said = frozenset(term.categories), data_types(frozenset(term.categories))
    until = min(term.ends, expires) if term.ends else expires
    others = [agency for agency in term.receivers if agency != discloser]
    modes: list[tuple[Mode, list[str]]] = [("CONTENT", said)]
    if Category.EXISTENCE in categories:
        modes.append(("EXISTENCE", sorted(DATA_TYPES)))
    for mode, names in modes:
        if names and others:
            yield ExchangeRule(
                effect=term.effect,
                modes=[mode],
                dataTypes=names,
                destOrgIds=list(others),
                purposes=[purpose_name(purpose) for purpose in term.purposes],
                validFrom=term.starts,
                validUntil=until,
            )
