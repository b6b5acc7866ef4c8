"""A planned answer is Strawberry's answer, whatever is asked; and a part that is away is said to be."""

import json
from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type, parse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.graphql.answering import Answer, Answering, Question, by_strawberry
from gateway.graphql.plan import TYPES, NotPlanned, planned
from gateway.hop import Hop
from hub.problem import NotFound, ScopeMissing, TemporarilyUnavailable
from tests.gateway.canned import asking, saying
from tests.gateway.door import away

HOUSEHOLD = "6f1b8a8e-3f5c-4f0e-9a55-0d8a1f2b3c4d"
CHILD, PARENT = "c-1", "c-2"
REFERRAL: dict[str, Any] = {
    "household": {"household": HOUSEHOLD, "name": "Synthetic", "opened_by": "oakfield-primary"},
    "members": [{"person": CHILD, "role": "child"}, {"person": PARENT, "role": "parent"}],
    "identities": [{"person": CHILD, "given_name": "Sky", "date_of_birth": "2016-05-04"}],
    "addresses": [{"person": "somebody else", "lines": ["1 Example Street"], "postcode": None}],
    "attendance": [{"person": CHILD, "possible": 190, "percentage": 88.4, "persistent_absence": True}],
    "concerns": [{"concern": "k-1", "person": CHILD, "kind": "neglect"}],
    "referrals": [{"referral": "r-1", "children": [CHILD], "needs": [], "family_aware": True}],
    "moves": [{"referral": "r-1", "number": 1, "status": "submitted"}],
    "triage": [],
}
ASSESSMENT: dict[str, Any] = {
    "engagements": [],
    "assessments": [{"assessment": "a-1", "status": "draft", "children": [CHILD]}],
    "sections": [{"section": "s-1", "assessment": "a-1", "worries": [{"text": "Damp.", "standing": "fact"}]}],
    "plans": [{"plan": "p-1", "tier": "early_response"}],
    "goals": [{"goal": "g-1", "plan": "p-1", "text": "A dry bedroom."}],
    "actions": [{"action": "t-1", "goal": "g-1", "plan": "p-1", "owner": "northshire-housing"}],
    "offers": [{"offer": "o-1", "plan": "another plan"}],
    "meetings": [{"meeting": "m-1", "private_room": True, "agencies": ["oakfield-primary"]}],
    "minutes": [],
}
DIRECTORY = {
    "contents": [
        {
            "id": "1",
            "name": "Stay and Play",
            "metres": 120,
            "minimum_age": 0.5,
            "organization": {"id": "2", "name": "Harbour"},
            "service_at_locations": [
                {"id": "3", "location": {"id": "4", "addresses": [{"id": "5", "address_1": "1 Quay"}]}}
            ],
        }
    ],
    "needs": [{"need": "money", "label": "money"}],
    "considered": 4,
    "matches": [
        {
            "score": 90,
            "has_room": None,
            "metres": 300,
            "why": [{"about": "need", "verdict": "fits", "says": "It is for money."}],
            "why_not": [],
            "service": {"id": "1", "name": "Debt", "phones": [{"id": "6", "number": "0117 496 0001"}]},
        }
    ],
    "first_contacts": [{"national": True, "service": {"id": "7", "name": "Helpline"}}],
}
UP = {"referral": saying(REFERRAL), "assessment": saying(ASSESSMENT), "directory": saying(DIRECTORY)}
DOWN = saying(TemporarilyUnavailable())
ROOTS = {
    "case": f'(id: "{HOUSEHOLD}")',
    "services": "(first: 2)",
    "matches": '(question: {needs: ["debt"], withinMetres: 500, times: [{day: "MO", starts: "15:30"}]})',
    "firstContacts": '(postcode: "BS5 6AA")',
}
DEEPEST = 5


@st.composite
def selections(draw: st.DrawFn, of: GraphQLObjectType, depth: int = 0) -> str:
    """Fields of a type, some under another name, some in a fragment, some twice."""
    leaf = [name for name, field in of.fields.items() if _under(field.type) is None]
    names = list(of.fields) if depth < DEEPEST else leaf
    chosen = draw(st.lists(st.sampled_from([*names, "__typename"]), min_size=1, max_size=5))
    words = [draw(selected(of, name, depth)) for name in chosen]
    return "{ " + " ".join(words) + " }"


@st.composite
def selected(draw: st.DrawFn, of: GraphQLObjectType, name: str, depth: int) -> str:
    """One field, perhaps renamed, perhaps in a fragment."""
    under = None if name == "__typename" else _under(of.fields[name].type)
    alias = draw(st.sampled_from(["", "", f"{name}{draw(st.integers(1, 2))}: " if not under else ""]))
    word = alias + name + (ROOTS[name] if depth == 0 and name in ROOTS else "")
    if under:
        word += " " + draw(selections(under, depth + 1))
    fragment = draw(st.sampled_from(["", "", f"... on {of.name} ", "... "]))
    return f"{fragment}{{ {word} }}" if fragment else word


