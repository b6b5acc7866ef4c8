"""The inner hop: the one seam between the front door and a service, whatever the topology.

In one process it calls the service's ASGI application; across processes it speaks HTTP over
connections that stay open. Both answer alike: a service that is away is TemporarilyUnavailable.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import aiohttp
from starlette.types import ASGIApp, Message, Send
from yarl import URL

from hub.caller import InnerSigner
from hub.problem import TemporarilyUnavailable

PATIENCE = 30.0
CONNECT = 2.0
CONNECTIONS = 256
# Shorter than a service keeps an idle connection, so that we never write to one that is closed.
KEEP_ALIVE = 4.0
AUTOMATIC = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of a service: `path` is as it stands on the wire, query and all."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service said, whole. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Hop(ABC):
    """The way to one service."""

    async def call(
        self, method: str, path_with_query: str, headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        """The whole answer. TemporarilyUnavailable if the service gives none."""
        whole = _Whole()
        await self.relay(Ask(method, path_with_query, headers, body), whole.add)
        return whole.answer()

    async def relay(self, ask: Ask, send: Send) -> None:
        """The answer as ASGI messages, each passed on as it comes; nothing is held back.

        TemporarilyUnavailable before the first message; a break after it is any other exception.
        """
        loop, started = asyncio.get_running_loop(), False

        async def passed_on(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)
            if message.get("more_body"):
                deadline.reschedule(loop.time() + PATIENCE)

        try:
            async with asyncio.timeout(PATIENCE) as deadline:
                await self.carry(ask, passed_on)
        except (OSError, TimeoutError, aiohttp.ClientError) as reason:
            if started:
                raise
            raise TemporarilyUnavailable("A part of the hub does not answer just now.") from reason

    @abstractmethod
    async def carry(self, ask: Ask, send: Send) -> None:
        """Bring the ask to the service and its answer back. Any exception if that fails."""

    @abstractmethod
    async def close(self) -> None:
        """Give the connections back."""


class InProcess(Hop):
    """The way to a service in this process. Its lifespan is the launcher's to enter."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def carry(self, ask: Ask, send: Send) -> None:
        """Call the application."""
        body: bytes | None = ask.body

        async def receive() -> Message:
            nonlocal body
            if body is None:
                await asyncio.Future[None]()
            message = {"type": "http.request", "body": body, "more_body": False}
            body = None
            return message

        await self._app(_scope(ask), receive, send)

    async def close(self) -> None:
        """There is no connection."""


class AcrossProcesses(Hop):
    """The way to a service that listens at a URL."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def carry(self, ask: Ask, send: Send) -> None:
        """Speak HTTP. What has a length comes in one piece, what has none as it arrives."""
        async with self._open().request(
            ask.method,
            URL(self._url + ask.path, encoded=True),
            headers=ask.headers,
            data=ask.body or None,
            allow_redirects=False,
        ) as response:
            headers = [(name.lower(), value) for name, value in response.raw_headers]
            await send({"type": "http.response.start", "status": response.status, "headers": headers})
            if response.headers.get("transfer-encoding") == "chunked":
                async for chunk in response.content.iter_any():
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": await response.read()})

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        """The session, made on the first call because it belongs to the running event loop."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=KEEP_ALIVE),
                timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=AUTOMATIC,
            )
        return self._session


def _scope(ask: Ask) -> dict[str, Any]:
    path, _, query = ask.path.partition("?")
    return {
        "type": "http",
        # From 2.4 on a streaming answer needs no second task to listen for a client that goes.
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "http",
        "method": ask.method,
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in ask.headers.items()],
        "client": None,
        "server": None,
    }


class _Whole:
    """Puts an answer together from its messages."""

    def __init__(self) -> None:
        self._status = 0
        self._headers: dict[str, str] = {}
        self._body: list[bytes] = []

    async def add(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            for raw_name, raw_value in message["headers"]:
                name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
                before = self._headers.get(name)
                self._headers[name] = value if before is None else f"{before}, {value}"
        else:
            self._body.append(message.get("body", b""))

    def answer(self) -> Answer:
        return Answer(self._status, self._headers, b"".join(self._body))


@dataclass(frozen=True)
class Services:
    """The ways to the services, as the front door has them, and who signs for the caller."""

    hops: Mapping[str, Hop]
    signer: InnerSigner
