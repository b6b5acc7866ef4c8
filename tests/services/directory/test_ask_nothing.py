"""An empty parameter, as forms send them, asks for nothing; what is no text is not taken for one."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.directory.schemas import ServiceSearch
from tests.services.directory.conftest import Directory, Serve
from tests.services.directory.feeds import a_place, a_service, feed_of

SEARCHES = ("/services", "/services/facets", "/service_at_locations", "/service_at_locations?format=geojson")
# What a form of ours would send if nobody filled it in.
NAMES = """search language accessibility postcode proximity time on age minimum_age maximum_age free max_cost
    send referral tier level_of_need barrier day has_room taxonomy_term_id taxonomy_id organization_id
    modified_after full page per_page"""
FORM = dict.fromkeys(NAMES.split(), "")
NO_TEXT = ("\x00", "\u200b", "\x07\u2060", "\u00ad", "\ufeff \u200b", "\ue000")
WORDLESS = ("...", "?!", "---", "\ufffd", "'", "\u2026")


@pytest.fixture(scope="module", autouse=True)
async def offer(directory: Directory, serve: Serve) -> None:
    """Two services that everything would be."""
    offers = [a_service(key, service_at_locations=[a_place(key, "BS5 6LA")]) for key in ("one", "two")]
    await directory.pull(await serve(feed_of(offers)))


async def _asked(directory: Directory, path: str, asked: dict[str, Any]) -> Any:
    place, _, query = path.partition("?")
    more = dict([query.split("=")]) if query else {}
    answer = await directory.http.get(place, params=more | asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("path", SEARCHES)
@pytest.mark.parametrize("blank", ["", " ", "\t\u00a0"])
async def test_a_form_that_nobody_filled_in_asks_for_nothing(
    directory: Directory, path: str, blank: str
) -> None:
    plain = await _asked(directory, path, {})
    assert plain.get("total_items", len(plain.get("features", ()))) == 2
    assert await _asked(directory, path, dict.fromkeys(FORM, blank)) == plain
    for name in FORM:
        assert await _asked(directory, path, {name: blank}) == plain, name


@pytest.mark.parametrize("path", ["/organizations", "/taxonomies", "/taxonomy_terms"])
async def test_it_is_the_same_in_every_list(directory: Directory, path: str) -> None:
    plain = await _asked(directory, path, {})
    names = (
        "search",
        "page",
        "per_page",
        "format",
        "full",
        "full_service",
        "taxonomy_id",
        "parent_id",
        "top_only",
    )
    assert await _asked(directory, path, dict.fromkeys(names, "")) == plain


async def test_what_is_filled_in_beside_it_counts(directory: Directory) -> None:
    asked = FORM | {"search": "one", "day": "mon"}
    assert [one["name"] for one in (await _asked(directory, "/services", asked))["contents"]] == [
        "Example one"
    ]
    answer = await directory.http.get("/services?day=&day=tue&day=")
    assert answer.json()["total_items"] == 0


async def test_a_distance_from_nowhere_is_not_asked(directory: Directory) -> None:
    asked = await _asked(directory, "/services", {"postcode": "", "proximity": "5000"})
    assert asked == await _asked(directory, "/services", {})
    assert (await directory.http.get("/services?proximity=5000")).status_code == 422


@pytest.mark.parametrize("path", ["/services/search", "/services/facets", "/service_at_locations/search"])
async def test_a_body_may_be_left_empty_too(directory: Directory, path: str) -> None:
    plain = (await directory.http.post(path, json={})).json()
    assert (await directory.http.post(path, json=FORM | {"day": [""], "barrier": ["", " "]})).json() == plain
    assert (await directory.http.post(path, json={"post_code": ""})).status_code == 422


async def test_a_search_box_is_empty_at_first(directory: Directory) -> None:
    for typed in ("", " ", "\t"):
        answer = await directory.http.get("/suggestions", params={"q": typed, "limit": ""})
        assert (answer.status_code, answer.json()) == (200, {"suggestions": []})


async def test_one_thing_is_shown_as_if_nothing_was_said(directory: Directory) -> None:
    [own] = (await directory.get("/organizations"))["contents"]
    plain = await directory.get(f"/organizations/{own['id']}")
    assert await directory.get(f"/organizations/{own['id']}", full_service=" ") == plain


@pytest.mark.parametrize("path", [*SEARCHES, "/suggestions"])
@pytest.mark.parametrize("said", NO_TEXT, ids=ascii)
async def test_what_cannot_be_read_is_no_question_that_everything_answers(
    directory: Directory, path: str, said: str
) -> None:
    place = path.partition("?")[0]
    for name in ("q",) if place == "/suggestions" else ("search", "language", "accessibility", "postcode"):
        answer = await directory.http.get(place, params={name: said})
        assert answer.status_code == 422, (name, answer.text)
        assert answer.json()["errors"][0]["pointer"].endswith(name)


@pytest.mark.parametrize("said", WORDLESS, ids=ascii)
async def test_what_has_no_word_in_it_finds_nothing(directory: Directory, said: str) -> None:
    for name in ("search", "language", "accessibility"):
        assert (await _asked(directory, "/services", {name: said}))["total_items"] == 0, name
        assert (await _asked(directory, "/services/facets", {name: said}))["total_items"] == 0, name
    assert await _asked(directory, "/suggestions", {"q": said}) == {"suggestions": []}


async def test_a_new_line_is_a_space(directory: Directory) -> None:
    assert await directory.names(search="example\none") == ["Example one"]
    assert await directory.names(search="exam\u00adple\u200b one") == ["Example one"]


@given(st.text(max_size=20))
def test_what_is_asked_is_text_or_was_blank(said: str) -> None:
    try:
        asked = ServiceSearch.model_validate_json(json.dumps({"search": said}))
    except ValidationError:
        assert said.strip()
        return
    assert asked.search is None or (asked.search.isprintable() and asked.search.strip() == asked.search)
    assert (asked.search or "") == "" if not said.strip() else asked.search
