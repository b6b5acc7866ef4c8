"""Describing the hub: one OpenAPI document, every reference in it whole, every operation its own."""

from collections.abc import Iterator
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.openapi import names
from gateway.openapi.merge import merged
from tests.gateway.door import Door

METHODS = ("get", "post", "put", "patch", "delete")


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, value in cast(dict[str, Any], node).items():
            if name == "$ref":
                yield value
            yield from references(value)
    elif isinstance(node, list):
        for value in cast(list[Any], node):
            yield from references(value)


@pytest.fixture(scope="module")
async def document(door: Door) -> dict[str, Any]:
    answer = await door.http.get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


async def test_it_has_every_part_under_its_address(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert {"/referral/whoami", "/directory/whoami", "/oauth/token"} <= document["paths"].keys()


async def test_a_part_that_is_away_is_said_to_be_missing(document: dict[str, Any]) -> None:
    assert document["x-missing"] == ["assessment"]
    assert not any(path.startswith("/assessment") for path in document["paths"])


async def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    for reference in set(references(document)):
        place: Any = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


async def test_no_operation_has_anothers_id(document: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    assert {"referral_whoami", "directory_whoami", "token"} <= set(ids)


async def test_there_is_one_security_scheme_with_the_address_of_the_token_endpoint(
    document: dict[str, Any], door: Door
) -> None:
    [(name, scheme)] = document["components"]["securitySchemes"].items()
    assert (name, scheme["type"]) == ("hub", "oauth2")
    assert scheme["flows"]["clientCredentials"]["tokenUrl"] == f"{door.url}/oauth/token"
    for _, _, operation in operations(document):
        for way in operation.get("security", []):
            assert way.keys() == {"hub"}


async def test_a_write_wants_an_idempotency_key_and_a_read_does_not(
    document: dict[str, Any],
) -> None:
    key = {"$ref": "#/components/parameters/IdempotencyKey"}
    assert key in document["paths"]["/referral/things"]["post"]["parameters"]
    assert key not in document["paths"]["/referral/whoami"]["get"]["parameters"]
    assert key not in document["paths"]["/oauth/token"]["post"]["parameters"]
    assert document["components"]["parameters"]["IdempotencyKey"]["name"] == "Idempotency-Key"


async def test_every_refusal_is_a_problem(document: dict[str, Any]) -> None:
    write = document["paths"]["/referral/things"]["post"]["responses"]
    assert {"400", "401", "403", "503", "default"} <= write.keys()
    assert "404" in document["paths"]["/referral/open/{name}"]["get"]["responses"]
    for answer in document["components"]["responses"].values():
        assert answer["content"].keys() == {"application/problem+json"}
    assert "HTTPValidationError" not in str(document)


def a_part(**schemas: Any) -> dict[str, Any]:
    response = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Page"}}}}
    operation = {"operationId": "read", "responses": {"200": response}}
    return {
        "info": {"title": "part"},
        "paths": {"/pages": {"get": operation}},
        "components": {"schemas": schemas},
    }


PAGE = {"properties": {"item": {"$ref": "#/components/schemas/Item"}}}


def test_one_name_for_two_things_becomes_two_names_and_whoever_mentions_them_follows() -> None:
    own = {"info": {"title": "hub", "version": "1"}, "paths": {}}
    parts = {
        "referral": a_part(Page=PAGE, Item={"type": "string"}, Same={"type": "null"}),
        "directory": a_part(Page=PAGE, Item={"type": "integer"}, Same={"type": "null"}),
    }
    document = merged("https://hub.example", own, parts)
    schemas = document["components"]["schemas"]
    assert schemas.keys() == {
        "DirectoryItem", "DirectoryPage", "Problem", "ReferralItem", "ReferralPage", "Same",
    }  # fmt: skip
    item = schemas["DirectoryPage"]["properties"]["item"]
    assert item == {"$ref": "#/components/schemas/DirectoryItem"}
    answer = document["paths"]["/directory/pages"]["get"]["responses"]["200"]
    [shown] = references(answer)
    assert shown == "#/components/schemas/DirectoryPage"


NAMES = st.sampled_from(["A", "B", "C", "D"])


def a_word(kind: str) -> dict[str, Any]:
    return {"type": kind}


def a_list_of(name: str) -> dict[str, Any]:
    return {"items": {"$ref": f"#/components/schemas/{name}"}}


MEANINGS = st.one_of(
    st.sampled_from(["string", "null"]).map(a_word),
    NAMES.map(a_list_of),
)


def whole(schemas: dict[str, Any]) -> dict[str, Any]:
    """Without references that lead nowhere: a real document has none."""
    return {n: m if {*_targets(m)} <= schemas.keys() else {} for n, m in schemas.items()}


PARTS = st.dictionaries(
    st.sampled_from(["referral", "directory", "assessment"]),
    st.dictionaries(NAMES, MEANINGS).map(whole),
)


@given(PARTS)
def test_a_name_left_shared_means_the_same_to_all_who_share_it(parts: dict[str, Any]) -> None:
    clashing = names.clashing(parts)

    def unfolded(schemas: dict[str, Any], name: str, depth: int) -> Any:
        """What a name means, its references followed."""
        meaning = schemas.get(name)
        if meaning is None or depth == 0:
            return name
        inner = [unfolded(schemas, names_of, depth - 1) for names_of in _targets(meaning)]
        return meaning, inner

    for name in {name for schemas in parts.values() for name in schemas} - clashing:
        meanings = [unfolded(s, name, 4) for s in parts.values() if name in s]
        assert all(meaning == meanings[0] for meaning in meanings)


def _targets(node: Any) -> list[str]:
    return [reference.rpartition("/")[2] for reference in references(node)]
