"""A date or a moment that cannot be: refused by every operation, and the refusal points at it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.demo.partnership import HOUSING, OAKFIELD
from tests.gateway.deciding import body
from tests.people import Room, a_family
from tests.policy.matrix.operations import Operation, Schema, of_rest

DAYS = ("0000-01-01", "0001-01-01", "2026-13-01", "2026-02-30", "9999-12-31", "99999-01-01", "-0044-03-15")
EDGES = ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59.999999Z")
ODD: dict[str, Sequence[Any]] = {
    "date": (*DAYS, 10**17),
    "date-time": (*(f"{day}T00:00:00Z" for day in DAYS), *EDGES, 10**17, 1e300),
}


def _dates(schema: Schema, *place: str | int) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Where a schema takes a date or a moment, and which of them."""
    if schema.get("format") in ODD:
        yield place, schema["format"]
    for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _dates(one, *place)
    if "items" in schema:
        yield from _dates(schema["items"], *place, 0)
    for name, one in schema.get("properties", {}).items():
        yield from _dates(one, *place, name)


def _holding(place: Sequence[str | int], value: Any) -> Any:
    """A body with a value at a place, and nothing else."""
    for step in reversed(place):
        value = [value] if step == 0 else {step: value}
    return value


async def _sent(room: Room, operation: Operation, **more: Any) -> httpx.Response:
    """The operation asked by somebody who may."""
    able = room.who_may(operation.scopes)
    assert able, operation.name
    path = operation.path.format(**{name: uuid4() for name in operation.in_path})
    return await able.ask(operation.method, path, **more)


async def test_every_date_in_a_body_is_pointed_at_where_it_cannot_be(
    room: Room, document: dict[str, Any]
) -> None:
    asked = [(one, place, kind) for one in of_rest(document) for place, kind in _dates(one.body or {})]
    assert len(asked) > 60
    for operation, place, kind in asked:
        for value in ODD[kind]:
            answer = await _sent(room, operation, json=_holding(place, value))
            pointers = [error["pointer"] for error in answer.json()["errors"]]
            assert answer.status_code == 422, (operation.name, value)
            assert "/" + "/".join(map(str, place)) in pointers, (operation.name, value, pointers)


async def test_every_date_in_a_query_is_pointed_at_where_it_cannot_be(
    room: Room, document: dict[str, Any]
) -> None:
    asked = [
        (one, name, kind)
        for one in of_rest(document)
        for name, schema in one.query.items()
        for _, kind in _dates(schema)
    ]
    assert len(asked) > 5
    for operation, name, kind in asked:
        for value in ODD[kind]:
            answer = await _sent(room, operation, params={name: str(value)})
            pointers = [error["pointer"] for error in answer.json()["errors"]]
            assert (answer.status_code, f"/query/{name}" in pointers) == (422, True), (operation.name, value)


@pytest.mark.parametrize("year", [1900, 2999])
async def test_the_first_and_the_last_of_our_years_are_taken(room: Room, year: int) -> None:
    answer = await room[OAKFIELD].get("/directory/services", params={"modified_after": f"{year}-01-01"})
    assert answer.status_code == 200


async def test_a_pointer_names_no_kind_that_was_tried(room: Room) -> None:
    family = await a_family(room)
    test = {"considered_at": "2026-13-01T00:00:00Z", "outcome": "withhold", "reasons": "It helps."}
    said = body(family, HOUSING.id, basis="statutory_duty", giver=None, detriment_test=test)
    answer = await room[OAKFIELD].post("/sharing/decisions", said)
    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert pointers == {"/detriment_test/considered_at", "/detriment_test/by", "/detriment_test"}


async def test_what_is_wrong_with_the_whole_body_points_at_the_whole_body(room: Room) -> None:
    answer = await room[OAKFIELD].post("/referral/people", [])
    assert [error["pointer"] for error in answer.json()["errors"]] == [""]


async def test_an_agreement_does_not_end_before_it_starts(room: Room) -> None:
    a_year, two_years = (datetime.now(UTC) + timedelta(days=365 * years) for years in (1, 2))
    text = {
        "title": "Synthetic",
        "dpia_reference": "DPIA-1",
        "parties": [OAKFIELD.id, HOUSING.id],
        "categories": ["existence"],
        "purposes": ["early_help"],
        "starts": two_years.isoformat(),
        "expires": a_year.isoformat(),
    }
    answer = await room[OAKFIELD].post("/sharing/agreements", text)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"pointer": "/expires", "detail": "must be after it starts"}]
