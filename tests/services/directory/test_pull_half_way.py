"""A feed that breaks off half way: what came counts in facets and is looked at for duplicates, once."""

from typing import Any

import pytest
from fastapi import Response

from tests.services.directory.conftest import Directory, Serve
from tests.services.directory.feeds import Feed, a_feed, a_place, a_service, an_id
from tests.services.directory.offers import under
from tests.services.directory.test_duplicates import about, pairs
from tests.services.directory.upkeep import rows

Broken = tuple[Feed, str]


def _both(key: str, name: str) -> dict[str, Any]:
    """A service that two feeds have."""
    return a_service(f"{key} {name}", name=f"{name} {name} {name}", url=f"https://example.org/{name}",
        schedules=[{"id": an_id(f"{key} {name} s"), "freq": "WEEKLY", "byday": "SA"}],
        attributes=under("SEND"), service_at_locations=[a_place(f"{key} {name}", "BS5 6LA")])  # fmt: skip


async def _half(directory: Directory, serve: Serve, name: str) -> Broken:
    """A feed of three pages of which two are read, the first with a service that another feed has."""
    _, other = await a_feed(serve, _both("other", name))
    await directory.pull(other)
    more = [a_service(f"{name} {n}") for n in range(5)]
    feed, url = await a_feed(serve, _both("this", name), *more, per_page=2)
    feed.answers["/services?page=3"] = lambda: Response(status_code=500)
    report = await directory.pull(url)
    assert (report["state"], report["counts"]["read"]) == ("broken_off", 4)
    assert report["counts"]["alike"] == 1
    return feed, url


async def _check_facets(directory: Directory, **asked: Any) -> int:
    """Every count is what asking finds, and what is counted without looking is what is counted by looking."""
    body = await directory.get("/services/facets", **asked)
    listed = await directory.get("/services", per_page=1, **asked)
    assert body["total_items"] == listed["total_items"]
    seen = 0
    for parameter in ("day", "taxonomy_term_id", "send"):
        for facet in body["facets"].get(parameter, ()):
            asked_for = asked | {parameter: facet["value"]}
            found = await directory.get("/services", per_page=1, **asked_for)
            assert found["total_items"] == facet["count"], asked_for
            seen += 1
    return seen


async def test_what_has_come_counts_and_the_rest_does_not(directory: Directory, serve: Serve) -> None:
    feed, url = await _half(directory, serve, "quokka")
    assert await _check_facets(directory) > 2
    assert await _check_facets(directory, search="quokka") > 1
    before = (await directory.get("/services/facets"))["total_items"]
    del feed.answers["/services?page=3"]
    report = await directory.pull(url)
    assert report["state"] == "done"
    assert (await directory.get("/services/facets"))["total_items"] == before + 2
    assert await _check_facets(directory) > 2


async def test_a_duplicate_is_proposed_when_it_is_listed_and_once(directory: Directory, serve: Serve) -> None:
    feed, url = await _half(directory, serve, "numbat")
    [pair] = about("numbat", await pairs(directory))
    del feed.answers["/services?page=3"]
    report = await directory.pull(url)
    assert (report["state"], report["counts"]["alike"]) == ("done", 1)
    assert about("numbat", await pairs(directory)) == [pair]


@pytest.mark.parametrize("state", ["superseded", "left"])
async def test_what_a_pull_left_that_nobody_took_up_is_looked_at_by_the_next(
    directory: Directory, serve: Serve, state: str
) -> None:
    feed, url = await _half(directory, serve, state)
    # As if its process had ended there, a day ago, before it could look for duplicates.
    await rows(directory, "delete from directory.likeness")
    await rows(
        directory,
        "update directory.pull set started_at = started_at - interval '2 days', state = $2 where feed ="
        " (select id from directory.feed where url = $1)",
        url,
        state,
    )
    del feed.answers["/services?page=3"]
    report = await directory.pull(url)
    assert (report["state"], report["counts"]["unchanged"], report["counts"]["added"]) == ("done", 4, 2)
    assert len(about(state, await pairs(directory))) == 1
    assert report["counts"]["alike"] == 1
