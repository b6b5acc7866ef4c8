"""NDJSON: everything, a line each, without pages, in flat memory, whoever reads however slowly."""

import json
from typing import Any

import pytest
from starlette.types import Message

from hub.access import Part
from tests.services.directory import judge
from tests.services.directory.conftest import Directory, caller
from tests.services.directory.feeds import a_place, a_service
from tests.services.directory.test_import_document import import_document

MANY = 1_234


@pytest.fixture(scope="module", autouse=True)
async def offer(directory: Directory) -> None:
    """More services than one batch holds."""
    term = {"id": "t", "name": "Odd", "taxonomy": "Parity"}
    services = [
        a_service(
            f"{number}",
            service_at_locations=[a_place(f"{number % 40}", "BS5 6LA")],
            attributes=[{"taxonomy_term": term}] if number % 2 else [],
            organization={"id": f"o{number % 600}", "name": f"Organisation {number % 600}"},
        )
        for number in range(MANY)
    ]
    async with directory.transaction(caller()) as tx:
        report = await import_document(tx, "file:many", "A council", services)
        await tx.commit()
    assert report.counts.added == MANY


async def lines(directory: Directory, path: str, **params: Any) -> list[dict[str, Any]]:
    answer = await directory.http.get(path, params={"format": "ndjson", **params})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


async def test_every_service_comes_once(directory: Directory) -> None:
    services = await lines(directory, "/services")
    assert len(services) == len({service["id"] for service in services}) == MANY


async def test_lines_are_the_same_as_on_pages_and_valid(directory: Directory) -> None:
    paged = await directory.get("/services", full="true", per_page=1000)
    by_id = {service["id"]: service for service in await lines(directory, "/services", full="true")}
    assert all(by_id[service["id"]] == service for service in paged["contents"])
    assert [fault for s in paged["contents"][:50] for fault in judge.faults("service", s)] == []


@pytest.mark.parametrize(
    ("path", "count"),
    [("/organizations", 600), ("/service_at_locations", MANY), ("/taxonomies", 1), ("/taxonomy_terms", 1)],
)
async def test_every_list_streams(directory: Directory, path: str, count: int) -> None:
    assert len(await lines(directory, path)) == count


async def test_what_is_asked_narrows_the_stream(directory: Directory) -> None:
    assert len(await lines(directory, "/services", search="Odd")) == MANY // 2
    assert len(await lines(directory, "/services", postcode="BS5 6LA", proximity=50)) == MANY
    assert await lines(directory, "/services", search="nothing at all") == []


async def test_a_slow_reader_holds_no_connection(directory: Directory) -> None:
    part: Part = directory.app.state.part
    pool: Any = part.database.engine.pool
    pieces: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            assert pool.checkedout() == 0
            pieces.append(len(message["body"]))

    scope: dict[str, Any] = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.4"}, "http_version": "1.1",
        "method": "GET", "path": "/services", "raw_path": b"/services", "root_path": "", "scheme": "http",
        "query_string": b"format=ndjson", "headers": [], "client": None, "server": None,
    }  # fmt: skip
    await directory.app(scope, receive, send)
    assert len([piece for piece in pieces if piece]) == 3
    assert max(pieces) < sum(pieces) / 2
