"""Suggestions while somebody types: words, terms and services there are."""

from typing import Any

import pytest

from tests.services.directory.conftest import Directory, Serve
from tests.services.directory.feeds import feed_of
from tests.services.directory.offers import offers


@pytest.fixture(scope="module", autouse=True)
async def offer(directory: Directory, serve: Serve) -> None:
    """Services that differ."""
    await directory.pull(await serve(feed_of(offers())))


async def suggested(directory: Directory, q: str, **more: Any) -> list[str]:
    return [one["text"] for one in (await directory.get("/suggestions", q=q, **more))["suggestions"]]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("aut", "autism"),
        ("AUT", "autism"),
        ("autsim", "autism"),
        ("help with aut", "help with autism"),
        ("dŵ", "dwr"),
        ("teen", "teenagers"),
    ],
)
async def test_what_was_begun_is_completed(directory: Directory, typed: str, first: str) -> None:
    assert (await suggested(directory, typed))[0] == first


async def test_services_and_terms_come_with_their_ids(directory: Directory) -> None:
    found = (await directory.get("/suggestions", q="sen"))["suggestions"]
    [term] = [one for one in found if one["kind"] == "taxonomy_term"]
    assert await directory.names(taxonomy_term_id=term["id"])
    [service] = [
        one
        for one in (await directory.get("/suggestions", q="autism cir"))["suggestions"]
        if one["kind"] == "service"
    ]
    assert (await directory.get(f"/services/{service['id']}"))["name"] == service["text"]


async def test_every_suggestion_finds_something(directory: Directory) -> None:
    for typed in ("ex", "sa", "dom", "par", "le"):
        for text in await suggested(directory, typed):
            assert await directory.names(search=text), text


@pytest.mark.parametrize("typed", ["", "a", "%", "'", "\\", "\u2603\u2603", "zzzzzz", "x" * 200])
async def test_nothing_typed_suggests_nothing(directory: Directory, typed: str) -> None:
    assert await suggested(directory, typed) == []


async def test_as_many_as_asked_for(directory: Directory) -> None:
    assert len(await suggested(directory, "ex", limit=2)) == 2
    assert (await directory.http.get("/suggestions?q=ex&limit=0")).status_code == 422
