"""Describing what the hub answers: a client can be generated that knows every field.

That the answers keep to it is held by `tests.described`, on every answer that any test gets.
"""

from typing import Any

import httpx
import pytest

from tests.described import silent

# Others say what is in these: a FHIR server's, and a front end's own question.
ELSEWHERE: frozenset[str] = frozenset()


@pytest.fixture(scope="module")
async def document(http: httpx.AsyncClient) -> dict[str, Any]:
    return (await http.get("/openapi.json")).json()


@pytest.mark.parametrize("part", ["referral", "assessment", "directory"])
async def test_every_answer_is_described_to_its_last_field(part: str, document: dict[str, Any]) -> None:
    found = [
        f"{method} {path} {place}"
        for path, item in document["paths"].items()
        for method in item
        if (path.split("/")[1] == part) and path not in ELSEWHERE
        for place in silent(document, method, path)
    ]
    assert found == []
