"""Agreements in the shape of the DfE Single Unique Identifier draft: loaded, exported, never widened."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as some

from deploy.demo.partnership import HOUSING, POLICE
from deploy.local import Running
from gateway.agreements import exchange
from gateway.agreements.words import DATA_TYPES, data_types
from hub.caller import AgencyId, Purpose
from hub.sharing import Category
from hub.sharing.agreements import AgreementTerm
from tests.gateway.agreeing import SIGNATURE, Two, loaded, rule, two_agencies

AGENCIES = [AgencyId(name) for name in ("a-school", "a-police", "a-charity")]
MEMBERS = {"a-school": "school", "a-police": "police", "a-charity": "voluntary_community"}
START = datetime(2026, 1, 1, tzinfo=UTC)
EXPIRES = START + timedelta(days=700)
MOMENTS = [START + timedelta(days=days) for days in (0, 100, 200, 300)]

terms = some.builds(
    AgreementTerm,
    effect=some.sampled_from(["allow", "deny"]),
    exception=some.booleans(),
    disclosers=some.lists(some.sampled_from(AGENCIES), min_size=1, unique=True),
    receivers=some.lists(some.sampled_from(AGENCIES), min_size=1, unique=True),
    categories=some.lists(some.sampled_from(list(Category)), min_size=1, unique=True),
    purposes=some.lists(some.sampled_from(list(Purpose)), min_size=1, unique=True),
    starts=some.sampled_from(MOMENTS[:2]),
    ends=some.none() | some.sampled_from(MOMENTS[2:]),
)


def covered(said: Sequence[AgreementTerm], moment: datetime) -> set[tuple[str, str, str, str]]:
    """Everything that may be disclosed at a moment: the draft's own reading, one question at a time."""
    allowed = set[tuple[str, str, str, str]]()
    for exception in (False, True):
        for effect in ("allow", "deny"):
            for term in said:
                running = (not term.starts or term.starts <= moment) and (not term.ends or moment < term.ends)
                if term.exception is not exception or term.effect != effect or not running:
                    continue
                named = {
                    (d, r, c, p)
                    for d in term.disclosers
                    for r in term.receivers
                    for c in term.categories
                    for p in term.purposes
                    if d != r
                }
                allowed = allowed | named if effect == "allow" else allowed - named
    return allowed


@given(some.lists(terms, min_size=1, max_size=4), some.sampled_from(MOMENTS))
def test_what_is_exported_and_loaded_again_covers_the_same(
    said: list[AgreementTerm], moment: datetime
) -> None:
    documents = exchange.write(said, START, EXPIRES)
    assert covered(exchange.read(documents, MEMBERS), moment) == covered(said, moment)


@given(some.frozensets(some.sampled_from(list(Category))))
def test_data_types_never_say_more_than_the_categories(categories: frozenset[Category]) -> None:
    said = {category for name in data_types(categories) for category in DATA_TYPES[name]}
    assert said == categories - {Category.EXISTENCE}


def test_housing_has_a_data_type_of_its_own() -> None:
    assert data_types(frozenset({Category.HOUSING})) == ["housing.details"]
    assert data_types(frozenset({Category.ATTENDANCE, Category.SEND})) == ["education.details"]


@pytest.fixture
async def two(hub: Running, http: httpx.AsyncClient) -> Two:
    """A school and a housing association, new."""
    return await two_agencies(hub, http)


async def test_what_was_loaded_and_signed_backs_a_decision_one_way(two: Two) -> None:
    to_housing = {"destOrgTypes": [], "destOrgIds": [two.housing.agency.id]}
    denied = rule(effect="deny", modes=["CONTENT"], dataTypes=["personal.address"], **to_housing)
    said = loaded(two, rule(**to_housing), exceptions=[denied])
    drafted = (await two.school.made("/sharing/agreements/import", said))["agreement"]
    for partner in (two.school, two.housing):
        await partner.made(f"/sharing/agreements/{drafted}/sign", SIGNATURE)
    for by, to, categories, status in (
        (two.school, two.housing, ["identity_contact", "family_household", "existence"], 201),
        (two.school, two.housing, ["identity_contact", "home_address"], 403),
        (two.housing, two.school, ["identity_contact"], 403),
    ):
        person = await two.school.made("/referral/people", PERSON)
        decision = {
            "agency": to.agency.id,
            "subjects": [person["person"]],
            "categories": categories,
            "purpose": "early_help",
            "basis": "agreement",
            "given_by": "Robin Synthetic, mother",
            "reason": "The family asked for help together.",
        }
        assert (await by.post("/sharing/decisions", decision)).status_code == status
    exported = (await two.housing.get(f"/sharing/agreements/{drafted}/export")).json()
    [document] = exported["documents"]
    assert document["orgId"] == two.school.agency.id
    assert {one["dataTypes"][0] for one in document["exceptions"]} == {"personal.address"}


