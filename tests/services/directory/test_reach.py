"""What the hub will not read: addresses inside, other hosts, too much, too long, not JSON."""

import asyncio
import gzip
import json
import socket
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, RedirectResponse, Response, StreamingResponse

from services.directory.jobs import reach
from services.directory.jobs.reach import Reader, reader
from services.directory.rules.feeds import FeedAddressNotAllowed, FeedNotReadable
from tests.services.directory.conftest import Directory, Serve

OUTSIDE: frozenset[str] = frozenset()
INSIDE = frozenset({"127.0.0.1"})


@pytest.fixture(scope="module")
async def strange(serve: Serve) -> str:
    """A server that answers in ways a feed should not."""
    app = FastAPI()

    @app.get("/{way}")
    async def answer(way: str) -> Response:  # pyright: ignore[reportUnusedFunction]
        if way == "slow":
            await asyncio.sleep(2)
        if way == "huge":
            return StreamingResponse(b" " * 2**20 for _ in range(reach.LARGEST // 2**20 + 1))
        if way == "bomb":
            packed = gzip.compress(b" " * (reach.LARGEST + 1))
            return Response(packed, headers={"content-encoding": "gzip"})
        return {
            "elsewhere": RedirectResponse("http://localhost:1/"),
            "round": RedirectResponse("round"),
            "on": RedirectResponse("good"),
            "nowhere": RedirectResponse(""),
            "br": Response(b"x", headers={"content-encoding": "br"}),
            "html": PlainTextResponse("<html>"),
            "missing": Response(status_code=404),
            "good": Response(json.dumps({"fine": True})),
            "packed": Response(gzip.compress(b'{"fine": true}'), headers={"content-encoding": "gzip"}),
        }.get(way, Response(b"{}"))

    return await serve(app)


@pytest.fixture(scope="module")
async def inside() -> AsyncIterator[Reader]:
    """A reader that may read from this machine."""
    async with reader(INSIDE) as reading:
        yield reading


@pytest.fixture(scope="module")
async def outside() -> AsyncIterator[Reader]:
    """A reader as it is without a setting."""
    async with reader(OUTSIDE) as reading:
        yield reading


FORBIDDEN = (
    "http://127.0.0.1/",
    "http://localhost/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://10.0.0.1/",
    "http://192.168.1.1/",
    "http://172.16.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://0.0.0.0/",
    "http://100.64.0.1/",
    "http://[fd00::1]/",
    "http://[fe80::1]/",
    "http://224.0.0.1/",
    "http://2130706433/",
    "http://0x7f.1/",
    "ftp://example.org/",
    "file:///etc/passwd",
    "http://user:secret@example.org/",
)


@pytest.mark.parametrize("url", FORBIDDEN)
async def test_addresses_that_are_not_public_are_refused(outside: Reader, url: str) -> None:
    with pytest.raises(FeedAddressNotAllowed):
        await outside.read(httpx.URL(url), 5)


async def test_a_name_is_refused_if_any_of_its_addresses_is_inside(
    outside: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a name server under somebody's control would answer."""

    async def both(*_: object, **__: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", ("93.184.216.34", 80)), (0, 0, 0, "", ("127.0.0.1", 80))]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", both, raising=False)
    with pytest.raises(FeedAddressNotAllowed):
        await outside.read(httpx.URL("http://feed.example.org/"), 5)


@pytest.mark.parametrize("way", ["good", "on", "packed"])
async def test_a_host_named_in_the_settings_is_read(inside: Reader, strange: str, way: str) -> None:
    assert await inside.read(httpx.URL(f"{strange}/{way}"), 5) == {"fine": True}


@pytest.mark.parametrize(
    ("way", "why"),
    [
        ("elsewhere", "redirects to another host"),
        ("round", "more than 3 redirects"),
        ("huge", "larger than"),
        ("bomb", "larger than"),
        ("br", "packed in a way"),
        ("html", "not JSON"),
        ("missing", "the answer was 404"),
        ("slow", "no answer in 0.5 seconds"),
    ],
)
async def test_a_strange_answer_is_refused_and_says_why(
    inside: Reader, strange: str, way: str, why: str
) -> None:
    with pytest.raises(FeedNotReadable, match=why):
        await inside.read(httpx.URL(f"{strange}/{way}"), 0.5 if way == "slow" else 10)


@pytest.fixture
def nobody() -> Iterator[str]:
    """A port nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


async def test_a_feed_that_is_away_is_a_problem(directory: Directory, nobody: str) -> None:
    answer = await directory.post("/feeds", {"url": nobody, "publisher": "A council"})
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/feed-not-readable"
    assert answer.json()["detail"] == "/services: ConnectError."


async def test_a_feed_inside_is_refused_over_http(directory: Directory) -> None:
    answer = await directory.post("/feeds", {"url": "http://169.254.169.254/", "publisher": "A council"})
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/feed-address-not-allowed"
