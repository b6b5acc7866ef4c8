"""What is for partners or for one agency is in no path and no format that anybody can read."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import DBAPIError

from tests.services.directory.conftest import COUNCIL, OTHER, Directory, Serve, caller
from tests.services.directory.feeds import a_place, a_service, feed_of

REFUGE, LINE, SHELTER, CLOSED = "Kingfisher House", "Heron Line", "Egret Court", "Bittern Club"
PLACE = "Secret Lane"
SEALED = (REFUGE, LINE, SHELTER, CLOSED, PLACE, "Wagtail", "0117 496 0666", "BS5 9LE")


def _services() -> list[dict[str, Any]]:
    hidden = {"organization": {"id": "wagtail", "name": "Wagtail Safe Homes", "description": "Wagtail"}}
    place = a_place("secret", "BS5 9LE", name=PLACE, visibility="internal")
    return [
        a_service("open", name="Example Open Group"),
        a_service("refuge", name=REFUGE, visibility="internal", service_at_locations=[place], **hidden),
        a_service("line", name=LINE, visibility="partner", organization={"id": "l", "name": "Heron Line"}),
        a_service("typo", name=SHELTER, visibility="Interal", organization={"id": "t", "name": SHELTER}),
        a_service("closed", name=CLOSED, status="defunct", organization={"id": "c", "name": CLOSED}),
        # A public service that also meets at a sealed place, with a colleagues' contact.
        a_service(
            "mixed",
            name="Example Mixed Group",
            service_at_locations=[place, a_place("hall", "BS5 6LA", name="Example Hall")],
            contacts=[
                {"id": "a", "title": "Front desk", "phones": [{"number": "0117 496 0001"}]},
                {"name": "Wagtail", "visibility": "internal", "phones": [{"number": "0117 496 0666"}]},
            ],
        ),
    ]


@pytest.fixture(scope="module", autouse=True)
async def offer(directory: Directory, serve: Serve) -> None:
    """A feed with something for everybody."""
    app: FastAPI = feed_of(_services())
    report = await directory.pull(await serve(app))
    assert report["counts"]["added"] == 6


@pytest.fixture
async def administrator(directory: Directory) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """The database without its walls."""
    connection = await asyncpg.connect(directory.administrator)
    yield connection
    await connection.close()


LISTS = ("/services", "/service_at_locations", "/organizations", "/taxonomies", "/taxonomy_terms")
QUESTIONS = (
    "",
    "?full=true",
    "?full_service=true",
    "?format=ndjson",
    "?format=ndjson&full=true",
    "?minimal=true",
    "?postcode=BS5+9LE",
    "?postcode=BS5+9LE&proximity=100",
    "?search=Kingfisher",
    "?search=Heron+Line",
    "?search=Wagtail",
    "?search=Secret+Lane",
    "?search=Egret",
)


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("question", QUESTIONS)
async def test_no_list_names_what_is_sealed(directory: Directory, path: str, question: str) -> None:
    answer = await directory.http.get(path + question)
    assert answer.status_code == 200
    assert [word for word in SEALED if word in answer.text] == []


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("question", [q for q in QUESTIONS if "ndjson" not in q])
async def test_no_count_tells_what_is_sealed(directory: Directory, path: str, question: str) -> None:
    """What the search finds and what the policies show are the same."""
    body = await directory.get(path + (question or "?per_page=50"))
    assert body["total_items"] == len(body["contents"])


async def test_no_id_shows_what_is_sealed(
    directory: Directory, administrator: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    every = await administrator.fetch(
        "select 'services' as path, id from directory.service"
        " union all select 'organizations', id from directory.organization"
        " union all select 'service_at_locations', id from directory.service_at_location"
        " union all select 'taxonomy_terms', id from directory.taxonomy_term"
    )
    shown = 0
    for row in every:
        answer = await directory.http.get(f"/{row['path']}/{row['id']}?full_service=true")
        assert [word for word in SEALED if word in answer.text] == []
        shown += answer.status_code == 200
    assert 0 < shown < len(every)


async def test_what_is_sealed_answers_like_what_is_not_there(
    directory: Directory, administrator: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    refuge: UUID = await administrator.fetchval("select id from directory.service where name = $1", REFUGE)
    there = await directory.http.get(f"/services/{refuge}")
    nowhere = await directory.http.get("/services/00000000-0000-4000-8000-000000000000")
    assert there.status_code == nowhere.status_code == 404
    assert there.content == nowhere.content


async def test_a_public_service_does_not_lead_to_its_sealed_place(directory: Directory) -> None:
    [mixed] = (await directory.get("/services", search="mixed", full="true"))["contents"]
    [place] = mixed["service_at_locations"]
    assert place["location"]["name"] == "Example Hall"
    assert [contact["title"] for contact in mixed["contacts"]] == ["Front desk"]
    assert [phone["number"] for phone in mixed["contacts"][0]["phones"]] == ["0117 496 0001"]
    assert await directory.names(postcode="BS5 9LE", proximity=100) == []


async def _seen(directory: Directory, by: Any, view: str = "directory.service") -> set[str]:
    async with directory.transaction(by) as tx:
        return {row["name"] for row in await tx.rows(f"select name from {view}")}


@pytest.mark.parametrize("view", ["directory.service", "directory.findable"])
async def test_partners_see_what_is_for_partners_and_the_owner_its_own(
    directory: Directory, view: str
) -> None:
    """The table under its policy, and the view that searches it, must agree."""
    public = {"Example Open Group", "Example Mixed Group"}
    assert await _seen(directory, None, view) == public
    assert await _seen(directory, caller(OTHER), view) == public | {LINE}
    ours = await _seen(directory, caller(), view)
    assert ours - {CLOSED} == public | {LINE, REFUGE, SHELTER}


async def test_on_a_shared_screen_the_owner_sees_no_more_than_the_room(directory: Directory) -> None:
    alone = caller()
    shared = type(alone)(alone.agency, alone.client, alone.scopes, audience=(OTHER,))
    for view in ("directory.service", "directory.findable"):
        assert REFUGE not in await _seen(directory, shared, view)
        assert LINE in await _seen(directory, shared, view)


async def test_an_organisation_with_nothing_public_is_not_listed(directory: Directory) -> None:
    listed = (await directory.get("/organizations"))["contents"]
    assert [organization["name"] for organization in listed] == ["Example Council"]


WRITES = (
    "update directory.service set name = 'x'",
    "update directory.service set visibility = 'public'",
    "update directory.feed set publisher = 'x'",
    "delete from directory.phone",
    "delete from directory.service_at_location",
)


@pytest.mark.parametrize("by", [None, OTHER])
@pytest.mark.parametrize("write", WRITES)
async def test_another_agencys_records_cannot_be_written(directory: Directory, by: Any, write: str) -> None:
    async with directory.transaction(by and caller(by)) as tx:
        assert await tx.run(f"{write} returning true") == []


@pytest.mark.parametrize(
    "write",
    [
        "insert into directory.taxonomy (id, name, description) values (gen_random_uuid(), 'x', 'x')",
        "insert into directory.feed (id, url, publisher) values (gen_random_uuid(), 'x', 'x')",
        "delete from directory.service",
        "truncate directory.service cascade",
    ],
)
async def test_nobody_writes_namelessly_or_deletes_a_record(directory: Directory, write: str) -> None:
    with pytest.raises(DBAPIError) as refused:
        async with directory.transaction(None) as tx:
            await tx.run(write)
    assert getattr(refused.value.orig, "sqlstate", None) in {"42501", "23502"}


async def test_the_search_uses_its_indexes_in_spite_of_row_security(
    directory: Directory, administrator: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    assert COUNCIL
    async with directory.transaction(None) as tx:
        await tx.run("set local enable_seqscan = off")
        words = await tx.rows(
            "explain select id from directory.findable"
            " where words @@ websearch_to_tsquery('directory.words', 'group')"
        )
        place = await tx.rows(
            "explain select service_id from directory.findable_place"
            " where place <@ circle(point(361166, 174653), 1000)"
        )
    assert "entry_found" in str([row["QUERY PLAN"] for row in words])
    assert "location_place" in str([row["QUERY PLAN"] for row in place])
