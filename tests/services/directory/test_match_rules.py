"""From need to service: every verdict in plain words, and nothing hidden in a score."""

from datetime import date, time
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.rules import needs
from services.directory.rules.fit import VALUES, WEIGHTS, judge, table
from services.directory.schemas import Barrier, Facts, MatchAsked, Opening
from tests.policy.golden import compare

TODAY = date(2026, 11, 22)
SATURDAY = Opening("SA", time(10), time(12))
PLAIN = Facts(UUID(int=1), "Example Debt Advice (synthetic)", frozenset({"money"}))


def test_the_weights_are_a_table_to_be_reviewed() -> None:
    compare("fit.txt", table())


def reasons(facts: Facts, **asked: Any) -> dict[str, tuple[str, str]]:
    """What is said of a service about each thing."""
    question = MatchAsked.model_validate({"needs": ["money"], **asked})
    match = judge(question, needs.recognise(question.needs), facts, TODAY)
    return {one.about: (one.verdict, one.says) for one in (*match.why, *match.why_not)}


CASES: list[tuple[dict[str, Any], dict[str, Any], str, str, str]] = [
    ({"needs": ["debt"]}, {}, "need", "fits", "It is for money, debt and benefits."),
    (
        {"needs": ["debt", "housing"]},
        {"mentions": frozenset({"housing"})},
        "need",
        "partly",
        "It is for money, debt and benefits. Its description mentions housing.",
    ),
    (
        {"needs": ["debt", "bereavement"]},
        {},
        "need",
        "partly",
        "It is for money, debt and benefits. It does not help with bereavement.",
    ),
    ({"ages": [9]}, {"low": 5, "high": 11}, "age", "fits", "It is for people of 5 to 11."),
    (
        {"ages": [9, 14]},
        {"low": 5, "high": 11},
        "age",
        "partly",
        "It is for people of 5 to 11, not for somebody of 14.",
    ),
    ({"ages": [9]}, {}, "age", "unknown", "It does not say for which ages it is."),
    ({"ages": [40]}, {"low": 18}, "age", "fits", "It is for people of 18 and over."),
    (
        {},
        {"free": 4, "counted": date(2026, 11, 3)},
        "room",
        "fits",
        "It had 4 places free on 3 November 2026.",
    ),
    (
        {},
        {"free": 0, "counted": date(2026, 11, 3)},
        "room",
        "does_not_fit",
        "It was full on 3 November 2026.",
    ),
    ({}, {}, "room", "unknown", "It does not say whether it has room."),
    (
        {},
        {"free": 1, "counted": date(2026, 8, 3)},
        "room",
        "partly",
        "It had 1 place free on 3 August 2026: ask whether it still has.",
    ),
    (
        {"postcode": "BS5 6LA"},
        {"metres": 654.0},
        "place",
        "fits",
        "It is 650 metres from home: about a walk away.",
    ),
    (
        {"postcode": "BS5 6LA"},
        {"metres": 4210.0},
        "place",
        "partly",
        "It is 4.2 km from home: too far to walk for most.",
    ),
    (
        {"postcode": "BS5 6LA"},
        {"everywhere": True},
        "place",
        "fits",
        "It helps people all over the country, by telephone, online or post.",
    ),
    (
        {"times": [{"day": "SA", "starts": "09:00", "ends": "12:00"}]},
        {"openings": (SATURDAY,)},
        "time",
        "fits",
        "It is open on Saturday from 10:00 to 12:00.",
    ),
    (
        {"times": [{"day": "SA", "starts": "12:00", "ends": "14:00"}]},
        {"openings": (SATURDAY,)},
        "time",
        "does_not_fit",
        "It is not open at the times asked for.",
    ),
    (
        {"barriers": ["hours"]},
        {"openings": (SATURDAY,)},
        "hours",
        "fits",
        "It is open on Saturday from 10:00 to 12:00.",
    ),
    ({"barriers": ["cost"]}, {"costs": "free"}, "cost", "fits", "It is free."),
    ({"barriers": ["cost"]}, {"costs": "paid"}, "cost", "does_not_fit", "It costs something."),
    ({"languages": ["pl"]}, {"languages": frozenset({"pl"})}, "language", "fits", "It is offered in PL."),
    (
        {"barriers": ["transport"]},
        {"metres": 4000.0},
        "transport",
        "does_not_fit",
        "It is 4.0 km away, and does not say that it helps with travel.",
    ),
    (
        {"barriers": ["transport"]},
        {"metres": 4000.0, "terms": frozenset({"removes a barrier: transport"})},
        "transport",
        "fits",
        "It says that it removes this barrier: transport.",
    ),
    (
        {"barriers": ["stigma"]},
        {"says": "Just come: no appointment needed."},
        "stigma",
        "fits",
        "Anybody can just come or call, without being sent.",
    ),
    (
        {"barriers": ["send_access"]},
        {"access": "Step-free entrance."},
        "send_access",
        "partly",
        "Of its place it says: Step-free entrance.",
    ),
    (
        {"barriers": ["childcare"]},
        {"says": "With a crèche."},
        "childcare",
        "fits",
        "Children are looked after meanwhile.",
    ),
    (
        {"barriers": ["digital"]},
        {},
        "digital",
        "does_not_fit",
        "It names no telephone and no place: it needs the internet.",
    ),
]


