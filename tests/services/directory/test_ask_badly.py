"""A question that is none is refused in words; what a path takes, it says."""

import json

import httpx
import pytest

from tests.services.directory.conftest import Directory, Serve
from tests.services.directory.feeds import a_service, feed_of
from tests.services.directory.upkeep import ask, problem

SEARCHES = ("/services/search", "/services/facets", "/service_at_locations/search")


@pytest.fixture(scope="module", autouse=True)
async def offer(directory: Directory, serve: Serve) -> None:
    """One service that everything would be."""
    await directory.pull(await serve(feed_of([a_service("one")])))


async def _asked(directory: Directory, path: str, body: bytes, kind: str | None) -> httpx.Response:
    headers = {"content-type": kind} if kind else {}
    return await directory.http.post(path, content=body, headers=headers)


@pytest.mark.parametrize("path", SEARCHES)
@pytest.mark.parametrize("body", [b"7", b"null", b"[]", b'"x"', b"[[1, 2]]", b"true"])
async def test_what_is_no_object_is_refused(directory: Directory, path: str, body: bytes) -> None:
    assert (await _asked(directory, path, body, "application/json")).status_code == 422


@pytest.mark.parametrize("path", SEARCHES)
@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
@pytest.mark.parametrize("body", [b'{"search": "one"}', b"", b"7", b"\xff\xfe"])
async def test_what_is_not_sent_as_json_is_refused(
    directory: Directory, path: str, kind: str | None, body: bytes
) -> None:
    assert (await _asked(directory, path, body, kind)).status_code in {400, 415, 422}


@pytest.mark.parametrize("path", SEARCHES)
@pytest.mark.parametrize("name", ["search", "language", "postcode", "accessibility", "\ud800"])
async def test_half_a_character_finds_nothing_rather_than_everything(
    directory: Directory, path: str, name: str
) -> None:
    body = json.dumps({name: "\ud800"}).encode()
    assert (await _asked(directory, path, body, "application/json")).status_code == 422


@pytest.mark.parametrize("path", ["/services", "/services/facets", "/service_at_locations"])
async def test_ages_out_of_order_are_refused(directory: Directory, path: str) -> None:
    assert (await directory.http.get(path + "?minimum_age=9&maximum_age=3")).status_code == 422
    assert (await directory.http.get(path + "?minimum_age=3&maximum_age=9")).status_code == 200


async def test_head_is_get_without_the_body(directory: Directory) -> None:
    [service] = (await directory.get("/services"))["contents"]
    paths = ("/services", "/organizations", "/taxonomies", f"/services/{service['id']}", "/services/facets")
    for path in (*paths, "/services?format=ndjson"):
        got, head = await directory.http.get(path), await directory.http.head(path)
        assert (head.status_code, head.content) == (200, b""), path
        for name in ("content-type", "content-length", "etag"):
            assert head.headers.get(name) == got.headers.get(name), (path, name)
    assert (await directory.http.head("/services/none")).status_code == 404
    assert (await directory.http.head("/services/search")).status_code in {404, 405}


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/services", "GET, HEAD, OPTIONS"),
        ("/services/search", "GET, HEAD, POST, OPTIONS"),
        ("/feeds/00000000-0000-4000-8000-000000000000", "GET, HEAD, PATCH, OPTIONS"),
        ("/freshness/rules", "GET, HEAD, PUT, OPTIONS"),
        ("/organizations/x/provider", "PUT, OPTIONS"),
        ("/nowhere", "GET, HEAD, OPTIONS"),
    ],
)
async def test_a_preflight_is_told_what_the_path_takes(directory: Directory, path: str, methods: str) -> None:
    answer = await directory.http.options(path)
    assert answer.headers["access-control-allow-methods"] == methods


async def test_only_an_agency_of_the_partnership_speaks_for_a_provider(directory: Directory) -> None:
    [own] = (await directory.get("/organizations"))["contents"]
    path = f"/organizations/{own['id']}/provider"
    assert problem(await ask(directory, "PUT", path, {"agency": "nobody"}))[1] == "agency-unknown"
