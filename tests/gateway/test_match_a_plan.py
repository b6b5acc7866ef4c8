"""From a plan to services: read with the caller's rights, asked of the directory without a name."""

from datetime import date
from uuid import uuid4

import pytest

from deploy.demo.partnership import EARLY_HELP, MASH, OAKFIELD
from tests.people import Room
from tests.services.assessment.cases import goal_of, let_see, planned_family

BODY = {"barriers": ["cost"], "first": 5}


async def test_the_plans_needs_the_childs_age_and_the_home_are_asked_for_and_no_name(room: Room) -> None:
    case = await planned_family(room)
    await room[EARLY_HELP].made(f"{case.path}/goals", goal_of(case.family.child, area="housing"))
    await let_see(
        room, case.family, EARLY_HELP, "identity_contact", "home_address", "family_household", by=OAKFIELD
    )
    plan = case.path.rpartition("/")[2]
    answer = await room[EARLY_HELP].made(f"/plans/{plan}/matches", BODY)
    asked = answer["asked"]
    born, today = date(2016, 5, 4), date.today()  # noqa: DTZ011  # whole years
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    assert (asked["needs"], asked["near_home"], asked["barriers"]) == (["housing"], True, ["cost"])
    assert age in asked["ages"]
    assert not any(word in str(answer) for word in ("Sky", "Robin", "BS5 6AA", "2016-05-04"))
    assert answer["needs"] == [{"need": "housing", "label": "housing"}]


async def test_what_the_caller_may_not_see_is_not_used(room: Room) -> None:
    case = await planned_family(room)
    await room[EARLY_HELP].made(f"{case.path}/goals", goal_of(case.family.household, area="housing"))
    plan = case.path.rpartition("/")[2]
    answer = await room[EARLY_HELP].made(f"/plans/{plan}/matches", BODY)
    assert (answer["asked"]["near_home"], answer["asked"]["ages"]) == (False, [])


async def test_a_plan_that_may_not_be_seen_is_one_that_is_not_there(room: Room) -> None:
    case = await planned_family(room)
    plan = case.path.rpartition("/")[2]
    one = await room[MASH].post(f"/plans/{plan}/matches", BODY)
    other = await room[MASH].post(f"/plans/{uuid4()}/matches", BODY)
    assert (one.status_code, one.content) == (404, other.content)


async def test_a_plan_without_needs_is_refused_in_a_sentence(room: Room) -> None:
    case = await planned_family(room)
    plan = case.path.rpartition("/")[2]
    answer = await room[EARLY_HELP].post(f"/plans/{plan}/matches", BODY)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/plan-has-no-needs")
    assert (await room[EARLY_HELP].post(f"/plans/{plan}/matches", {"needs": ["debt"]})).status_code == 200


GRAPHQL = """
query ($plan: ID!) {
  matches(plan: $plan, question: {barriers: ["cost"], first: 5, withinMetres: 9000, times: [{day: "SA"}]}) {
    asked { needs ages barriers nearHome } needs { need label } considered
    matches { score hasRoom metres why { about verdict says } whyNot { says } service { id name } }
  }
}"""


async def test_graphql_asks_the_same_of_a_plan_and_answers_the_same_the_second_time(room: Room) -> None:
    case = await planned_family(room)
    await room[EARLY_HELP].made(f"{case.path}/goals", goal_of(case.family.child, area="housing"))
    await let_see(
        room, case.family, EARLY_HELP, "identity_contact", "home_address", "family_household", by=OAKFIELD
    )
    plan = case.path.rpartition("/")[2]
    asked = {"query": GRAPHQL, "variables": {"plan": plan}}
    first, second = [(await room[EARLY_HELP].post("/graphql", asked)).json() for _ in range(2)]
    assert first == second
    found = first["data"]["matches"]
    rest = await room[EARLY_HELP].made(
        f"/plans/{plan}/matches", {**BODY, "within_metres": 9000, "times": [{"day": "SA"}]}
    )
    assert found["asked"] == {
        "needs": ["housing"],
        "ages": rest["asked"]["ages"],
        "barriers": ["cost"],
        "nearHome": True,
    }
    assert found["considered"] == rest["considered"]
    assert [one["score"] for one in found["matches"]] == [one["score"] for one in rest["matches"]]
    hidden = (await room[MASH].post("/graphql", asked)).json()
    assert hidden == {"data": {"matches": None}}


async def test_graphql_matches_a_question_and_names_first_contacts(room: Room) -> None:
    query = """{
      matches(question: {needs: ["debt"], postcode: "BS5 6AA"}) { needs { need } asked { nearHome } }
      firstContacts(postcode: "BS5 6AA") { national service { name } } }"""
    for _ in range(2):
        data = (await room[OAKFIELD].post("/graphql", {"query": query})).json()["data"]
        assert data["matches"] == {"needs": [{"need": "money"}], "asked": {"nearHome": True}}
        assert isinstance(data["firstContacts"], list)
    wrong = '{ matches(question: {needs: ["Sky is sad"]}) { considered } }'
    for _ in range(2):
        answer = (await room[OAKFIELD].post("/graphql", {"query": wrong})).json()
        assert answer["errors"][0]["extensions"] == {"code": "NEED_UNKNOWN", "part": "directory"}
        assert "Sky" not in str(answer)


@pytest.mark.parametrize("day", ["saturday", "Sat", "SA"])
async def test_a_day_is_said_as_in_a_search(room: Room, day: str) -> None:
    case = await planned_family(room)
    path = f"/plans/{case.path.rpartition('/')[2]}/matches"
    asked = {"needs": ["debt"], "times": [{"day": day, "starts": "10:00"}]}
    plain = await room[EARLY_HELP].made(path, {**asked, "times": [{"day": "SA", "starts": "10:00"}]})
    assert (await room[EARLY_HELP].made(path, asked))["matches"] == plain["matches"]


WRONG = """query ($plan: ID) {
  matches(plan: $plan, question: {needs: ["debt"], times: [{day: "noday"}]}) { considered }
}"""


async def test_what_is_no_day_is_refused_in_a_sentence_that_says_where(room: Room) -> None:
    case = await planned_family(room)
    plan = case.path.rpartition("/")[2]
    asked = {"needs": ["debt"], "times": [{"day": "noday"}]}
    answer = await room[EARLY_HELP].post(f"/plans/{plan}/matches", asked)
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["pointer"]) == (422, "/times/0/day")
    for which in (plan, None):
        asked = {"query": WRONG, "variables": {"plan": which}}
        [said] = (await room[EARLY_HELP].post("/graphql", asked)).json()["errors"]
        assert said["extensions"]["code"] == "PAYLOAD_NOT_VALID"
        assert "times/0/day: " in said["message"]
        assert "saturday" in said["message"]
