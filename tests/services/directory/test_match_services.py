"""From need to service, over HTTP: what fits near a home, with reasons, and the first doors to knock at."""

from typing import Any

import pytest
from fastapi import FastAPI

from tests.services.directory.conftest import Directory, Serve
from tests.services.directory.feeds import a_place, a_service, an_id, feed_of

HOME = "BS5 6LA"
BRISTOL = {"id": an_id("bristol"), "name": "Bristol", "uri": "http://x.example.org/id/E06000023"}
ENGLAND = {"id": an_id("england"), "name": "England", "uri": "http://x.example.org/id/E92000001"}


def term(name: str) -> dict[str, Any]:
    """An attribute under a term."""
    return {
        "id": an_id(f"attribute {name}"),
        "taxonomy_term": {"id": an_id(name), "name": name, "description": name},
    }


def services() -> FastAPI:
    """A few services that differ in what they fit."""
    near, far = a_place("near", HOME), a_place("far", "BS13 7TB")
    club = {"description": "Homework and games.", "minimum_age": 5, "maximum_age": 11}
    return feed_of(
        [
            a_service("Debt Advice", attributes=[term("Debt advice")], service_at_locations=[near]),
            a_service("Debt Advice Afar", attributes=[term("Debt advice")], service_at_locations=[far]),
            a_service("Housing Advice", description="Rent, repairs and debt.", service_at_locations=[near]),
            a_service(
                "Debt Helpline", attributes=[term("Debt advice")], service_areas=[ENGLAND], schedules=[]
            ),
            a_service("Money Club", **club, attributes=[term("Debt advice")], service_at_locations=[near]),
            a_service("Family Hub", service_areas=[BRISTOL], service_at_locations=[near]),
            a_service("Family Hub Afar", service_areas=[BRISTOL], service_at_locations=[far]),
            a_service("Family Hub Line", service_areas=[ENGLAND], schedules=[]),
            a_service("Secret Debt Advice", visibility="internal", service_at_locations=[near]),
        ]
    )


@pytest.fixture(scope="module", autouse=True)
async def offer(directory: Directory, serve: Serve) -> None:
    """The services, pulled."""
    await directory.pull(await serve(services()))


async def ask(directory: Directory, **asked: Any) -> Any:
    """What anybody is answered."""
    answer = await directory.http.post("/matches", json=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


def names(answer: Any) -> list[str]:
    """The names, in order."""
    return [match["service"]["name"].removeprefix("Example ") for match in answer["matches"]]


async def test_what_is_for_a_need_and_near_comes_first_and_what_is_for_the_whole_country_is_there(
    directory: Directory,
) -> None:
    answer = await ask(directory, needs=["debt"], postcode=HOME)
    assert answer["needs"] == [{"need": "money", "label": "money, debt and benefits"}]
    assert names(answer)[:3] == ["Debt Advice", "Money Club", "Debt Helpline"]
    assert set(names(answer)) == {
        "Debt Advice",
        "Money Club",
        "Debt Helpline",
        "Debt Advice Afar",
        "Housing Advice",
    }
    scores = [match["score"] for match in answer["matches"]]
    assert scores == sorted(scores, reverse=True)


async def test_every_match_says_why_and_why_not(directory: Directory) -> None:
    answer = await ask(directory, needs=["debt", "housing"], postcode=HOME, barriers=["cost"])
    first = answer["matches"][0]
    assert first["service"]["name"] == "Example Housing Advice"
    assert {one["says"] for one in first["why"]} >= {
        "It is for housing. Its description mentions money, debt and benefits.",
        "It is 0 metres from home: about a walk away.",
    }
    assert {one["says"] for one in first["why_not"]} == {
        "It does not say whether it has room.",
        "It does not say what it costs.",
    }


async def test_what_nobody_of_these_ages_may_use_is_not_named(directory: Directory) -> None:
    assert "Money Club" in names(await ask(directory, needs=["debt"], ages=[7, 40], postcode=HOME))
    assert "Money Club" not in names(await ask(directory, needs=["debt"], ages=[40], postcode=HOME))


async def test_what_is_too_far_or_for_another_nation_is_not_named(directory: Directory) -> None:
    assert "Debt Advice Afar" not in names(
        await ask(directory, needs=["debt"], postcode=HOME, within_metres=3000)
    )
    assert names(await ask(directory, needs=["debt"], postcode="CF10 1AA", within_metres=3000)) == []


async def test_an_internal_service_is_never_named(directory: Directory) -> None:
    assert "Secret Debt Advice" not in names(await ask(directory, needs=["debt"], first=100))


async def test_a_need_in_other_words_and_a_postcode_that_is_none_are_refused_in_a_sentence(
    directory: Directory,
) -> None:
    answer = await directory.http.post("/matches", json={"needs": ["Sky is sad"]})
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (422, "need-unknown")
    assert "Sky" not in answer.text
    answer = await directory.http.post("/matches", json={"needs": ["debt"], "postcode": "ZZ1 1ZZ"})
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (422, "postcode-unknown")


async def test_first_contacts_are_the_nearest_hubs_then_those_of_the_whole_country(
    directory: Directory,
) -> None:
    answer = await directory.http.post("/first_contacts", json={"postcode": HOME})
    found = answer.json()["first_contacts"]
    assert [(one["service"]["name"], one["national"]) for one in found] == [
        ("Example Family Hub", False),
        ("Example Family Hub Afar", False),
        ("Example Family Hub Line", True),
    ]
    assert found[0]["metres"] < found[1]["metres"]
    by_area = await directory.get("/first_contacts", area="E06000023")
    assert {one["service"]["id"] for one in by_area["first_contacts"]} == {
        one["service"]["id"] for one in found
    }
    elsewhere = await directory.get("/first_contacts", area="W06000015")
    assert elsewhere == {"first_contacts": []}


@pytest.mark.parametrize("day", ["MO", "mon", "Monday", "mondays", "Llun"])
async def test_a_day_is_read_as_a_search_reads_it(directory: Directory, day: str) -> None:
    asked = {"needs": ["debt"], "postcode": HOME}
    plain = await ask(directory, **asked, times=[{"day": "MO"}])
    assert await ask(directory, **asked, times=[{"day": day}]) == plain
    says = [why["says"] for match in plain["matches"] for why in match["why"] if why["about"] == "time"]
    assert says
    assert await directory.names(search="debt", day=day) != []


@pytest.mark.parametrize("day", ["someday", "", "sat,sun", 7, None])
async def test_what_is_not_one_day_is_refused(directory: Directory, day: object) -> None:
    answer = await directory.http.post("/matches", json={"needs": ["debt"], "times": [{"day": day}]})
    [error] = answer.json()["errors"]
    assert (answer.status_code, error["pointer"]) == (422, "/times/0/day")
