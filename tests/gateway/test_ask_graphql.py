"""GraphQL through the front door: the shared case view and the local offer, composed and never decided."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest
from graphql import get_introspection_query

from deploy.demo.partnership import CHARITY, EARLY_HELP, HOUSING, OAKFIELD, POLICE
from tests.people import Family, Partner, Room, a_family, share
from tests.services.assessment.cases import (
    action_of,
    assessed_family,
    goal_of,
    let_see,
    plan_of,
    section_of,
)

CASE = """
query Case($household: ID!) {
  case(id: $household) {
    id
    household { name openedBy }
    members { person role identities { givenName dateOfBirth } addresses { postcode } }
    concerns { narrative }
    sections { category strengths worries { text standing } }
    assessments { status sections { category } }
    plans { tier goals { text actions { owner due status } } }
    missing { part code }
  }
}
"""


async def ask(partner: Partner, query: str, **variables: Any) -> dict[str, Any]:
    """What GraphQL answers; twice, so that a planned answer is held against Strawberry's."""
    body = {"query": query, "variables": variables}
    first = await partner.post("/graphql", body)
    second = await partner.post("/graphql", body)
    assert first.status_code == 200, first.text
    assert first.json() == second.json()
    return first.json()


async def case_of(partner: Partner, family: Family) -> dict[str, Any]:
    """A family's case, which is there and whole."""
    answer = await ask(partner, CASE, household=str(family.household))
    assert "errors" not in answer, answer
    assert answer["data"]["case"]["missing"] == []
    return answer["data"]["case"]


async def a_case(room: Room) -> Family:
    """A family with an assessment and a plan, that housing may see in part."""
    case = await assessed_family(room)
    family, asker = case.family, room[EARLY_HELP]
    for dimension in ("housing", "health"):
        await asker.made(f"{case.path}/sections", section_of(family.household, dimension=dimension))
    made = await asker.made("/assessment/plans", plan_of(family, assessment=case.assessment))
    plan = f"/assessment/plans/{made['plan']['plan']}"
    goal = await asker.made(f"{plan}/goals", goal_of(family.household))
    await asker.made(f"{plan}/actions", action_of(goal["goal"]["goal"]))
    return family


async def test_composes_what_both_services_show(room: Room) -> None:
    family = await a_case(room)
    await let_see(room, family, EARLY_HELP, "family_household", "identity_contact", by=OAKFIELD)
    case = await case_of(room[EARLY_HELP], family)
    assert case["id"] == str(family.household)
    assert case["household"] == {"name": "Synthetic", "openedBy": "oakfield-primary"}
    child = next(member for member in case["members"] if member["role"] == "child")
    assert child["identities"] == [{"givenName": "Sky", "dateOfBirth": "2016-05-04"}]
    assert child["addresses"] == []
    assert {section["category"] for section in case["sections"]} == {"housing_tenancy", "health_physical"}
    assert [len(one["sections"]) for one in case["assessments"]] == [2]
    [goal] = case["plans"][0]["goals"]
    assert goal["actions"] == [{"owner": "northshire-housing", "due": "2026-05-01", "status": "open"}]


async def test_shows_each_agency_its_own(room: Room) -> None:
    family = await a_case(room)
    await let_see(room, family, HOUSING, "family_household", by=OAKFIELD)
    await let_see(room, family, HOUSING, "housing_tenancy")
    case = await case_of(room[HOUSING], family)
    assert {section["category"] for section in case["sections"]} == {"housing_tenancy"}
    assert (case["assessments"], case["plans"]) == ([], [])
    assert all(member["identities"] == [] for member in case["members"])


async def test_shows_what_one_service_shows_where_the_other_shows_nothing(room: Room) -> None:
    family = await a_case(room)
    await let_see(room, family, HOUSING, "housing_tenancy")
    case = await case_of(room[HOUSING], family)
    assert (case["household"], case["members"]) == (None, [])
    assert len(case["sections"]) == 1


async def test_a_case_nobody_may_see_and_a_made_up_one_are_the_same_null(room: Room) -> None:
    family = await a_case(room)
    for household in (str(family.household), str(uuid4()), "not an id"):
        answer = await ask(room[POLICE], CASE, household=household)
        assert answer == {"data": {"case": None}}


async def test_a_withdrawal_takes_effect_on_the_next_query(room: Room) -> None:
    family = await a_family(room)
    decision = await share(room[OAKFIELD], HOUSING, [family.household], ["family_household"])
    assert (await case_of(room[HOUSING], family))["household"]
    await room[OAKFIELD].made(f"/sharing/decisions/{decision}/withdraw", {"reason": "Changed mind."})
    answer = await ask(room[HOUSING], CASE, household=str(family.household))
    assert answer == {"data": {"case": None}}


