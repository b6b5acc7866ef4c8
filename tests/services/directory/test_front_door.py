"""The directory through the front door: open to all to read, with a scope to write."""

from collections.abc import AsyncIterator

import httpx
import pytest

from deploy.demo.partnership import EARLY_HELP, OAKFIELD
from gateway.hop import AcrossProcesses, Hop, InProcess
from tests.people import Room
from tests.services.directory import judge
from tests.services.directory.conftest import Directory, Serve
from tests.services.directory.feeds import a_place, a_service, an_id, feed_of

MANY = "quokka numbat zzyzx"  # no service has all of them
FOUND = ["Example Quokka Numbat", "Example Quokka"]


@pytest.fixture(scope="module", autouse=True)
async def offer(room: Room, directory: Directory, serve: Serve) -> None:
    """Two services, in the hub and in a directory by itself."""
    offers = [a_service(one, name=one, service_at_locations=[a_place(one, "BS5 6LA")]) for one in FOUND]
    feed = await serve(feed_of(offers))
    await room[EARLY_HELP].made("/directory/feeds", {"url": feed, "publisher": "A council"})
    await directory.pull(feed)


async def test_anybody_reads_it_and_any_web_page_too(http: httpx.AsyncClient) -> None:
    for path in ("/directory/", "/directory/services", "/directory/services?format=ndjson"):
        answer = await http.get(path)
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "*"


async def test_the_base_url_is_an_open_referral_feed(http: httpx.AsyncClient) -> None:
    about = (await http.get("/directory")).json()
    assert judge.faults("api_details", about) == []
    assert (await http.get(about["openapi_url"])).json()["openapi"].startswith("3.1")


async def test_a_problem_reaches_the_reader(http: httpx.AsyncClient) -> None:
    answer = await http.get("/directory/services", params={"postcode": "nowhere"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/postcode-unknown")
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_writing_is_for_those_with_the_scope(room: Room) -> None:
    feed = {"url": "http://feed.invalid/", "publisher": "A council"}
    assert (await room[OAKFIELD].post("/directory/feeds", feed)).status_code == 403
    assert (await room[EARLY_HELP].post("/directory/feeds", feed)).status_code == 422


def _shown(answer: httpx.Response) -> set[str]:
    """The headers that a web page of another origin may read."""
    return {name.strip().lower() for name in answer.headers["access-control-expose-headers"].split(",")}


@pytest.mark.parametrize("path", ["/directory/services", "/directory/service_at_locations"])
async def test_a_relaxed_search_says_so_to_every_reader(http: httpx.AsyncClient, path: str) -> None:
    asked = {"origin": "https://council.example"}
    relaxed = await http.get(path, params={"search": MANY}, headers=asked)
    assert relaxed.headers["search-relaxed"] == "true"
    assert "search-relaxed" in _shown(relaxed)
    posted = await http.post(f"{path}/search", json={"search": MANY}, headers=asked)
    assert (posted.headers["search-relaxed"], posted.json()) == ("true", relaxed.json())
    lines = await http.get(path, params={"search": MANY, "format": "ndjson"})
    assert lines.headers["search-relaxed"] == "true"
    strict = await http.get(path, params={"search": "quokka numbat"})
    assert (strict.status_code, "search-relaxed" in strict.headers) == (200, False)


async def test_what_relaxes_finds_the_most_of_it_first(http: httpx.AsyncClient) -> None:
    answer = await http.get("/directory/services", params={"search": MANY})
    assert [one["name"] for one in answer.json()["contents"]] == FOUND


PATHS = (
    "/",
    "/services",
    f"/services/{an_id(FOUND[0])}",
    f"/services?search={MANY.replace(' ', '+')}",
    "/services?format=ndjson",
    "/services/facets",
    "/service_at_locations?format=geojson",
    "/organizations",
    "/suggestions?q=quok",
)
TOLD = ("content-type", "content-length", "etag", "cache-control", "search-relaxed", "vary")


@pytest.mark.parametrize("path", PATHS)
async def test_head_is_get_without_the_body(http: httpx.AsyncClient, path: str) -> None:
    got, head = await http.get(f"/directory{path}"), await http.head(f"/directory{path}")
    assert (head.status_code, head.content) == (200, b"")
    assert {name: head.headers.get(name) for name in TOLD} == {name: got.headers.get(name) for name in TOLD}
    assert head.headers["access-control-allow-origin"] == "*"


async def test_head_is_asked_on_a_condition_as_get_is(http: httpx.AsyncClient) -> None:
    tag = (await http.head("/directory/services")).headers["etag"]
    again = await http.head("/directory/services", headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)


async def test_head_is_refused_as_get_is(http: httpx.AsyncClient) -> None:
    for path, status in (("/services/none", 404), ("/services?postcode=nowhere", 422), ("/feeds", 401)):
        head = await http.head(f"/directory{path}")
        assert (head.status_code, head.content) == (status, b""), path
        assert (await http.get(f"/directory{path}")).status_code == status


@pytest.fixture(params=["in one process", "across processes"])
async def hop(request: pytest.FixtureRequest, directory: Directory, serve: Serve) -> AsyncIterator[Hop]:
    """Either way to a directory."""
    across = AcrossProcesses(await serve(directory.app))
    yield InProcess(directory.app) if request.param == "in one process" else across
    await across.close()


@pytest.mark.parametrize("path", PATHS)
async def test_head_and_what_is_relaxed_cross_either_hop(hop: Hop, path: str) -> None:
    got, head = await hop.call("GET", path, {}), await hop.call("HEAD", path, {})
    assert (got.status, head.status, head.body) == (200, 200, b"")
    assert {name: head.headers.get(name) for name in TOLD} == {name: got.headers.get(name) for name in TOLD}
    assert got.headers.get("search-relaxed") == ("true" if "search" in path else None)
