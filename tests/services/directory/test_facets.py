"""Facets: how many of what a question finds there are of each kind."""

from typing import Any

import pytest

from tests.services.directory.conftest import Directory, Serve
from tests.services.directory.feeds import feed_of
from tests.services.directory.offers import offers


@pytest.fixture(scope="module", autouse=True)
async def offer(directory: Directory, serve: Serve) -> None:
    """Services that differ."""
    await directory.pull(await serve(feed_of(offers())))


def counts(body: Any, parameter: str) -> dict[str, int]:
    return {facet["value"]: facet["count"] for facet in body["facets"].get(parameter, [])}


async def test_every_count_is_what_asking_for_it_finds(directory: Directory) -> None:
    body = await directory.get("/services/facets")
    assert body["total_items"] == 6
    asked = 0
    for parameter in ("day", "language", "taxonomy_term_id", "referral", "level_of_need", "send"):
        for value, count in counts(body, parameter).items():
            assert len(await directory.names(**{parameter: value})) == count, (parameter, value)
            asked += 1
    assert asked > 8
    assert counts(body, "cost")["free"] == len(await directory.names(free="true"))


async def test_a_question_narrows_the_counts(directory: Directory) -> None:
    body = await directory.get("/services/facets", search="autsim", day="SA")
    assert body["total_items"] == 1
    assert counts(body, "day") == {"SA": 1}
    assert counts(body, "age") == {"5-10": 1, "11-15": 1}
    assert [facet["name"] for facet in body["facets"]["day"]] == ["Saturday"]


async def test_a_body_counts_the_same(directory: Directory) -> None:
    asked = {"postcode": "BS5 6LA", "proximity": 300}
    answer = await directory.http.post("/services/facets", json=asked)
    assert answer.json() == await directory.get("/services/facets", **asked)


async def test_what_only_finds_is_not_counted(directory: Directory) -> None:
    body = await directory.get("/services/facets")
    assert not {"cell", "area", "access", "organization", "taxonomy", "hours"} & body["facets"].keys()