async def test_leaves_a_trace_for_every_service_asked(room: Room) -> None:
    family = await a_case(room)
    for agency in (EARLY_HELP, HOUSING):
        await let_see(room, family, agency, "family_household", by=OAKFIELD)
    await let_see(room, family, HOUSING, "housing_tenancy")
    await case_of(room[HOUSING], family)
    asked = {"subject": str(family.household)}
    looks = (await room[EARLY_HELP].get("/disclosures", params=asked)).json()["disclosures"]
    operations = {look["operation"] for look in looks if look["agency"] == HOUSING.id}
    expected = {
        "referral GET /households/{household}/case",
        "assessment GET /households/{household}/case",
    }
    assert expected <= operations


async def test_asks_only_the_services_whose_fields_are_wanted(room: Room) -> None:
    family = await a_case(room)
    await ask(
        room[EARLY_HELP], "query ($h: ID!) { case(id: $h) { members { role } } }", h=str(family.household)
    )
    asked = {"subject": str(family.household)}
    looks = (await room[EARLY_HELP].get("/disclosures", params=asked)).json()["disclosures"]
    assert all("assessment GET" not in look["operation"] for look in looks)


async def test_finds_local_services(room: Room) -> None:
    query = (
        '{ services(near: "BS5 6AA", withinMetres: 2000, first: 3) { id name metres organization { name } } }'
    )
    answer = await ask(room[CHARITY], query)
    assert "errors" not in answer, answer
    assert isinstance(answer["data"]["services"], list)


async def test_says_what_the_directory_did_not_understand(room: Room) -> None:
    answer = await ask(room[CHARITY], '{ services(near: "nowhere") { id } }')
    [error] = answer["errors"]
    assert answer["data"] == {"services": None}
    assert (error["path"], error["extensions"]["part"]) == (["services"], "directory")


async def test_introspection_is_for_callers_only(room: Room, http: httpx.AsyncClient) -> None:
    body = {"query": get_introspection_query()}
    assert (await http.post("/graphql", json=body)).status_code == 401
    known = await room[CHARITY].post("/graphql", body)
    assert known.json()["data"]["__schema"]["queryType"]["name"] == "Query"


async def test_takes_no_query_in_a_url(room: Room) -> None:
    answer = await room[CHARITY].get("/graphql", params={"query": "{ __typename }"})
    assert answer.status_code == 405


DEEP = "{ case(id: 1) { plans " + "{ goals " * 9 + "{ goal }" + " }" * 9 + " } }"
ALIASES = "{ " + " ".join(f'c{n}: case(id: "x") {{ id }}' for n in range(16)) + " }"
TOKENS = '{ case(id: "x") { ' + "id " * 2_100 + "} }"


@pytest.mark.parametrize("query", [DEEP, ALIASES, TOKENS, "{", "{ secrets }", "mutation { x }", ""])
async def test_refuses_what_is_too_much_or_makes_no_sense(room: Room, query: str) -> None:
    answer = await room[CHARITY].post("/graphql", {"query": query})
    assert answer.status_code == 200
    assert answer.json()["data"] is None
    assert answer.json()["errors"]
    newer = {"accept": "application/graphql-response+json"}
    answer = await room[CHARITY].post("/graphql", {"query": query}, headers=newer)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == newer["accept"]


async def test_refuses_an_operation_that_is_not_there(room: Room) -> None:
    body = {"query": "query A { __typename } query B { __typename }", "operationName": "C"}
    answer = await room[CHARITY].post("/graphql", body)
    assert answer.json()["data"] is None
    body["operationName"] = "B"
    for kind in ("application/json", "application/graphql-response+json"):
        answer = await room[CHARITY].post("/graphql", body, headers={"accept": kind})
        assert (answer.headers["content-type"], answer.status_code) == (kind, 200)
        assert answer.json() == {"data": {"__typename": "Query"}}


async def test_refuses_a_variable_of_the_wrong_kind_every_time(room: Room) -> None:
    family = await a_family(room)
    await case_of(room[OAKFIELD], family)
    answer = await ask(room[OAKFIELD], CASE, household=["no"])
    assert answer["data"] is None


@pytest.mark.parametrize("said", ['"\\ud800"', '"\\u0000"', '{"\\ud800": 1}', "1e999", "[" * 900 + "]" * 900])
async def test_refuses_a_variable_that_nobody_could_read_again(room: Room, said: str) -> None:
    query = "query($said: String) { services(search: $said) { id } }"
    body = f'{{"query": "{query}", "variables": {{"said": {said}}}}}'
    answer = await room[CHARITY].post("/graphql", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/payload-not-valid")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/variables"]


async def test_never_stores_an_answer(room: Room) -> None:
    answer = await room[CHARITY].post("/graphql", {"query": "{ __typename }"})
    assert answer.headers["cache-control"] == "no-store"
    assert json.loads(answer.content) == {"data": {"__typename": "Query"}}
