"""Agreements in the DfE Single Unique Identifier draft's shape: one document for each discloser.

A rule reaches the organisations in `destOrgIds`, or else all those of `destOrgTypes`; one that names neither
reaches nobody. Exceptions go before defaults. The draft says neither who signs nor when it expires.
What cannot be mapped is refused, never guessed: https://github.com/DFE-Digital/single-unique-identifier
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, Field

from gateway.agreements.words import DATA_TYPES, ORGANISATION_TYPES, PURPOSES, data_types, purpose_name
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


def read(documents: Sequence[ExchangeDocument], members: Mapping[str, str]) -> list[AgreementTerm]:
    """The terms that these documents say, for members of the partnership (id to type).

    Raises AgreementNotMapped with a pointer to every word that has no equal here.
    """
    faults, terms = list[Fault](), list[AgreementTerm]()
    for number, document in enumerate(documents):
        place = f"/documents/{number}"
        if document.orgId not in members:
            faults.append(_fault(f"{place}/orgId", "no agency of this partnership"))
        for kind, rules in (("defaults", document.defaults), ("exceptions", document.exceptions)):
            for index, rule in enumerate(rules):
                where = f"{place}/{kind}/{index}"
                found = list(_faults(rule, where, members))
                faults += found
                if not found:
                    terms.append(_term(rule, document.orgId, members, exception=kind == "exceptions"))
    if faults:
        raise AgreementNotMapped(errors=faults)
    return terms


def write(terms: Sequence[AgreementTerm], version: datetime, expires: datetime) -> list[ExchangeDocument]:
    """The same as documents of the draft, one for each organisation that discloses."""
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
    if rule.validFrom and rule.validUntil and rule.validUntil <= rule.validFrom:
        yield _fault(f"{where}/validUntil", "is not after validFrom")
    if not _destinations(rule, members):
        yield _fault(where, "reaches no organisation: name some in destOrgIds or destOrgTypes")


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
