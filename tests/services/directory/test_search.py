"""Search: what people mean, near where they live; every parameter narrows."""

from typing import Any

import pytest

from tests.services.directory.conftest import Directory

HOME = "BS5 6LA"


@pytest.fixture(scope="module", autouse=True)
async def offer(directory: Directory, demo_feed: str) -> None:
    """The demo's feed, pulled."""
    await directory.pull(demo_feed)


async def _term(directory: Directory, name: str) -> str:
    listed = (await directory.get("/taxonomy_terms", per_page=100))["contents"]
    return next(term["id"] for term in listed if term["name"] == name)


async def test_services_near_a_postcode_come_nearest_first_with_their_distance(directory: Directory) -> None:
    body = await directory.get("/services", postcode=HOME, proximity=1000)
    metres = [service["metres"] for service in body["contents"]]
    assert metres == sorted(metres)
    assert 0 <= metres[0] < 10
    assert 0 < metres[-1] <= 1000
    assert len(metres) < 24


async def test_a_wider_circle_holds_what_a_narrower_one_held(directory: Directory) -> None:
    near = set(await directory.names(postcode=HOME, proximity=500))
    far = set(await directory.names(postcode=HOME, proximity=5000))
    assert near < far


async def test_without_a_distance_what_has_no_place_comes_last(directory: Directory) -> None:
    contents = (await directory.get("/services", postcode=HOME))["contents"]
    placed = ["metres" in service for service in contents]
    assert placed == sorted(placed, reverse=True)
    assert contents[-1]["name"] in {"Example Volunteer Visitors", "Sample Street Debt Helpline"}


async def test_a_service_for_one_area_is_not_offered_in_another(directory: Directory) -> None:
    assert await directory.names(postcode="LS8 1AA") == [
        "Example Volunteer Visitors",
        "Sample Street Debt Helpline",
    ]
    assert await directory.names(postcode="CF10 1AA") == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("debt", "Sample Street Debt Advice"),
        ("debts", "Sample Street Debt Advice"),
        ("foodbank", "Example Food Bank, Easton"),
        ("brekfast club", "Sunrise Breakfast Club (synthetic)"),
        ("przyklad", "Poradnia Przykład / Example Advice in Polish"),
        ('"young carers"', "Young Carers Tuesday (synthetic)"),
        ("rent arrears", "Sample Street Debt Advice"),
    ],
)
async def test_words_find_what_they_mean_best_first(directory: Directory, words: str, expected: str) -> None:
    assert (await directory.names(search=words))[0] == expected


async def test_the_name_of_the_organisation_or_the_category_finds_a_service(directory: Directory) -> None:
    assert "Example Community Pantry" in await directory.names(search="pantry network")
    assert "Example Holiday Lunch Club" in await directory.names(search="youth")


async def test_every_parameter_narrows(directory: Directory) -> None:
    term = await _term(directory, "Debt advice")
    all_debt = set(await directory.names(taxonomy_term_id=term))
    assert all_debt == {
        "Sample Street Debt Advice",
        "Sample Street Debt Helpline",
        "Poradnia Przykład / Example Advice in Polish",
    }
    near = {"postcode": HOME, "proximity": 300}
    assert await directory.names(taxonomy_term_id=term, **near) == ["Sample Street Debt Advice"]
    assert await directory.names(taxonomy_term_id=term, search="Polish", **near) == []


async def test_a_taxonomy_finds_services_under_any_of_its_terms(directory: Directory) -> None:
    topics, how = (await directory.get("/taxonomies"))["contents"]
    assert len(await directory.names(taxonomy_id=topics["id"])) == 24
    assert len(await directory.names(taxonomy_id=how["id"])) == 24
    assert await directory.names(taxonomy_id="00000000-0000-4000-8000-000000000000") == []


async def test_the_demos_services_say_how_one_comes_to_them_and_for_whom_they_are(
    directory: Directory,
) -> None:
    professional = await directory.names(referral="professional")
    assert sorted(professional) == ["Example Tenancy Support", "Getting In, Getting On (synthetic)"]
    assert len(await directory.names(referral="self")) == 22
    assert [len(await directory.names(level_of_need=level)) for level in (1, 2, 3, 4)] == [9, 12, 3, 0]
    assert await directory.names(barrier="childcare") == ["Example Parenting Group"]


