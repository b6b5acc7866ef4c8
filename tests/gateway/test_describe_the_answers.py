"""Describing what the hub answers: a client can be generated that knows every field.

That the answers keep to it is held by `tests.described`, on every answer that any test gets.
"""

import re
from typing import Any

import pytest

from deploy.demo.partnership import OAKFIELD
from gateway.openapi.tags import METHODS, TAGS
from tests.described import silent
from tests.people import Room, a_family

# Others say what is in these: the question a front end asked; and whichever record a copy or a correction is
# of, which the service that keeps it describes.
ELSEWHERE = re.compile(
    r"post /graphql 200/data"
    r"|(get|post) /rights/access-requests\S* 20[01]/(items/\*|item|records/\*)/(content|redacted)/\?"
    r"|(get|post) /rights/corrections\S* 20[01]/(corrections/\*|correction)/fields/\?"
)
SERVICES = frozenset({"referral", "assessment", "directory"})


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


def test_every_schema_is_titled_by_its_name_and_none_is_named_by_a_machine(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert [name for name, schema in schemas.items() if schema["title"] != name] == []
    assert [name for name in schemas if not re.fullmatch("([A-Z][a-z0-9]*)+", name)] == []


def test_the_tags_in_use_are_declared_each_with_its_sentence_in_our_order(document: dict[str, Any]) -> None:
    used = {
        tag
        for item in document["paths"].values()
        for key in item
        if key in METHODS
        for tag in item[key]["tags"]
    }
    assert {tag["name"]: tag["description"] for tag in document["tags"]} == TAGS
    assert [tag["name"] for tag in document["tags"]] == list(TAGS)
    assert used == TAGS.keys()


async def test_the_examples_are_taken_as_they_are(room: Room, document: dict[str, Any]) -> None:
    school, family = room[OAKFIELD], await a_family(room)
    await school.made("/referral/people", _example(document, "/referral/people"))
    await school.made("/referral/concerns", _example(document, "/referral/concerns"))
    decision = _example(document, "/sharing/decisions")
    await school.made("/sharing/decisions", decision | {"subjects": [str(family.household)]})


def _example(document: dict[str, Any], path: str) -> dict[str, Any]:
    said = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    return document["components"]["schemas"][said.rpartition("/")[2]]["examples"][0]


def _part(path: str) -> str:
    """The service whose name a path begins with; every other is the front door's own."""
    first = path.split("/")[1]
    return first if first in SERVICES else "gateway"
