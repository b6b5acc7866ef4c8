"""Describing what the hub answers: a client can be generated that knows every field.

That the answers keep to it is held by `tests.described`, on every answer that any test gets.
"""

import re
from typing import Any

import httpx
import pytest

from tests.described import silent

# Others say what is in these: the question a front end asked; and whichever record a copy or a correction is
# of, which the service that keeps it describes.
ELSEWHERE = re.compile(
    r"post /graphql 200/data"
    r"|(get|post) /rights/access-requests\S* 20[01]/(items/\*|item|records/\*)/(content|redacted)/\?"
    r"|(get|post) /rights/corrections\S* 20[01]/(corrections/\*|correction)/fields/\?"
)
SERVICES = frozenset({"referral", "assessment", "directory"})


@pytest.fixture(scope="module")
async def document(http: httpx.AsyncClient) -> dict[str, Any]:
    return (await http.get("/openapi.json")).json()


@pytest.mark.parametrize("part", ["gateway", "referral", "assessment", "directory"])
async def test_every_answer_is_described_to_its_last_field(part: str, document: dict[str, Any]) -> None:
    found = [
        silence
        for path, item in document["paths"].items()
        for method in item
        if _part(path) == part
        for place in silent(document, method, path)
        if not ELSEWHERE.fullmatch(silence := f"{method} {path} {place}")
    ]
    assert found == []


def _part(path: str) -> str:
    """The service whose name a path begins with; every other is the front door's own."""
    first = path.split("/")[1]
    return first if first in SERVICES else "gateway"
