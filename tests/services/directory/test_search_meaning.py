"""Search: what people mean by their words."""

from typing import Any

import pytest

from tests.services.directory.conftest import Directory, Serve, caller
from tests.services.directory.feeds import feed_of
from tests.services.directory.offers import offers

AUTISM, TEENS, LINE, WELSH, PANTRY, POST = (offer["name"] for offer in offers())


@pytest.fixture(scope="module", autouse=True)
async def offer(directory: Directory, serve: Serve) -> None:
    """Services that differ."""
    report = await directory.pull(await serve(feed_of(offers())))
    assert report["counts"]["added"] == 6


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("autism", [AUTISM, TEENS]),  # the name before the description
        ("autistic", [AUTISM, TEENS]),  # what means the same
        ("autsim", [AUTISM, TEENS]),  # two letters swapped
        ("autizm circel", [AUTISM]),  # every word by itself
        ("help with autism please", [AUTISM, TEENS]),  # words that say nothing
        ("domestic violence", [LINE]),
        ("coercive control", [LINE]),
        ("food bank", [PANTRY]),
        ("banc bwyd", [PANTRY]),
        ("dwr", [WELSH]),
        ("dŵr", [WELSH]),
        ("DŴR", [WELSH]),
        ("thy", [WELSH]),
        ("teulu", [WELSH, AUTISM]),  # Welsh words change at their beginning
        ('"circle autism"', []),  # as it is written
        ("autism -teenagers", [AUTISM]),
        ("dwr or parcels", [WELSH, PANTRY]),
    ],
)
async def test_words_find_what_people_mean(directory: Directory, words: str, expected: list[str]) -> None:
    assert await directory.names(search=words) == expected


async def test_the_organisation_finds_a_service_after_all_else(directory: Directory) -> None:
    assert set(await directory.names(search="example council")) == {offer["name"] for offer in offers()}
    assert (await directory.names(search="examples council"))[0] == PANTRY


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ({"search": "autism my child is 7"}, [AUTISM]),
        ({"search": "autism for a 15 year old"}, [TEENS]),
        ({"search": "autism on saturday morning"}, [AUTISM]),
        ({"search": "something on mondays"}, [TEENS]),
        ({"search": "my son is 7", "day": "SA", "free": "true"}, [AUTISM]),
        ({"search": "free"}, [AUTISM, LINE]),
    ],
)
async def test_what_is_not_a_word_to_find_is_understood(
    directory: Directory, question: dict[str, Any], expected: list[str]
) -> None:
    assert await directory.names(**question) == expected


async def test_ndjson_and_maps_forgive_too(directory: Directory) -> None:
    lines = (await directory.http.get("/services", params={"search": "autsim", "format": "ndjson"})).text
    assert len(lines.splitlines()) == 2
    places = await directory.get("/service_at_locations", search="autsim", format="geojson")
    assert len(places["features"]) == 2


async def test_a_renamed_term_or_organisation_is_found_by_its_new_name(directory: Directory) -> None:
    async with directory.transaction(caller()) as tx:
        await tx.run("update directory.taxonomy_term set name = 'Quokka' where name = 'SEND'")
        await tx.commit()
    assert await directory.names(search="quokka") == [AUTISM]
    async with directory.transaction(caller()) as tx:
        await tx.run("update directory.taxonomy_term set name = 'SEND' where name = 'Quokka'")
        await tx.commit()
    assert await directory.names(search="quokka") == []


async def test_how_a_service_helps_is_asked_for_and_is_not_what_it_is_about(directory: Directory) -> None:
    assert await directory.names(level_of_need=2) == [AUTISM]
    assert await directory.names(search='"level 2"') == []
    assert AUTISM in await directory.names(search="SEND")
