"""Search: who, when, how much, how to get in; every one narrows, and a body asks like an address."""

from typing import Any

import pytest

from tests.services.directory import judge
from tests.services.directory.conftest import Directory, Serve
from tests.services.directory.feeds import feed_of
from tests.services.directory.offers import offers

AUTISM, TEENS, LINE, WELSH, PANTRY, POST = (offer["name"] for offer in offers())
EVERY = {offer["name"] for offer in offers()}


@pytest.fixture(scope="module", autouse=True)
async def offer(directory: Directory, serve: Serve) -> None:
    """Services that differ."""
    await directory.pull(await serve(feed_of(offers())))


QUESTIONS: list[tuple[dict[str, Any], set[str]]] = [
    ({"age": 7}, EVERY - {TEENS}),
    ({"age": 11.5}, EVERY - {TEENS}),
    ({"age": 12}, EVERY - {TEENS, AUTISM}),
    ({"minimum_age": 12}, EVERY - {AUTISM}),
    ({"maximum_age": 12}, EVERY - {TEENS}),
    ({"day": "saturday"}, {AUTISM, WELSH}),
    ({"day": "sat,mon"}, {AUTISM, WELSH, TEENS}),
    ({"day": "sun"}, set()),
    ({"day": "SA", "time": "morning"}, {AUTISM, WELSH}),
    ({"day": "SA", "time": "11:30"}, {AUTISM}),
    ({"day": "SA", "time": "12:00"}, set()),
    ({"day": "WE", "time": "evening"}, {TEENS}),
    ({"time": "18:30-20:00"}, set()),
    ({"on": "2026-12-05"}, {AUTISM, WELSH}),
    ({"on": "2026-12-12"}, {AUTISM}),
    ({"free": "true"}, {AUTISM, LINE}),
    ({"max_cost": 4}, {AUTISM, LINE}),
    ({"max_cost": 4.5}, {AUTISM, LINE, TEENS}),
    ({"language": "polish"}, {AUTISM}),
    ({"language": "PL"}, {AUTISM}),
    ({"language": "Welsh"}, set()),
    ({"accessibility": "ramps"}, {AUTISM}),
    ({"accessibility": "hearing loop"}, {AUTISM}),
    ({"accessibility": "lift"}, set()),
    ({"accessibility": "the"}, set()),
    ({"send": "true"}, {AUTISM}),
    ({"referral": "self"}, {TEENS}),
    ({"referral": "professional"}, set()),
    ({"level_of_need": 2}, {AUTISM}),
    ({"level_of_need": 3}, set()),
    ({"tier": "universal"}, set()),
    ({"barrier": "transport,cost"}, set()),
    ({"has_room": "true"}, {AUTISM}),
    ({"has_room": "true", "age": 15}, set()),
]


@pytest.mark.parametrize(("question", "expected"), QUESTIONS, ids=[str(asked) for asked, _ in QUESTIONS])
async def test_each_condition_narrows(
    directory: Directory, question: dict[str, Any], expected: set[str]
) -> None:
    assert set(await directory.names(**question)) == expected
    for name, value in question.items():
        assert set(await directory.names(**{name: value})) >= expected


@pytest.mark.parametrize(
    ("question", "expected"), QUESTIONS[::4], ids=[str(asked) for asked, _ in QUESTIONS[::4]]
)
async def test_a_body_asks_the_same_as_an_address(
    directory: Directory, question: dict[str, Any], expected: set[str]
) -> None:
    answer = await directory.http.post("/services/search", json=question)
    assert answer.status_code == 200, answer.text
    assert {service["name"] for service in answer.json()["contents"]} == expected


async def test_a_body_may_hold_a_postcode_and_needs_no_key(directory: Directory) -> None:
    asked = {"postcode": "BS5 6LA", "proximity": 500, "full": True}
    answer = await directory.http.post("/services/search", json=asked)
    assert answer.status_code == 200
    assert answer.json()["contents"][0]["metres"] < 10
    assert judge.faults("service_list", answer.json()) == []
    places = await directory.http.post("/service_at_locations/search", json=asked)
    assert judge.faults("service_at_location_list", places.json()) == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"post_code": "BS5 6LA"}, "/body/post_code"),
        ({"day": ["someday"]}, "/body/day"),
        ({"time": "noonish"}, "/body/time"),
        ({"level_of_need": 5}, "/body/level_of_need"),
        ({"barrier": ["dragons"]}, "/body/barrier/0"),
        ({"age": -1}, "/body/age"),
    ],
)
async def test_a_body_that_asks_what_cannot_be_asked_is_refused_by_name(
    directory: Directory, body: dict[str, Any], pointer: str
) -> None:
    answer = await directory.http.post("/services/search", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith(pointer.replace("/body", ""))


async def test_capacities_are_shown_as_hsds_has_them(directory: Directory, serve: Serve) -> None:
    other = offers()[0] | {"id": "00000000-0000-4000-8000-0000000000aa", "name": "Roomy (synthetic)"}
    await directory.pull(await serve(feed_of([other])))
    [found] = (await directory.get("/services", search="roomy", full="true"))["contents"]
    [capacity] = found["capacities"]
    assert (capacity["available"], capacity["maximum"], capacity["unit"]["name"]) == (3, 8, "places")
    assert capacity["updated"].endswith("Z")
    assert judge.faults("service", found) == []