@pytest.mark.parametrize(("asked", "facts", "about", "verdict", "says"), CASES)
def test_every_reason_says_in_plain_words_how_it_stands(
    asked: dict[str, Any], facts: dict[str, Any], about: str, verdict: str, says: str
) -> None:
    assert reasons(PLAIN._replace(**facts), **asked)[about] == (verdict, says)


FACTS = st.builds(
    PLAIN._replace,
    named_for=st.frozensets(st.sampled_from(["money", "housing"])),
    low=st.none() | st.integers(0, 20),
    high=st.none() | st.integers(5, 120),
    metres=st.none() | st.floats(0, 50_000),
    free=st.none() | st.integers(0, 3),
    counted=st.none() | st.dates(date(2026, 1, 1), TODAY),
    costs=st.sampled_from(["free", "paid", "unknown"]),
    openings=st.sampled_from([(), (SATURDAY,)]),
)
ASKED: dict[str, Any] = {
    "needs": ["money", "housing"],
    "ages": [4, 12],
    "postcode": "BS5 6LA",
    "barriers": list(Barrier),
    "times": [{"day": "SA"}],
}


@given(FACTS)
def test_a_score_is_the_sum_of_its_reasons_and_nothing_else(facts: Facts) -> None:
    asked = MatchAsked.model_validate(ASKED)
    match = judge(asked, needs.recognise(asked.needs), facts, TODAY)
    every = [*match.why, *match.why_not]
    points = sum(WEIGHTS[one.about] * VALUES[one.verdict] for one in every)
    assert match.score == round(10 * points / sum(WEIGHTS[one.about] for one in every))
    assert 0 <= match.score <= 100
    assert all(one.says.endswith(".") for one in every)


@given(FACTS)
def test_a_service_with_room_is_never_below_the_same_one_that_is_full(facts: Facts) -> None:
    asked = MatchAsked.model_validate(ASKED)
    wanted = needs.recognise(asked.needs)
    free, full = (judge(asked, wanted, facts._replace(free=n, counted=TODAY), TODAY) for n in (2, 0))
    assert free.score > full.score
    assert (free.has_room, full.has_room) == (True, False)


def test_a_need_is_known_by_how_people_put_it() -> None:
    assert [need.key for need in needs.recognise(["financial_advice", "Debt", "mental health"])] == [
        "money",
        "child_mental_health",
    ]
    with pytest.raises(needs.NeedUnknown, match="housing"):
        needs.recognise(["Sky Synthetic of 1 Example Street"])


@given(st.text(max_size=60))
def test_of_a_search_nothing_is_kept_but_needs_we_know(words: str) -> None:
    assert set(needs.looked_for(words)) <= set(needs.needs())


def test_of_a_search_its_needs_are_recognised_by_whole_words() -> None:
    assert needs.looked_for("debt advice for Robin Synthetic, BS5 6LA") == ["money"]
    assert needs.looked_for("debtors") == []
