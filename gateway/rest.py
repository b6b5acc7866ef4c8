"""The REST edge: requests go to their service as bytes, unparsed, in the name of a verified caller.

Who is asking is never taken from a request: only what is on the list below is passed on, either way.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from types import SimpleNamespace
from typing import Any, NoReturn

from fastapi import APIRouter, Request, Response
from starlette.types import Message, Receive, Scope, Send

from gateway import marks as marking
from gateway.hop import Ask, Hop
from gateway.marks import Marks
from hub.access import Part
from hub.caller import Caller, InnerSigner
from hub.problem import HeaderRepeated, NotFound, TemporarilyUnavailable

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
OPEN = frozenset({"directory"})
PASSED_IN = frozenset(
    {
        b"accept",
        b"access-control-request-headers",
        b"access-control-request-method",
        b"content-type",
        b"idempotency-key",
        b"if-match",
        b"if-modified-since",
        b"if-none-match",
        b"origin",
    }
)
# Of the others on that list, what is sent twice is one list (RFC 9110, section 5.3).
SAID_ONCE = frozenset({b"content-type", b"idempotency-key", b"if-modified-since", b"origin"})
PASSED_OUT = frozenset(
    {
        b"accept",
        b"access-control-allow-headers",
        b"access-control-allow-methods",
        b"access-control-allow-origin",
        b"access-control-expose-headers",
        b"access-control-max-age",
        b"allow",
        b"cache-control",
        b"content-disposition",
        b"content-length",
        b"content-type",
        b"etag",
        b"idempotency-replayed",
        b"last-modified",
        b"link",
        b"location",
        b"ratelimit",
        b"ratelimit-policy",
        b"retry-after",
        b"search-relaxed",
        b"vary",
        b"www-authenticate",
    }
)

LOCAL = re.compile(rb"/(?!/)")


def router(hops: Mapping[str, Hop], signer: InnerSigner) -> APIRouter:
    """`/<service>/...` for every service, the prefix stripped on the way in."""
    routes = APIRouter()
    for service, hop in hops.items():
        endpoint = _forwarding(service, hop, signer)
        for path in (f"/{service}", f"/{service}/{{path:path}}"):
            routes.add_route(path, endpoint, METHODS, include_in_schema=False)
    return routes


def _forwarding(service: str, hop: Hop, signer: InnerSigner) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint of one service: know the caller, read the body, answer what it answers."""
    # What the log calls these requests: the shell takes it from the route, and must not see ids.
    label = SimpleNamespace(path=f"/{service}/...")

    async def forward(request: Request) -> Response:
        request.scope["route"] = label
        token = await _inner_token(request, service, signer)
        path, headers = _inner_path(request, service), _inner_headers(request, token)
        if service in OPEN:
            marks: Marks = request.app.state.marks
            headers[marking.HEADER] = marks.of_address(request)
        ask = Ask(request.method, path, headers, await request.body())

        async def refuse() -> NoReturn:
            """The service does not know the caller: a stranger is asked who it is."""
            if token is None:
                await _authenticate(request)
            # We vouched for the caller: a service that refuses it has another key than ours.
            raise TemporarilyUnavailable("A part of the hub does not know the front door.")

        return Relayed(service, hop, ask, refuse)

    return forward


async def _inner_token(request: Request, service: str, signer: InnerSigner) -> str | None:
    """The caller's name, signed for this service. None for a stranger at one that is open to all.

    Which of its operations are, that service decides: the others it answers with 401.
    """
    if service in OPEN and "authorization" not in request.headers:
        return None
    return signer.sign(await _authenticate(request), service)


async def _authenticate(request: Request) -> Caller:
    part: Part = request.app.state.part
    return await part.authenticate(request)


def _inner_path(request: Request, service: str) -> str:
    raw, prefix = request.scope["raw_path"].decode("latin-1"), f"/{service}"
    rest = raw.removeprefix(prefix)
    if rest == raw or rest[:1] not in {"", "/"}:
        raise NotFound
    query = request.scope["query_string"].decode("latin-1")
    return (rest or "/") + (f"?{query}" if query else "")


def _inner_headers(request: Request, token: str | None) -> dict[str, str]:
    kept: dict[str, str] = {}
    for name in {name for name, _ in request.headers.raw} & PASSED_IN:
        given = request.headers.getlist(name.decode())
        if len(given) > 1 and name in SAID_ONCE:
            raise HeaderRepeated(f"Send one {name.decode().title()}.")
        kept[name.decode()] = ", ".join(given)
    kept["x-request-id"] = str(request.state.request_id)
    if token is not None:
        kept["authorization"] = f"Bearer {token}"
    return kept


class Relayed(Response):
    """One answer on its way from a service to the client, passed on as it comes."""

    def __init__(
        self, service: str, hop: Hop, ask: Ask, refuse: Callable[[], Coroutine[Any, Any, NoReturn]]
    ) -> None:
        super().__init__()
        self._prefix = f"/{service}".encode()
        self._hop = hop
        self._ask = ask
        self._refuse = refuse
        self._refused = False
        self._until_gone = asyncio.timeout(None)
        self._listening: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002  # ASGI's signature
        """Ask the service and pass on what it says, until it is done or the client has gone."""
        try:
            async with self._until_gone:
                await self._hop.relay(self._ask, lambda message: self._pass_on(message, receive, send))
        except TimeoutError:
            if not self._until_gone.expired():
                raise
        finally:
            self._stop_listening()
        if self._refused:
            await self._refuse()

    async def _pass_on(self, message: Message, receive: Receive, send: Send) -> None:
        if message["type"] == "http.response.start":
            self._refused = message["status"] == 401
            message = {**message, "headers": self._shown(message["headers"])}
        elif not message.get("more_body"):
            self._stop_listening()
        elif self._listening is None:
            self._listening = asyncio.create_task(self._listen(receive))
        if not self._refused:
            await send(message)

    def _shown(self, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        return [
            (name, self._prefix + value if name == b"location" and LOCAL.match(value) else value)
            for name, value in headers
            if name in PASSED_OUT
        ]

    async def _listen(self, receive: Receive) -> None:
        """End a long answer that nobody hears any more."""
        while (await receive())["type"] != "http.disconnect":
            pass
        self._until_gone.reschedule(0)

    def _stop_listening(self) -> None:
        if self._listening is not None:
            self._listening.cancel()
