"""What is for partners or for one agency is in no count, no word, no suggestion, no map and no tag."""

import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from hub.caller import Caller
from tests.services.directory.conftest import OTHER, Directory, Serve, caller
from tests.services.directory.feeds import feed_of
from tests.services.directory.offers import SEALED, offers, sealed

KESTREL, OSPREY, GOSHAWK, MERLIN = SEALED
PUBLIC = 7  # the offers, and the mixed one


@pytest.fixture(scope="module", autouse=True)
async def feed(directory: Directory, serve: Serve) -> None:
    """Public services and sealed ones, in one feed of the council's."""
    report = await directory.pull(await serve(feed_of([*offers(), *sealed()])))
    assert report["counts"]["added"] == len(offers()) + len(sealed())


@pytest.fixture
async def administrator(directory: Directory) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """The database without its walls."""
    connection = await asyncpg.connect(directory.administrator)
    yield connection
    await connection.close()


async def ask(directory: Directory, path: str, by: Caller | None, **params: Any) -> str:
    """What somebody reads, as text."""
    headers = {"authorization": f"Bearer {directory.signer.sign(by, 'directory')}"} if by else {}
    answer = await directory.http.get(path, params=params, headers=headers)
    assert answer.status_code == 200
    return answer.text


def seen(text: str) -> set[str]:
    """The sealed words in a text."""
    return {word for word in SEALED if word.lower() in text.lower()}


ASKED: list[tuple[str, dict[str, Any]]] = [
    ("/services/facets", {}),
    ("/services/facets", {"search": KESTREL}),
    ("/services/facets", {"search": OSPREY}),
    ("/services", {"search": "kestrelwod"}),
    ("/services", {"search": "ospreyfeild line"}),
    ("/services", {"accessibility": "portcullis"}),
    ("/services", {"postcode": "BS5 0AA", "proximity": 200}),
    ("/service_at_locations", {"format": "geojson"}),
    ("/service_at_locations", {"format": "geojson", "postcode": "BS5 6LB"}),
    ("/service_at_locations", {"format": "geojson", "search": MERLIN}),
    *(("/suggestions", {"q": word[:size]}) for word in SEALED for size in (2, 4, 8)),
    ("/suggestions", {"q": "kestrelwod"}),
]


@pytest.mark.parametrize(("path", "params"), ASKED, ids=[f"{path} {params}" for path, params in ASKED])
async def test_anybody_reads_nothing_of_what_is_sealed(
    directory: Directory, path: str, params: dict[str, Any]
) -> None:
    assert seen(await ask(directory, path, None, **params)) == set()


@pytest.mark.parametrize("path", ["/services/facets", "/suggestions", "/services"])
async def test_a_partner_reads_what_is_for_partners_and_no_more(directory: Directory, path: str) -> None:
    both = [
        await ask(directory, path, caller(OTHER), q=word, search=word) for word in (OSPREY, KESTREL, MERLIN)
    ]
    assert seen("".join(both)) == {OSPREY}


async def test_a_facet_counts_only_what_the_list_shows(directory: Directory) -> None:
    for by in (None, caller(OTHER), caller()):
        listed = json.loads(await ask(directory, "/services", by))
        counted = json.loads(await ask(directory, "/services/facets", by))
        assert counted["total_items"] == listed["total_items"] == len(listed["contents"])
    assert json.loads(await ask(directory, "/services", None))["total_items"] == PUBLIC


async def test_a_kept_count_is_what_counting_gives(directory: Directory) -> None:
    for by in (None, caller(OTHER), caller()):
        for params in ({}, {"postcode": "BS5 6LA"}):
            page = json.loads(await ask(directory, "/services", by, **params))
            assert page["total_items"] == len(page["contents"])


async def test_a_map_is_the_same_for_everybody(directory: Directory) -> None:
    """It is shown to rooms: not even a partner's own map has what is for partners."""
    anybody = await ask(directory, "/service_at_locations", None, format="geojson")
    for by in (caller(OTHER), caller()):
        assert await ask(directory, "/service_at_locations", by, format="geojson") == anybody


async def test_the_words_of_internal_services_are_not_even_kept(
    administrator: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    words = {r["word"]: r for r in await administrator.fetch("select * from directory.word")}
    assert KESTREL.lower() not in words
    assert GOSHAWK.lower() not in words
    assert (words[OSPREY.lower()]["public"], words[OSPREY.lower()]["partner"]) == (0, 1)


async def test_a_change_nobody_may_see_leaves_the_tag_as_it_was(directory: Directory) -> None:
    before = (await directory.http.get("/services")).headers["etag"]
    async with directory.transaction(caller()) as tx:
        changed = await tx.run(
            "update directory.service set description = 'other' where visibility <> 'public' returning id"
        )
        await tx.commit()
    assert len(changed) == 2
    assert (await directory.http.get("/services")).headers["etag"] == before


async def test_an_agencys_answer_is_kept_nowhere(directory: Directory) -> None:
    token = directory.signer.sign(caller(), "directory")
    tag = (await directory.http.get("/services")).headers["etag"]
    headers = {"authorization": f"Bearer {token}", "if-none-match": tag}
    answer = await directory.http.get("/services", headers=headers)
    assert answer.status_code == 200
    assert KESTREL in answer.text
    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["vary"] == "Authorization"


async def test_what_is_sealed_later_is_out_of_words_counts_and_maps_at_once(directory: Directory) -> None:
    assert "Autism Circle" in await ask(directory, "/suggestions", None, q="circ")
    tag = (await directory.http.get("/services")).headers["etag"]
    async with directory.transaction(caller()) as tx:
        await tx.run("update directory.service set visibility = 'internal' where name like 'Autism Circle%'")
        await tx.commit()
    assert "circle" not in (await ask(directory, "/suggestions", None, q="circ")).lower()
    assert "Autism Circle" not in await ask(directory, "/service_at_locations", None, format="geojson")
    answer = await directory.http.get("/services", headers={"if-none-match": tag})
    assert answer.status_code == 200
    assert answer.json()["total_items"] == PUBLIC - 1
