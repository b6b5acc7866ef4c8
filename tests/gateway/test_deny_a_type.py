"""What a loaded agreement denies a type of organisation reaches every agency of that type, or is refused."""

from collections import Counter
from dataclasses import replace
from typing import Any

import httpx
import pytest

from deploy.demo.partner import Partner
from deploy.demo.partnership import HOUSING
from deploy.local import Running
from gateway.agreements import exchange
from gateway.agreements.exchange import AgreementNotMapped, ExchangeDocument
from gateway.agreements.words import ORGANISATION_TYPES
from hub.sharing.recipients import AGENCY_TYPES
from tests.gateway.agreeing import SIGNATURE, Two, joined, loaded, rule, two_agencies

ONE_OF_EACH = {kind: kind for kind in AGENCY_TYPES}
HEALTH = {"health_provider", "gp", "midwifery", "health_visiting", "school_nursing", "camhs", "drug_alcohol"}


@pytest.fixture
async def two(hub: Running, http: httpx.AsyncClient) -> Two:
    """A school and a housing association, new."""
    return await two_agencies(hub, http)


def test_every_type_of_agency_is_of_one_type_of_organisation() -> None:
    mapped = Counter(ours for kinds in ORGANISATION_TYPES.values() for ours in kinds)
    assert mapped == Counter(AGENCY_TYPES)


def test_what_is_denied_to_health_is_denied_to_each_of_its_kinds() -> None:
    denied = rule(effect="deny", destOrgTypes=["HEALTH"])
    document = {"orgId": "school", "version": "2026-11-10T12:00:00Z", "exceptions": [denied]}
    [term] = exchange.read([ExchangeDocument.model_validate(document)], ONE_OF_EACH)
    assert (term.effect, set(term.receivers)) == ("deny", HEALTH)


async def shared_with(by: Partner, to: Partner) -> tuple[int, str | None]:
    """What becomes of a decision on the family's agreement, under what was loaded."""
    pupil = {"given_name": "Sky", "family_name": "Synthetic", "date_of_birth": "2016-05-04"}
    person = await by.made("/referral/people", pupil)
    decision = {
        "agency": to.agency.id,
        "subjects": [person["person"]],
        "categories": ["identity_contact"],
        "purpose": "early_help",
        "basis": "agreement",
        "given_by": "Robin Synthetic, mother",
        "reason": "The family asked for help together.",
    }
    answer = await by.post("/sharing/decisions", decision)
    return answer.status_code, answer.json().get("type")


async def test_who_is_named_and_who_joins_later_are_denied_what_their_type_is(
    two: Two, hub: Running, http: httpx.AsyncClient
) -> None:
    """No other test lets a fire service in: a party that nobody signs for would keep it out of force."""
    named = await joined(hub, http, replace(HOUSING, type="fire"))
    allowed = rule(destOrgTypes=[], destOrgIds=[two.housing.agency.id, named.agency.id])
    denied = rule(effect="deny", destOrgTypes=["FIRE"])
    said = loaded(two, allowed, exceptions=[denied])
    drafted = (await two.school.made("/sharing/agreements/import", said))["agreement"]
    for party in (two.school, two.housing, named):
        await party.made(f"/sharing/agreements/{drafted}/sign", SIGNATURE)
    later = await joined(hub, http, replace(HOUSING, type="fire"))
    assert await shared_with(two.school, two.housing) == (201, None)
    for agency in (named, later):
        assert await shared_with(two.school, agency) == (403, "/problems/agreement-missing")


async def test_refuses_to_deny_a_type_beside_somebody_of_no_type(
    two: Two, hub: Running, http: httpx.AsyncClient
) -> None:
    registrar = await joined(hub, http, replace(HOUSING, type="registrar"))
    allowed = rule(destOrgTypes=[], destOrgIds=[two.housing.agency.id, registrar.agency.id])
    denied = rule(effect="deny", destOrgTypes=["HEALTH"])
    answer = await two.school.post("/sharing/agreements/import", loaded(two, allowed, exceptions=[denied]))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/agreement-not-mapped")
    [error] = answer.json()["errors"]
    assert error["pointer"] == "/documents/0/defaults/0/destOrgIds/1"
    assert "registrar" in error["detail"]


@pytest.mark.parametrize(
    "exceptions",
    [[], [rule(effect="deny", destOrgTypes=[], destOrgIds=["registrar-1"])]],
    ids=["nothing is denied", "who is denied is named"],
)
def test_somebody_of_no_type_is_allowed_by_name(exceptions: list[dict[str, Any]]) -> None:
    allowed = rule(destOrgTypes=[], destOrgIds=["registrar-1"])
    document = {"orgId": "school", "version": "2026-11-10T12:00:00Z", "defaults": [allowed]}
    said = ExchangeDocument.model_validate({**document, "exceptions": exceptions})
    terms = exchange.read([said], {"school": "school", "registrar-1": "registrar"})
    assert all(term.receivers == ["registrar-1"] for term in terms)


def test_a_denial_in_another_document_counts_too() -> None:
    allowed = rule(destOrgTypes=[], destOrgIds=["registrar-1"])
    denied = rule(effect="deny", destOrgTypes=["EDUCATION"])
    said = [
        ExchangeDocument.model_validate({"orgId": "school", "version": "2026-11-10T12:00:00Z", **rules})
        for rules in ({"defaults": [allowed]}, {"exceptions": [denied]})
    ]
    with pytest.raises(AgreementNotMapped):
        exchange.read(said, {"school": "school", "registrar-1": "registrar"})
