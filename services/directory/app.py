"""Puts the directory together."""

from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.access import Part, by_inner_token
from hub.caller import InnerVerifier
from hub.database import Database, Tx
from hub.service import dress
from hub.settings import Settings
from services.directory.api import routers
from services.directory.jobs.pull import pull
from services.directory.schemas import FeedHeard, FeedReport

ANY_ORIGIN = (b"access-control-allow-origin", b"*")
PREFLIGHT = [
    ANY_ORIGIN,
    (b"access-control-allow-methods", b"GET, OPTIONS"),
    (b"access-control-allow-headers", b"*"),
    (b"access-control-max-age", b"86400"),
]


def app(settings: Settings) -> FastAPI:
    """The directory, ready to serve under its own role."""
    part = Part(
        "directory",
        Database(settings.need("database_url"), settings.pool_size),
        by_inner_token(InnerVerifier(settings.inner_verifying_key, "directory")),
    )
    built = dress(part, *routers, title="The local offer", body_limit=settings.body_limit)
    built.state.public_url = settings.public_url.rstrip("/")
    inside = frozenset(host.strip() for host in settings.feed_hosts.split(",") if host.strip())

    async def pull_from(tx: Tx, heard: FeedHeard) -> FeedReport:
        return await pull(tx, heard, inside)

    built.state.pull = pull_from
    built.add_middleware(for_any_origin)
    return built


def for_any_origin(app: ASGIApp) -> ASGIApp:
    """Let any web page read the directory: on every answer, errors too (Open Referral UK compliance)."""

    async def open_to_all(scope: Scope, receive: Receive, send: Send) -> None:
        async def opened(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], ANY_ORIGIN]
            await send(message)

        if scope["type"] != "http":
            await app(scope, receive, send)
        elif scope["method"] != "OPTIONS":
            await app(scope, receive, opened)
        else:
            await send({"type": "http.response.start", "status": 204, "headers": PREFLIGHT})
            await send({"type": "http.response.body", "body": b""})

    return open_to_all
