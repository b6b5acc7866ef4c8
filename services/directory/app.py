"""Puts the directory together."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.access import Part, by_inner_token
from hub.caller import InnerVerifier
from hub.database import Database, Tx
from hub.service import dress
from hub.settings import Settings
from services.directory.api import routers
from services.directory.jobs import keep
from services.directory.jobs.count_unmet import Tally, counting
from services.directory.schemas import FeedHeard, FeedReport

ANY_ORIGIN = (b"access-control-allow-origin", b"*")
# What a web page may read of an answer beside its body.
SHOWN = (b"access-control-expose-headers", b"etag, link, location, retry-after, search-relaxed, x-request-id")
PREFLIGHT = [
    ANY_ORIGIN,
    (b"access-control-allow-headers", b"authorization, content-type, idempotency-key, if-none-match, *"),
    (b"access-control-max-age", b"86400"),
]


def app(settings: Settings) -> FastAPI:
    """The directory, ready to serve under its own role."""
    part = Part(
        "directory",
        Database(settings.need("database_url"), settings.pool_size),
        by_inner_token(InnerVerifier(settings.inner_verifying_key, "directory")),
    )
    inside = frozenset(host.strip() for host in settings.feed_hosts.split(",") if host.strip())
    primary = Database(settings.primary_url.get_secret_value(), 1) if _is_replica(settings) else part.database
    tally = Tally(primary)

    @asynccontextmanager
    async def running() -> AsyncGenerator[None]:
        """Feeds are kept in step by whoever can write; what is counted goes to the primary."""
        async with AsyncExitStack() as stack:
            if not _is_replica(settings):
                await stack.enter_async_context(keep.kept(part.database, inside))
            await stack.enter_async_context(counting(tally))
            yield

    built = dress(
        part,
        *routers,
        title="The local offer",
        body_limit=settings.body_limit,
        running=running,
    )
    built.state.public_url = settings.public_url.rstrip("/")

    async def pull_from(tx: Tx, heard: FeedHeard) -> FeedReport:
        return await keep.pull_now(part.database, tx, heard, inside)

    built.state.pull = pull_from
    built.state.unmet, built.state.tally = tally.note, tally
    built.add_middleware(for_any_origin)
    built.add_middleware(as_head)
    return built


def _is_replica(settings: Settings) -> bool:
    """Whether HUB_DATABASE_URL is a read-only replica of another database, which takes what is counted."""
    return bool(settings.primary_url.get_secret_value())


def for_any_origin(app: ASGIApp) -> ASGIApp:
    """Let any web page read the directory: on every answer, errors too (Open Referral UK compliance)."""

    async def open_to_all(scope: Scope, receive: Receive, send: Send) -> None:
        async def opened(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], ANY_ORIGIN, SHOWN]
            await send(message)

        if scope["type"] != "http":
            await app(scope, receive, send)
        elif scope["method"] != "OPTIONS":
            await app(scope, receive, opened)
        else:
            methods = ", ".join(methods_of(scope)).encode()
            headers = [*PREFLIGHT, (b"access-control-allow-methods", methods)]
            await send({"type": "http.response.start", "status": 204, "headers": headers})
            await send({"type": "http.response.body", "body": b""})

    return open_to_all


def methods_of(scope: Scope) -> list[str]:
    """What the path takes, HEAD and OPTIONS beside it; a path that is not there may be asked for."""
    served = [
        method
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if any(
            route.matches({**scope, "method": method})[0] is Match.FULL
            for route in scope["app"].router.routes
        )
    ] or ["GET"]
    return [*served[:1], *(["HEAD"] if "GET" in served else []), *served[1:], "OPTIONS"]


def as_head(app: ASGIApp) -> ASGIApp:
    """Answer HEAD as GET is answered, without the body (RFC 9110, section 9.3.2)."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        if scope["type"] == "http" and scope["method"] == "HEAD":
            await app({**scope, "method": "GET"}, receive, without_body)
        else:
            await app(scope, receive, send)

    return answered
