"""The inner hop: in one process or across two, what is asked and answered is the same."""

import asyncio
import json
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from gateway import hop
from gateway.hop import Answer, Ask, InProcess
from hub.problem import TemporarilyUnavailable
from tests.gateway.door import Door, away

HEADERS = {"x-request-id": "0198f8b2-0000-7000-8000-000000000000"}


def said(answer: Answer) -> dict[str, Any]:
    return json.loads(answer.body)


async def test_an_answer_comes_back_whole(either: Door) -> None:
    answer = await either.hop.call("GET", "/open/a%20b?x=1&x=%2F", {**HEADERS, "accept": "text/x"})
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-length"] == str(len(answer.body))
    assert answer.headers["etag"] == '"v1"'
    assert answer.headers["x-request-id"] == HEADERS["x-request-id"]
    heard = said(answer)
    assert (heard["name"], heard["raw"], heard["query"]) == ("a b", "/open/a%20b", "x=1&x=%2F")
    assert heard["headers"]["accept"] == "text/x"


async def test_it_brings_no_headers_of_its_own_and_keeps_no_cookie(either: Door) -> None:
    for _ in range(2):
        answer = await either.hop.call("GET", "/open/x", HEADERS)
        assert said(answer)["headers"].keys() <= {"x-request-id", "host"}


async def test_the_body_arrives_byte_for_byte(either: Door) -> None:
    body = bytes(range(256)) * 40
    answer = await either.hop.call("POST", "/echo", {"content-type": "image/x"}, body)
    assert answer.body == body
    assert answer.headers["content-type"] == "image/x"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nowhere", 404), ("DELETE", "/whoami", 405), ("GET", "/whoami", 401), ("GET", "/busy", 503)],
)
async def test_a_refusal_is_an_answer(either: Door, method: str, path: str, status: int) -> None:
    answer = await either.hop.call(method, path, {})
    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_stream_is_passed_on_as_it_comes(either: Door) -> None:
    read_on: asyncio.Event = either.service.state.read_on
    read_on.clear()
    lines: list[bytes] = []

    async def heard(message: Message) -> None:
        if line := message.get("body"):
            lines.append(line)
            read_on.set()

    await asyncio.wait_for(either.hop.relay(Ask("GET", "/slowly", {}), heard), 30)
    assert b"".join(lines) == b'{"line": 1}\n{"line": 2}\n'
    assert len(lines) == 2


async def test_a_stream_that_breaks_off_is_no_whole_answer(either: Door) -> None:
    with pytest.raises(Exception) as reason:  # noqa: PT011  # each transport has its own
        await either.hop.call("GET", "/breaks", {})
    assert not isinstance(reason.value, TemporarilyUnavailable)


async def test_a_hundred_calls_at_once_are_answered_each_with_its_own(either: Door) -> None:
    calls = (either.hop.call("GET", f"/open/{n}", {}) for n in range(100))
    answers = await asyncio.gather(*calls)
    assert [said(answer)["name"] for answer in answers] == [str(n) for n in range(100)]


async def test_a_service_that_is_away_is_temporarily_unavailable() -> None:
    gone = away()
    async with asyncio.timeout(hop.PATIENCE / 3):
        with pytest.raises(TemporarilyUnavailable):
            await gone.call("GET", "/", {})
    await gone.close()


async def test_a_service_that_never_answers_is_temporarily_unavailable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hop, "PATIENCE", 0.1)

    async def silent(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(60)

    with pytest.raises(TemporarilyUnavailable):
        await InProcess(silent).call("GET", "/", {})


async def test_a_stream_that_stalls_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hop, "PATIENCE", 0.1)

    async def stalling(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(60)

    with pytest.raises(TimeoutError):
        await InProcess(stalling).call("GET", "/", {})
