"""Receiving a concern: durable, once, and silent about whether the child is known elsewhere."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg

from deploy.demo.partnership import HILLTOP, OAKFIELD
from tests.people import Room, fresh_upn


def _concern(**more: Any) -> dict[str, Any]:
    return {
        "upn": fresh_upn(),
        "kind": "neglect",
        "narrative": "Came to school without a coat, in frost.",
        "occurred_at": "2026-11-19T08:40:00Z",
        **more,
    }


async def _stored(administrator: asyncpg.Connection, person: str) -> int:
    return await administrator.fetchval("select count(*) from referral.concern where subject = $1", person)


async def test_it_is_there_when_it_is_answered(room: Room, administrator: asyncpg.Connection) -> None:
    answer = await room[OAKFIELD].post("/referral/concerns", _concern())
    assert answer.status_code == 201
    assert await _stored(administrator, answer.json()["person"]) == 1


async def test_the_same_key_and_body_is_the_same_concern(
    room: Room, administrator: asyncpg.Connection
) -> None:
    concern, headers = _concern(), {"idempotency-key": str(uuid4())}
    first = await room[OAKFIELD].post("/referral/concerns", concern, headers=headers)
    again = await room[OAKFIELD].post("/referral/concerns", concern, headers=headers)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert await _stored(administrator, first.json()["person"]) == 1


async def test_ten_at_once_with_one_key_are_one_concern(
    room: Room, administrator: asyncpg.Connection
) -> None:
    concern, headers = _concern(), {"idempotency-key": str(uuid4())}
    answers = await asyncio.gather(
        *(room[OAKFIELD].post("/referral/concerns", concern, headers=headers) for _ in range(10))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert await _stored(administrator, answers[0].json()["person"]) == 1


async def test_ten_first_concerns_about_one_child_at_once_are_about_one_person(room: Room) -> None:
    upn = fresh_upn()
    answers = await asyncio.gather(
        *(room[OAKFIELD].post("/referral/concerns", _concern(upn=upn)) for _ in range(10))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["person"] for answer in answers}) == 1


async def test_the_same_key_with_another_body_is_refused(room: Room) -> None:
    headers = {"idempotency-key": str(uuid4())}
    await room[OAKFIELD].made("/referral/concerns", _concern(), headers=headers)
    answer = await room[OAKFIELD].post("/referral/concerns", _concern(), headers=headers)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/idempotency-key-reused"


async def test_another_agencys_key_is_its_own(room: Room) -> None:
    concern, headers = _concern(), {"idempotency-key": str(uuid4())}
    first = await room[OAKFIELD].made("/referral/concerns", concern, headers=headers)
    other = await room[HILLTOP].made("/referral/concerns", concern, headers=headers)
    assert first["concern"] != other["concern"]


async def test_the_same_external_id_is_the_same_concern_under_another_key(
    room: Room, administrator: asyncpg.Connection
) -> None:
    concern = _concern(external_id=f"export-{uuid4()}")
    first = await room[OAKFIELD].made("/referral/concerns", concern)
    again = await room[OAKFIELD].made("/referral/concerns", concern)
    assert first == again
    assert await _stored(administrator, first["person"]) == 1


async def test_a_write_without_a_key_is_refused(room: Room) -> None:
    answer = await room[OAKFIELD].post("/referral/concerns", _concern(), headers={"idempotency-key": ""})
    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/idempotency-key-missing"


async def test_what_has_not_happened_yet_is_refused(room: Room) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    answer = await room[OAKFIELD].post("/referral/concerns", _concern(occurred_at=tomorrow))
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/occurred_at"


async def test_a_refused_concern_leaves_its_key_free(room: Room) -> None:
    headers = {"idempotency-key": str(uuid4())}
    concern = _concern()
    await room[OAKFIELD].post("/referral/concerns", {**concern, "kind": "gossip"}, headers=headers)
    answer = await room[OAKFIELD].post("/referral/concerns", concern, headers=headers)
    assert answer.status_code == 201


async def test_malformed_json_is_a_problem_that_says_where(room: Room) -> None:
    answer = await room[OAKFIELD].post(
        "/referral/concerns", content=b'{"upn": ', headers={"content-type": "application/json"}
    )
    assert answer.status_code == 400
    assert answer.json()["type"] == "/problems/malformed-json"


async def test_a_page_of_concerns_goes_on_where_it_stopped(room: Room) -> None:
    for _ in range(3):
        await room[HILLTOP].made("/referral/concerns", _concern())
    first = (await room[HILLTOP].get("/referral/concerns?limit=2")).json()
    rest = (await room[HILLTOP].get(f"/referral/concerns?limit=100&cursor={first['next']}")).json()
    ids = [concern["concern"] for concern in first["concerns"] + rest["concerns"]]
    assert len(first["concerns"]) == 2
    assert len(ids) == len(set(ids)) >= 3


async def test_a_cursor_that_is_not_ours_is_refused(room: Room) -> None:
    answer = await room[HILLTOP].get("/referral/concerns?cursor=made-up")
    assert answer.json()["type"] == "/problems/cursor-not-valid"
