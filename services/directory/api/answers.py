"""How the directory answers: bytes from PostgreSQL, as JSON or a line at a time."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BeforeValidator

from hub.access import Part, allow_anyone, operation_of
from hub.database import Tx
from hub.problem import NotFound
from services.directory.actions import find
from services.directory.schemas import PageQuestion
from services.directory.store import pages
from services.directory.store.pages import Listing

JSON = "application/json"
LINES = "application/x-ndjson"
Read = Annotated[Tx, allow_anyone()]


def _known(said: object) -> UUID:
    """An id that is not a UUID is one we do not have, like any other."""
    try:
        return UUID(str(said))
    except ValueError as reason:
        raise NotFound from reason


Id = Annotated[UUID, BeforeValidator(_known)]


def json(body: bytes) -> Response:
    """One JSON document."""
    return Response(body, media_type=JSON)


async def listed(tx: Tx, request: Request, listing: Listing, question: PageQuestion) -> Response:
    """A page of a list, or all of it as NDJSON."""
    if question.format == "json":
        return json(await find.page(tx, listing, question))
    first = await pages.lines(tx, listing)
    return StreamingResponse(_everything(request, listing, first), media_type=LINES)


def _everything(request: Request, listing: Listing, first: tuple[bytes, UUID | None]) -> AsyncIterator[bytes]:
    """The answer outlives the transaction of its request, so every further batch has its own."""
    part: Part = request.app.state.part

    async def batch(beyond: UUID) -> tuple[bytes, UUID | None]:
        about: tuple[Any, str, UUID] = (None, operation_of(request), request.state.request_id)
        async with part.database.transaction(*about) as tx:
            return await pages.lines(tx, listing, beyond)

    return find.everything(first, batch)
