"""A body of a kind that an operation does not read: 415 in our words, from every part, over either hop."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from deploy.demo.partnership import EARLY_HELP, OAKFIELD
from tests.gateway.door import Door, problem_of
from tests.people import Room
from tests.policy.matrix.operations import Operation, of_rest

JSON = "application/json"
# What the front door alone says to a service: nobody in the room may.
INNER = tuple(f"POST /{part}/retention/corrections/{{correction}}" for part in ("assessment", "referral"))
REFUSED = {
    "type": "/problems/media-type-not-supported",
    "title": "The body is not of a kind that this operation reads",
    "status": 415,
    "detail": "Send it as application/json.",
}


def _reading_json(document: dict[str, Any]) -> Iterator[Operation]:
    return (one for one in of_rest(document) if one.media_type == JSON)


def _path(operation: Operation) -> str:
    return operation.path.format(**{name: uuid4() for name in operation.in_path})


async def _sent(room: Room, operation: Operation, kind: str | None) -> httpx.Response:
    """The operation asked by somebody who may, with words that are no JSON by their type."""
    headers = {"content-type": kind} if kind else {}
    query = {name: str(uuid4()) for name in operation.needed}
    by = room.who_may(operation.scopes) or room[EARLY_HELP]
    body = b'{"so": "it is"}'
    return await by.ask(operation.method, _path(operation), content=body, headers=headers, params=query)


async def test_every_operation_that_reads_json_reads_nothing_else(
    room: Room, document: dict[str, Any]
) -> None:
    others: dict[str, int] = {}
    for operation in _reading_json(document):
        answer = await _sent(room, operation, "text/plain")
        if answer.status_code != 415:
            others[operation.name] = answer.status_code
        else:
            assert (answer.json(), answer.headers["accept"]) == (REFUSED, JSON), operation.name
    assert others == dict.fromkeys(INNER, 403)


@pytest.mark.parametrize(
    "kind",
    ["application/xml", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "json", None],
)
async def test_no_other_kind_is_read_nor_none(room: Room, document: dict[str, Any], kind: str | None) -> None:
    wanted = {"POST /sharing/decisions", "POST /referral/people", "POST /directory/services/search"}
    found = [operation for operation in _reading_json(document) if operation.name in wanted]
    assert len(found) == len(wanted)
    for operation in found:
        assert (await _sent(room, operation, kind)).json() == REFUSED


@pytest.mark.parametrize("kind", [JSON, "application/json; charset=utf-8", "application/merge-patch+json"])
async def test_json_by_any_of_its_names_is_read(room: Room, kind: str) -> None:
    person = {"given_name": "Ash", "family_name": "Synthetic", "date_of_birth": "2012-06-01"}
    headers = {"content-type": kind}
    answer = await room[OAKFIELD].ask("POST", "/referral/people", content=json.dumps(person), headers=headers)
    assert answer.status_code == 201


@pytest.mark.parametrize(
    ("path", "kinds"),
    [
        ("/referral/concerns/batch", "text/csv, application/x-ndjson"),
        ("/referral/pupil-files", "application/xml, text/xml"),
    ],
)
@pytest.mark.parametrize("kind", ["text/plain", "application/json", None])
async def test_what_reads_files_says_which(room: Room, path: str, kinds: str, kind: str | None) -> None:
    headers = {"content-type": kind} if kind else {}
    answer = await room[OAKFIELD].ask("POST", path, content=b"<CTfile/>", headers=headers)
    assert (answer.status_code, answer.headers["accept"]) == (415, kinds)


async def test_either_hop_passes_on_what_is_accepted(either: Door) -> None:
    headers = {"content-type": "text/plain"}
    answer = await either.http.post("/directory/told", content=b"x", headers=headers)
    assert (answer.status_code, answer.headers["accept"]) == (415, JSON)
    assert problem_of(answer) == REFUSED


async def test_a_stranger_is_asked_who_it_is_before_what_it_sends(http: httpx.AsyncClient) -> None:
    headers = {"content-type": "text/plain"}
    for path in ("/sharing/decisions", "/referral/people"):
        assert (await http.post(path, content=b"x", headers=headers)).status_code == 401
