"""An answer that somebody has already is not sent again (RFC 9110, sections 8.8 and 13).

For anybody's answers only: what an agency sees is its own, is marked so, and is kept nowhere.
"""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime

from fastapi import Request, Response

from hub.database import Tx
from services.directory.store import changes

# Kept, but asked after every time: what is sealed by mistake a minute late is out at once.
ANYBODY = {"cache-control": "public, no-cache", "vary": "Authorization"}
OURS = {"cache-control": "private, no-store", "vary": "Authorization"}


async def unless_unchanged(tx: Tx, request: Request, answer: Callable[[], Awaitable[Response]]) -> Response:
    """The answer with what it can be asked after by; 304 without a body if the client has it."""
    if tx.caller is not None:
        return _with(await answer(), OURS)
    state, at = await changes.state(tx)
    tag = _tag(state, request)
    headers = ANYBODY | {"etag": tag} | ({"last-modified": format_datetime(at, usegmt=True)} if at else {})
    if _knows(request, tag):
        return Response(status_code=304, headers=headers)
    # Anything else is asked of an answer that there is: what is not there is 404, whatever the condition.
    whole = await answer()
    return Response(status_code=304, headers=headers) if _has(request, at) else _with(whole, headers)


def _tag(state: str, request: Request) -> str:
    """Weak: the same things in the same words, not to the byte. The address is only hashed, never kept."""
    asked = f"{state} {request.url.path}?{request.url.query}"
    return f'W/"{hashlib.sha256(asked.encode()).hexdigest()[:32]}"'


def _knows(request: Request, tag: str) -> bool:
    """Whether the client has an answer of this very state."""
    opaque = tag.removeprefix("W/")
    return any(one.strip().removeprefix("W/") == opaque for one in _tags(request) or [])


def _has(request: Request, at: datetime | None) -> bool:
    """Whether the client has any answer (`*`), or one that is no older; tags count before times."""
    tags = _tags(request)
    if tags is not None:
        return "*" in (one.strip() for one in tags)
    since = request.headers.get("if-modified-since")
    try:
        return bool(since and at and at.replace(microsecond=0) <= parsedate_to_datetime(since))
    except (TypeError, ValueError):
        return False


def _tags(request: Request) -> list[str] | None:
    said = request.headers.get("if-none-match")
    return None if said is None else said.split(",")


def _with(response: Response, headers: dict[str, str]) -> Response:
    response.headers.update(headers)
    return response
