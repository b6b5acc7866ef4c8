"""A body over the limit: its sender reads the 413, however it sends, and holds nobody up."""

import asyncio
import json
import socket
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import repeat
from urllib.parse import urlsplit

import pytest

from deploy.demo.partnership import OAKFIELD
from deploy.local import Running
from hub import body_limit
from tests.people import Room

MEGABYTE = bytes(1024 * 1024)
MUCH = [MEGABYTE] * 30


def _chunked(parts: Iterable[bytes]) -> Iterator[bytes]:
    yield from (b"%x\r\n%b\r\n" % (len(part), part) for part in parts)
    yield b"0\r\n\r\n"


def _asking(path: str, **headers: str) -> bytes:
    said = {"Host": "hub", "Content-Type": "application/json", **headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode()


def _spoken(url: str, parts: Iterable[bytes]) -> bytes:
    """Everything is sent before anything is read, as simple clients do. All that is answered."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=60) as line:
        for part in parts:
            line.sendall(part)
        return b"".join(iter(lambda: line.recv(65536), b""))


DECLARED = {"Content-Length": str(len(MEGABYTE) * len(MUCH))}
CHUNKED = {"Transfer-Encoding": "chunked"}


@pytest.mark.parametrize(
    "path", ["/referral/concerns/batch", "/sharing/decisions", "/graphql", "/oauth/token"]
)
@pytest.mark.parametrize("length", [DECLARED, CHUNKED], ids=["declared", "chunked"])
@pytest.mark.parametrize("connection", ["close", "keep-alive"])
async def test_whoever_sends_it_all_before_reading_reads_the_refusal(
    room: Room, hub: Running, path: str, length: dict[str, str], connection: str
) -> None:
    token = await room[OAKFIELD].token()
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "much", "Connection": connection}
    parts = [_asking(path, **headers, **length), *(_chunked(MUCH) if length is CHUNKED else MUCH)]
    for _ in range(3):
        answer = await asyncio.to_thread(_spoken, hub.url, parts)
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 413 "), answer[:200]
        assert json.loads(body)["type"] == "/problems/payload-too-large"


@pytest.mark.parametrize("length", [DECLARED | {"Content-Length": str(7 * len(MEGABYTE))}, CHUNKED])
@pytest.mark.parametrize(
    ("path", "status"), [("/referral/people", 401), ("/nowhere", 404), ("/agencies", 405)]
)
async def test_any_other_answer_before_the_body_has_come_is_read_too(
    hub: Running, path: str, status: int, length: dict[str, str]
) -> None:
    body = _chunked(MUCH) if length is CHUNKED else MUCH[:7]
    answer = await asyncio.to_thread(_spoken, hub.url, [_asking(path, Connection="close", **length), *body])
    assert answer.startswith(b"HTTP/1.1 %d " % status), answer[:200]


async def test_whoever_reads_while_sending_need_not_go_on(hub: Running) -> None:
    place = urlsplit(hub.url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    writer.write(_asking("/referral/people", **DECLARED) + MEGABYTE)
    assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")
    head = await reader.readuntil(b"\r\n\r\n")
    assert b"connection: close\r\n" in head
    writer.close()
    await writer.wait_closed()


def _sent_until_hung_up_on(url: str, parts: Iterable[bytes]) -> int:
    """How much somebody gets rid of who goes on and on."""
    place, sent = urlsplit(url), 0
    with socket.create_connection((place.hostname, place.port), timeout=60) as line, suppress(OSError):
        for part in parts:
            line.sendall(part)
            sent += len(part)
    return sent


async def test_whoever_never_stops_is_hung_up_on(hub: Running) -> None:
    headers = {"Content-Length": str(10**12)}
    endless = (part for parts in ([_asking("/oauth/token", **headers)], repeat(MEGABYTE)) for part in parts)
    sent = await asyncio.to_thread(_sent_until_hung_up_on, hub.url, endless)
    assert body_limit.MOST <= sent < 2 * body_limit.MOST


@pytest.mark.parametrize("pause", [0.05, 5.0], ids=["a trickle", "silence"])
async def test_whoever_takes_for_ever_is_hung_up_on(
    hub: Running, monkeypatch: pytest.MonkeyPatch, pause: float
) -> None:
    monkeypatch.setattr(body_limit, "LONGEST", 0.5)
    monkeypatch.setattr(body_limit, "LONGEST_SILENCE", 0.2)
    place = urlsplit(hub.url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    writer.write(_asking("/referral/people", **DECLARED))
    trickling = asyncio.create_task(_trickled(writer, pause))
    assert (await reader.readline()).startswith(b"HTTP/1.1 413 ")
    async with asyncio.timeout(4):
        with suppress(ConnectionError):  # what it sends meanwhile may cut the goodbye short
            await reader.read()
    trickling.cancel()
    writer.transport.abort()


async def _trickled(writer: asyncio.StreamWriter, pause: float) -> None:
    while True:
        writer.write(b"x")
        await asyncio.sleep(pause)
