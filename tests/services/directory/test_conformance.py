"""The directory as the official validator reads a feed: version, pages, then the ids met on them."""

from typing import Any

import pytest

from tests.services.directory import judge
from tests.services.directory.conftest import Directory

LISTS = [path for path, (_, paged) in judge.paths().items() if paged]
ENVELOPE = {
    "total_items", "total_pages", "page_number", "size", "first_page", "last_page", "empty", "contents",
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
async def offer(directory: Directory, demo_feed: str) -> None:
    """The demo's feed, pulled."""
    await directory.pull(demo_feed)


def judged(schema: str, body: Any) -> None:
    assert judge.faults(schema, body) == []
    assert list(judge.blanks(body)) == []


async def pages(directory: Directory, path: str, **params: Any) -> list[dict[str, Any]]:
    """The first, the middle and the last page."""
    first = await directory.get(path, per_page=5, **params)
    numbers = {1, max(1, first["total_pages"] // 2), max(1, first["total_pages"])}
    return [await directory.get(path, per_page=5, page=n, **params) for n in sorted(numbers)]


async def test_the_version_is_the_text_that_validators_choose_their_schemas_by(directory: Directory) -> None:
    body = await directory.get("/")
    assert body["version"] == "HSDS-UK-3.0"
    judged("api_details", body)


def test_the_standard_has_eleven_paths() -> None:
    assert len(judge.paths()) == 11
    assert len(LISTS) == 5


@pytest.mark.parametrize("path", LISTS)
async def test_first_middle_and_last_page_are_valid(directory: Directory, path: str) -> None:
    schema, _ = judge.paths()[path]
    for page in await pages(directory, path):
        assert page["empty"] is False
        assert page.keys() == ENVELOPE
        assert page["size"] == len(page["contents"])
        judged(schema, page)


@pytest.mark.parametrize("path", LISTS)
async def test_every_id_met_on_a_page_can_be_read_and_is_valid(directory: Directory, path: str) -> None:
    schema, _ = judge.paths()[f"{path}/{{id}}"]
    ids = [item["id"] for page in await pages(directory, path) for item in page["contents"]]
    assert ids
    for one in ids:
        body = await directory.get(f"{path}/{one}")
        assert body["id"] == one
        judged(schema, body)


@pytest.mark.parametrize(
    ("path", "params", "schema"),
    [
        ("/services", {"full": "true"}, "service"),
        ("/services", {"postcode": "BS5 6LA", "search": "advice", "full": "true"}, "service"),
        ("/service_at_locations", {"full": "true"}, "service_at_location"),
        ("/organizations", {"full": "true"}, "organization"),
        ("/organizations", {"full_service": "true"}, "organization"),
    ],
)
async def test_full_lists_hold_full_items(
    directory: Directory, path: str, params: dict[str, str], schema: str
) -> None:
    listed, _ = judge.paths()[path]
    for page in await pages(directory, path, **params):
        judged(listed, page)
        for item in page["contents"]:
            judged(schema, item)


async def test_an_organisation_can_be_read_with_its_whole_services(directory: Directory) -> None:
    [organization, *_] = (await directory.get("/organizations"))["contents"]
    body = await directory.get(f"/organizations/{organization['id']}", full_service="true")
    judged("organization", body)
    for service in body["services"]:
        judged("service", service)
        assert service["attributes"]


async def test_minimal_has_every_id_and_when_it_changed_on_one_page(directory: Directory) -> None:
    body = await directory.get("/services", minimal="true")
    assert body["total_pages"] == 1
    assert body["size"] == body["total_items"] == 24
    assert {frozenset(item) for item in body["contents"]} == {
        frozenset({"id", "modified_date", "last_modified"})
    }


async def test_an_empty_answer_still_has_its_envelope(directory: Directory) -> None:
    body = await directory.get("/services", search="zzzzzz")
    assert body.keys() == ENVELOPE
    assert body["empty"] is body["first_page"] is body["last_page"] is True
    assert judge.faults("service_list", body) == []


async def test_pages_together_hold_everything_once_and_in_order(directory: Directory) -> None:
    whole = [item["id"] for item in (await directory.get("/services", per_page=100))["contents"]]
    pieces = [
        item["id"]
        for page in range(1, 6)
        for item in (await directory.get("/services", per_page=5, page=page))["contents"]
    ]
    assert pieces == whole
    beyond = await directory.get("/services", per_page=5, page=6)
    assert (beyond["empty"], beyond["last_page"], beyond["contents"]) == (True, True, [])


@pytest.mark.parametrize("path", ["/", "/services", "/services/none", "/nothing", "/services?page=no"])
async def test_any_web_page_may_read_it_errors_too(directory: Directory, path: str) -> None:
    answer = await directory.http.get(path, headers={"origin": "https://a.example"})
    assert answer.headers.get_list("access-control-allow-origin") == ["*"]


async def test_a_preflight_is_answered(directory: Directory) -> None:
    answer = await directory.http.options("/services", headers={"origin": "https://a.example"})
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