PERSON = {"given_name": "Sky", "family_name": "Synthetic", "date_of_birth": "2016-05-04"}


async def test_a_type_of_organisation_means_its_members(two: Two) -> None:
    drafted = (await two.school.made("/sharing/agreements/import", loaded(two, rule())))["agreement"]
    said = (await two.school.get(f"/sharing/agreements/{drafted}")).json()
    assert {two.school.agency.id, two.housing.agency.id} <= set(said["parties"])


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"dataTypes": ["personal.details", "FULL_CASE_FILE"]}, "/documents/0/defaults/0/dataTypes/1"),
        ({"purposes": ["GENERAL_ENQUIRY"]}, "/documents/0/defaults/0/purposes/0"),
        ({"destOrgTypes": ["ARMY"]}, "/documents/0/defaults/0/destOrgTypes/0"),
        ({"destOrgIds": ["elsewhere"]}, "/documents/0/defaults/0/destOrgIds/0"),
        ({"destOrgTypes": []}, "/documents/0/defaults/0"),
        ({"validUntil": "2025-01-01T00:00:00Z"}, "/documents/0/defaults/0/validUntil"),
        ({"validFrom": None, "validUntil": "2025-01-01T00:00:00Z"}, "/documents/0/defaults/0/validUntil"),
        ({"validFrom": "2999-01-01T00:00:00Z"}, "/documents/0/defaults/0/validFrom"),
    ],
)
async def test_refuses_what_it_cannot_map_by_pointer(two: Two, changed: dict[str, Any], pointer: str) -> None:
    answer = await two.school.post("/sharing/agreements/import", loaded(two, rule(**changed)))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/agreement-not-mapped")
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}


@pytest.mark.parametrize("changed", [{"effect": "maybe"}, {"modes": ["GLANCE"]}, {"modes": []}, {"extra": 1}])
async def test_refuses_what_is_no_rule_of_the_draft(two: Two, changed: dict[str, Any]) -> None:
    answer = await two.school.post("/sharing/agreements/import", loaded(two, rule(**changed)))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/payload-not-valid")


EXAMPLES = {
    "the draft's own, with what we have for a safeguarding pointer and a case file": {
        "version": "2025-11-10T12:00:00Z",
        "defaults": [
            {
                "effect": "allow",
                "modes": ["EXISTENCE"],
                "dataTypes": ["early-help.concern"],
                "destOrgTypes": ["LOCAL_AUTHORITY", "HEALTH", "POLICE"],
                "purposes": ["SAFEGUARDING"],
                "validFrom": "2025-01-01T00:00:00Z",
            }
        ],
        "exceptions": [
            {
                "effect": "allow",
                "modes": ["CONTENT"],
                "dataTypes": ["childrens-services.details"],
                "destOrgIds": [POLICE.id],
                "purposes": ["SAFEGUARDING"],
                "validFrom": "2025-06-01T00:00:00Z",
                "validUntil": "2027-06-01T00:00:00Z",
            },
            {
                "effect": "deny",
                "modes": ["CONTENT"],
                "dataTypes": ["childrens-services.details"],
                "destOrgTypes": ["VOLUNTARY"],
                "purposes": ["SERVICE_DELIVERY"],
            },
        ],
    },
    "with a reason, both kinds of destination, data types that overlap, and another time zone": {
        "version": "2026-03-30T09:30:00+01:00",
        "defaults": [
            {
                "effect": "allow",
                "modes": ["CONTENT", "EXISTENCE"],
                "dataTypes": ["personal.details", "personal.identity"],
                "destOrgTypes": ["HOUSING"],
                "destOrgIds": [POLICE.id, HOUSING.id],
                "purposes": ["SAFEGUARDING", "EARLY_HELP"],
                "validUntil": None,
                "reason": "The board agreed it in March.",
            }
        ],
    },
}


@pytest.mark.parametrize("example", EXAMPLES.values(), ids=list(EXAMPLES))
async def test_what_is_loaded_is_exported_as_it_was_written(two: Two, example: dict[str, Any]) -> None:
    said = loaded(two)
    said["documents"] = [{"orgId": two.school.agency.id, **example}]
    for _ in range(2):
        drafted = (await two.school.made("/sharing/agreements/import", said))["agreement"]
        exported = (await two.housing.get(f"/sharing/agreements/{drafted}/export")).json()
        assert exported["documents"] == [{"orgId": two.school.agency.id, **example}]
        said["documents"] = exported["documents"]


async def test_what_was_drafted_here_is_exported_from_its_terms(two: Two) -> None:
    exported = (await two.school.get(f"/sharing/agreements/{await two.draft()}/export")).json()
    disclosers = {document["orgId"] for document in exported["documents"]}
    assert disclosers == {two.school.agency.id, two.housing.agency.id}
    assert all(document["defaults"] for document in exported["documents"])