async def test_an_organisation_finds_its_services(directory: Directory) -> None:
    [food] = (await directory.get("/organizations", search="pantry"))["contents"]
    assert len(await directory.names(organization_id=food["id"])) == 3


async def test_modified_after_is_on_or_after(directory: Directory) -> None:
    newest = max(s["last_modified"] for s in (await directory.get("/services", per_page=100))["contents"])
    assert await directory.names(modified_after=newest)
    assert len(await directory.names(modified_after="2026-01-01")) == 24
    assert await directory.names(modified_after="2999-01-01T00:00:00+01:00") == []


async def test_a_plus_sign_nobody_escaped_still_means_a_zone(directory: Directory) -> None:
    answer = await directory.http.get("/services?modified_after=2999-01-01T00:00:00+01:00")
    assert answer.status_code == 200


async def test_places_are_found_like_services(directory: Directory) -> None:
    body = await directory.get("/service_at_locations", postcode=HOME, proximity=400, search="debt")
    assert [place["service"]["name"] for place in body["contents"]] == ["Sample Street Debt Advice"]
    assert body["contents"][0]["metres"] < 10


async def test_terms_are_found_by_their_place_in_the_tree(directory: Directory) -> None:
    food = await _term(directory, "Food")
    under = (await directory.get("/taxonomy_terms", parent_id=food))["contents"]
    assert {term["name"] for term in under} == {"Food bank", "Breakfast club"}
    top = (await directory.get("/taxonomy_terms", top_only="true"))["contents"]
    assert all("parent_id" not in term for term in top)


async def test_an_empty_parameter_asks_for_nothing(directory: Directory) -> None:
    assert len(await directory.names(search="", postcode="", per_page="")) == 24


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"page": 0}, "/query/page"),
    ({"page": "one"}, "/query/page"),
    ({"page": 10**12}, "/query/page"),
    ({"per_page": 0}, "/query/per_page"),
    ({"per_page": 100_000}, "/query/per_page"),
    ({"proximity": "near", "postcode": HOME}, "/query/proximity"),
    ({"proximity": -1, "postcode": HOME}, "/query/proximity"),
    ({"proximity": 500}, "/query"),
    ({"format": "xml"}, "/query/format"),
    ({"modified_after": "yesterday"}, "/query/modified_after"),
    ({"taxonomy_term_id": "x' or 1=1"}, "/query/taxonomy_term_id"),
    ({"full": "perhaps"}, "/query/full"),
    ({"search": "x" * 201}, "/query/search"),
]


@pytest.mark.parametrize(("params", "pointer"), WRONG, ids=lambda value: str(value)[:40])
async def test_what_cannot_be_asked_is_refused_by_name(
    directory: Directory, params: dict[str, Any], pointer: str
) -> None:
    answer = await directory.http.get("/services", params=params)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize("postcode", ["BS5", "ZZ99 9ZZ", "JE1 0BD", "' or 1=1 --", "BS5 6L\u0130"])
async def test_a_postcode_that_is_none_is_refused(directory: Directory, postcode: str) -> None:
    answer = await directory.http.get("/services", params={"postcode": postcode})
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/postcode-unknown"


@pytest.mark.parametrize(
    "words", ["'", '"', "a & | ! b", "%", "\\", "(((", "the", ":*", "\x00a", "'; drop table x --", "🙂"]
)
async def test_no_words_break_the_search(directory: Directory, words: str) -> None:
    for path in ("/services", "/organizations", "/taxonomy_terms", "/service_at_locations"):
        assert (await directory.http.get(path, params={"search": words})).status_code == 200


@pytest.mark.parametrize("path", ["services", "organizations", "taxonomies", "taxonomy_terms"])
async def test_an_unknown_id_is_not_found_whatever_it_looks_like(directory: Directory, path: str) -> None:
    made_up = await directory.http.get(f"/{path}/00000000-0000-4000-8000-000000000000")
    nonsense = await directory.http.get(f"/{path}/1%20or%201")
    assert made_up.status_code == nonsense.status_code == 404
    assert made_up.content == nonsense.content
