"""A header that says one thing, sent twice: refused by name, wherever it is read, and nothing is done."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.demo.partnership import HOUSING, OAKFIELD
from tests.gateway.deciding import body
from tests.people import Family, Partner, Room, a_family

PERSON = {"given_name": "Sky", "family_name": "Synthetic", "date_of_birth": "2016-05-04"}


async def written(partner: Partner, path: str, said: Any, *twice: tuple[str, str]) -> httpx.Response:
    """A write with headers of our own behind those it has anyway."""
    token = f"Bearer {await partner.token()}"
    own = [("authorization", token), ("practitioner", "p-1"), ("idempotency-key", str(uuid4()))]
    return await partner.http.post(path, json=said, headers=[*own, *twice])


def a_write(family: Family, path: str) -> dict[str, Any]:
    """What is written there."""
    return body(family, HOUSING.id) if path == "/sharing/decisions" else PERSON


@pytest.mark.parametrize("path", ["/referral/people", "/sharing/decisions"])
@pytest.mark.parametrize(
    ("name", "value", "status", "slug"),
    [
        ("idempotency-key", "another", 400, "header-repeated"),
        ("practitioner", "p-2", 400, "practitioner-not-valid"),
        ("authorization", "Basic eDp5", 401, "unauthenticated"),
    ],
)
async def test_who_asks_and_under_which_key_is_said_once(
    room: Room, path: str, name: str, value: str, status: int, slug: str
) -> None:
    said = a_write(await a_family(room), path)
    assert (await written(room[OAKFIELD], path, said)).status_code == 201
    answer = await written(room[OAKFIELD], path, said, (name, value))
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")


async def test_what_a_body_is_is_said_once_to_a_service(room: Room) -> None:
    kinds = [("content-type", kind) for kind in ("application/json", "text/csv")]
    answer = await written(room[OAKFIELD], "/referral/people", PERSON, *kinds)
    assert (answer.status_code, answer.json()["type"]) == (400, "/problems/header-repeated")
    assert answer.json()["detail"] == "Send one Content-Type."


async def test_a_room_may_be_said_in_parts(room: Room) -> None:
    school, family = room[OAKFIELD], await a_family(room)
    token = f"Bearer {await school.token()}"
    asked = [("authorization", token), ("audience", HOUSING.id), ("audience", OAKFIELD.id)]
    answer = await school.http.get(f"/referral/people/{family.child}", headers=asked)
    assert answer.status_code == 404


async def test_nobody_is_a_stranger_and_known_at_once(room: Room) -> None:
    school = room[OAKFIELD]
    twice = [("authorization", "Basic eDp5"), ("authorization", f"Bearer {await school.token()}")]
    for path in ("/audit/checkpoint", "/directory/services"):
        answer = await school.http.get(path, headers=twice)
        assert (answer.status_code, answer.json()["type"]) == (401, "/problems/unauthenticated")


async def test_a_list_in_two_headers_reaches_a_service_as_one(room: Room) -> None:
    page = await room[OAKFIELD].http.get("/directory/services")
    asked = [("if-none-match", '"another"'), ("if-none-match", page.headers["etag"])]
    assert (await room[OAKFIELD].http.get("/directory/services", headers=asked)).status_code == 304