def _under(kind: Any) -> GraphQLObjectType | None:
    named: object = get_named_type(kind)  # pyright: ignore[reportUnknownVariableType]  # overloads
    return named if isinstance(named, GraphQLObjectType) else None


def written(answer: Answer) -> str:
    """The answer as it leaves, the order of its fields included. Errors come as they come."""
    errors = sorted(json.dumps(error.formatted, sort_keys=True) for error in answer.errors)
    return json.dumps([answer.data, errors])


async def both(query: str, hops: dict[str, Hop]) -> tuple[Answer, Answer]:
    """The answer by Strawberry, and the answer by plan."""
    question, answering = Question(query), Answering()
    first = await answering.answer(question, asking(hops))
    planned(parse(query), None)
    return first, await answering.answer(question, asking(hops))


assert TYPES.query_type
QUERIES = selections(TYPES.query_type)
OFTEN = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@OFTEN
@given(query=QUERIES)
async def test_a_planned_answer_is_strawberry_s(query: str) -> None:
    first, second = await both(query, UP)
    assert written(first) == written(second)


@settings(parent=OFTEN, max_examples=25)
@given(query=QUERIES, down=st.sets(st.sampled_from(sorted(UP))))
async def test_a_planned_answer_is_strawberry_s_while_parts_are_away(query: str, down: set[str]) -> None:
    first, second = await both(query, {**UP, **dict.fromkeys(down, DOWN)})
    assert written(first) == written(second)


FIELDS = "members { role } concerns { kind } plans { tier } missing { part code }"
CASE = f'{{ case(id: "{HOUSEHOLD}") {{ {FIELDS} }} }}'


async def test_a_service_that_is_away_is_an_error_and_never_an_empty_list() -> None:
    gone = away()
    answers = await both(CASE, {**UP, "referral": gone})
    await gone.close()
    for answer in answers:
        case = answer.data["case"]
        assert (case["members"], case["concerns"]) == (None, None)
        assert case["plans"] == [{"tier": "early_response"}]
        assert case["missing"] == [{"part": "referral", "code": "TEMPORARILY_UNAVAILABLE"}]
        errors = {tuple(error.path or ()): error.formatted for error in answer.errors}
        assert set(errors) == {("case", "members"), ("case", "concerns")}
        expected = {"code": "TEMPORARILY_UNAVAILABLE", "part": "referral"}
        assert all(error.get("extensions") == expected for error in errors.values())


async def test_a_service_that_refuses_says_why() -> None:
    for answer in await both(CASE, {**UP, "assessment": saying(ScopeMissing("This needs cases:read."))}):
        [error] = answer.errors
        assert (answer.data["case"]["plans"], error.path) == (None, ["case", "plans"])
        assert error.formatted.get("extensions") == {"code": "SCOPE_MISSING", "part": "assessment"}
        assert "cases:read" in error.message


async def test_nothing_to_see_anywhere_is_no_case() -> None:
    nothing = {name: list[Any]() for name in ASSESSMENT}
    for answer in await both(CASE, {**UP, "referral": saying(NotFound()), "assessment": saying(nothing)}):
        assert (answer.data, answer.errors) == ({"case": None}, [])


async def test_a_question_without_needs_or_a_plan_is_refused_alike() -> None:
    for query in ("{ matches { considered } }", "{ matches(question: {first: 3}) { considered } }"):
        for answer in await both(query, UP):
            [error] = answer.errors
            assert answer.data == {"matches": None}
            assert error.formatted.get("extensions") == {"code": "NEEDS_MISSING"}
    gone = {**UP, "assessment": saying(NotFound())}
    for answer in await both(f'{{ matches(plan: "{HOUSEHOLD}") {{ considered }} }}', gone):
        assert (answer.data, answer.errors) == ({"matches": None}, [])
    for answer in await both('{ matches(plan: "made up") { considered } }', UP):
        assert (answer.data, answer.errors) == ({"matches": None}, [])


async def test_what_breaks_is_masked() -> None:
    for answer in await both(CASE, {**UP, "referral": saying("a name that must not be told")}):
        [error] = answer.errors
        assert (answer.data, error.message) == ({"case": None}, "Something broke on our side.")


@pytest.mark.parametrize(
    "query",
    [
        f'{{ case(id: "{HOUSEHOLD}") {{ id @skip(if: true) members {{ role }} }} }}',
        "{ __schema { queryType { name } } }",
        f'query ($i: Boolean = false) {{ case(id: "{HOUSEHOLD}") {{ ... @include(if: $i) {{ id }} }} }}',
    ],
)
async def test_leaves_to_strawberry_what_a_plan_cannot_say(query: str) -> None:
    with pytest.raises(NotPlanned):
        planned(parse(query), None)
    answer = await Answering().answer(Question(query), asking(UP))
    assert written(answer) == written(await by_strawberry(Question(query), asking(UP)))
    assert not answer.errors
