"""Forwarding a request: bytes in, bytes out, in the name of a verified caller and nobody else's."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import httpx
import pytest

from tests.gateway.door import AGENCY, Door, problem_of


def key() -> dict[str, str]:
    return {"idempotency-key": str(uuid4())}


async def test_a_write_arrives_byte_for_byte_in_the_callers_name(either: Door) -> None:
    client = await either.client()
    body = b'{ "name" :"Zo\xc3\xab",\n"n":1e3}\x00\xff'
    headers = await client.bearing(**key(), **{"content-type": "application/x-odd"})
    answer = await either.http.post("/referral/things", content=body, headers=headers)
    assert answer.status_code == 201
    assert answer.json() == {"bytes": body.hex(), "agency": AGENCY, "type": "application/x-odd"}
    assert answer.headers["location"] == "/referral/things/1"


async def test_a_write_repeated_is_replayed(either: Door) -> None:
    client = await either.client()
    headers = await client.bearing(**key())
    first = await either.http.post("/referral/things", content=b"1", headers=headers)
    again = await either.http.post("/referral/things", content=b"1", headers=headers)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    other = await either.http.post("/referral/things", content=b"2", headers=headers)
    assert problem_of(other)["type"] == "/problems/idempotency-key-reused"


async def test_who_is_asking_cannot_be_claimed(either: Door) -> None:
    client = await either.client()
    claimed = {
        "x-agency": "northshire-police",
        "x-hub-agency": "northshire-police",
        "agency": "northshire-police",
        "x-forwarded-user": "somebody",
        "x-on-behalf-of": "somebody",
        "forwarded": "for=somebody",
        "cookie": "agency=northshire-police",
    }
    headers = await client.bearing(**claimed)
    assert (await either.http.get("/referral/whoami", headers=headers)).json()["agency"] == AGENCY
    heard = (await either.http.get("/referral/open/x", headers=headers)).json()["headers"]
    assert heard.keys() <= {"accept", "authorization", "host", "x-request-id"}
    assert heard["authorization"] != headers["authorization"]


async def test_the_practitioner_and_the_audience_travel_signed_and_not_as_headers(
    either: Door,
) -> None:
    client = await either.client()
    headers = await client.bearing(practitioner="p-1", audience="northshire-police")
    caller = (await either.http.get("/referral/whoami", headers=headers)).json()
    assert (caller["practitioner"], caller["audience"]) == ("p-1", ["northshire-police"])
    heard = (await either.http.get("/referral/open/x", headers=headers)).json()["headers"]
    assert not {"practitioner", "audience"} & heard.keys()


async def test_an_inner_token_does_not_open_the_door(either: Door) -> None:
    client = await either.client()
    heard = await either.http.get("/referral/open/x", headers=await client.bearing())
    inner = {"authorization": heard.json()["headers"]["authorization"]}
    assert (await either.http.get("/referral/open/x", headers=inner)).status_code == 401


async def test_only_safe_headers_come_back(either: Door) -> None:
    answer = await either.http.get("/directory/open/x")
    assert (answer.headers["etag"], answer.headers["vary"]) == ('"v1"', "Accept")
    assert not {"set-cookie", "x-internal"} & answer.headers.keys()


async def test_the_request_id_is_the_same_all_the_way(either: Door) -> None:
    request = str(uuid4())
    answer = await either.http.get("/directory/open/x", headers={"x-request-id": request})
    assert answer.headers.get_list("x-request-id") == [request]
    assert answer.json()["headers"]["x-request-id"] == request
    made = await either.http.get("/directory/open/x", headers={"x-request-id": "not one"})
    assert made.headers["x-request-id"] == made.json()["headers"]["x-request-id"]


@pytest.mark.parametrize(
    "path", ["/a%2Fb", "/a%20b?x=%2F&y=", "/a//b", "/%2e%2e/x", "/x?", "/é", "/x;y=1?a;b"]
)
async def test_the_path_arrives_as_it_was_sent(either: Door, path: str) -> None:
    sent = httpx.URL("http://x/open" + path)
    answer = await either.http.get("/directory/open" + path)
    if answer.status_code == 200:
        heard = answer.json()
        assert heard["raw"].encode() == sent.raw_path.partition(b"?")[0]
        assert heard["query"].encode() == sent.query
    else:
        assert problem_of(answer)["type"] == "/problems/not-found"


async def test_the_public_directory_needs_no_token_to_be_read(either: Door) -> None:
    answer = await either.http.get("/directory/open/x")
    assert answer.status_code == 200
    assert "authorization" not in answer.json()["headers"]
    for path in ("/directory", "/directory/"):
        assert problem_of(await either.http.get(path))["status"] == 404


async def test_a_token_for_the_directory_is_verified_all_the_same(either: Door) -> None:
    bad = {"authorization": "Bearer x"}
    assert (await either.http.get("/directory/open/x", headers=bad)).status_code == 401
    client = await either.client()
    answer = await either.http.get("/directory/whoami", headers=await client.bearing())
    assert answer.json()["agency"] == AGENCY


async def test_the_directory_is_not_written_without_a_token(either: Door) -> None:
    answer = await either.http.post("/directory/things", content=b"1", headers=key())
    assert answer.status_code == 401
    assert "resource_metadata" in answer.headers["www-authenticate"]


@pytest.mark.parametrize("path", ["/referral/open/x", "/assessment/x", "/referral", "/referral/"])
async def test_nothing_else_is_open_to_strangers(either: Door, path: str) -> None:
    assert (await either.http.get(path)).status_code == 401


@pytest.mark.parametrize(
    "path", ["/nowhere", "/referrals", "/Referral/x", "/%72eferral/whoami", "/gateway/x"]
)
async def test_an_address_nobody_has_is_not_found(either: Door, path: str) -> None:
    client = await either.client()
    answer = await either.http.get(path, headers=await client.bearing())
    assert answer.status_code == 404
    assert problem_of(answer)["type"] == "/problems/not-found"


async def test_a_refusal_of_the_service_comes_back_as_it_is(either: Door) -> None:
    client = await either.client(scopes=("people:read",))
    token = {"authorization": f"Bearer {await client.token('people:read')}"}
    answer = await either.http.post("/referral/things", content=b"1", headers={**token, **key()})
    assert answer.status_code == 403
    assert problem_of(answer)["type"] == "/problems/scope-missing"
    busy = await either.http.get("/referral/busy", headers=token)
    assert (busy.status_code, busy.headers["retry-after"]) == (503, "7")


async def test_a_service_that_is_away_is_worth_another_try(either: Door) -> None:
    client = await either.client()
    answer = await either.http.get("/assessment/x", headers=await client.bearing())
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert problem_of(answer)["type"] == "/problems/temporarily-unavailable"


async def test_a_service_that_does_not_know_us_is_no_fault_of_the_callers(either: Door) -> None:
    client = await either.client()
    answer = await either.http.get("/referral/stranger", headers=await client.bearing())
    assert answer.status_code == 503
    assert problem_of(answer)["type"] == "/problems/temporarily-unavailable"


async def test_a_body_over_the_limit_is_refused(either: Door) -> None:
    client = await either.client()
    headers = await client.bearing(**key())
    answer = await either.http.post("/referral/things", content=b"x" * 65_537, headers=headers)
    assert answer.status_code == 413
    assert problem_of(answer)["type"] == "/problems/payload-too-large"

    async def unannounced() -> AsyncIterator[bytes]:
        for _ in range(70):
            yield b"x" * 1024

    answer = await either.http.post("/referral/things", content=unannounced(), headers=headers)
    assert answer.status_code == 413


async def test_a_method_the_service_does_not_take_is_its_refusal(either: Door) -> None:
    client = await either.client()
    answer = await either.http.put("/referral/whoami", headers=await client.bearing())
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"


async def test_a_stream_comes_through_as_it_is_made(either: Door) -> None:
    client = await either.client()
    read_on: asyncio.Event = either.service.state.read_on
    read_on.clear()
    lines: list[dict[str, int]] = []
    async with either.http.stream("GET", "/referral/slowly", headers=await client.bearing()) as answer:
        assert answer.headers["content-type"] == "application/x-ndjson"
        async for line in answer.aiter_lines():
            lines.append(json.loads(line))
            read_on.set()
    assert lines == [{"line": 1}, {"line": 2}]


async def test_a_stream_ends_when_nobody_listens_any_more(either: Door) -> None:
    client = await either.client()
    stopped: asyncio.Event = either.service.state.stopped
    stopped.clear()
    async with either.http.stream("GET", "/referral/for-ever", headers=await client.bearing()) as answer:
        async for _ in answer.aiter_lines():
            break
    await asyncio.wait_for(stopped.wait(), 30)


async def test_a_stream_that_breaks_off_is_seen_to_break_off(either: Door) -> None:
    client = await either.client()
    with pytest.raises(httpx.RemoteProtocolError):
        await either.http.get("/referral/breaks", headers=await client.bearing())


async def test_both_hops_answer_alike(door: Door, either: Door) -> None:
    client = await either.client()
    paths = ("/referral/whoami", "/directory/open/x", "/referral/nowhere", "/referral/busy", "/referral/x")
    for path in paths:
        token = await client.bearing()
        [there] = [await either.http.get(path, headers=token)]
        here = await door.http.get(
            path, headers=await replace(client, issuer=door.url, http=door.http).bearing()
        )
        assert here.status_code == there.status_code
        assert here.headers.keys() == there.headers.keys()
