"""How the directory answers: bytes from PostgreSQL, as JSON or a line at a time."""

from collections.abc import AsyncIterator, Callable, Iterable
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, BeforeValidator

from hub.access import Part, allow_anyone, operation_of
from hub.caller import Caller
from hub.database import Tx
from hub.heard import today
from hub.problem import NotFound
from services.directory.actions import find
from services.directory.actions import unmet as unmet_need
from services.directory.rules import unmet
from services.directory.schemas import PageQuestion, PlaceQuestion, Unmet
from services.directory.store import pages
from services.directory.store.pages import Listing
from services.directory.store.search import Wanted

JSON = "application/json"
LINES = "application/x-ndjson"
MARK = "x-hub-mark"
RELAXED = "search-relaxed"
# A page as JSON is the operation's own model; this is what it may answer beside it.
LISTED: dict[int | str, dict[str, Any]] = {
    200: {"content": {LINES: {"schema": {"type": "string", "description": "all of it, one a line"}}}}
}
FOUND: dict[int | str, dict[str, Any]] = {
    200: {
        **LISTED[200],
        "headers": {
            "Search-Relaxed": {
                "description": "`true`: nothing had all of the words, so this has some of them, most first.",
                "schema": {"type": "string", "enum": ["true"]},
            }
        },
    }
}
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


def written(said: BaseModel) -> Response:
    """A model as JSON; what it does not know is left out."""
    return json(said.model_dump_json(exclude_none=True).encode())


def noting(request: Request) -> Callable[[Iterable[Unmet]], None]:
    """Counts unmet need, once a day for whoever asks: the front door's mark says that two are the same."""
    return partial(request.app.state.unmet, request.headers.get(MARK, ""))


async def listed(tx: Tx, request: Request, listing: Listing, question: PageQuestion) -> Response:
    """A page of a list, or all of it as NDJSON."""
    return (await _listed(tx, request, listing, question))[0]


async def found(
    tx: Tx, request: Request, question: PlaceQuestion, listing_of: Callable[[Wanted], Listing]
) -> Response:
    """A page of what a question finds, or all of it as NDJSON, with its spelling forgiven."""
    asked = await find.wanted(question)

    sizes: list[int] = []

    async def ask(meant: Wanted) -> tuple[Response, int]:
        answer, size = await _listed(tx, request, listing_of(meant), question)
        sizes.append(size)
        if meant.relaxed:
            answer.headers[RELAXED] = "true"
        return answer, size

    answer = await find.with_forgiveness(tx, asked, ask)
    if question.search and (not any(sizes) or RELAXED in answer.headers):
        met = await unmet_need.met(tx, asked, question.search) if any(sizes) else []
        noting(request)(unmet.from_search(question.search, question.postcode, today(), met))
    return answer


async def _listed(tx: Tx, request: Request, listing: Listing, question: PageQuestion) -> tuple[Response, int]:
    if question.format != "ndjson":
        body, items = await find.page(tx, listing, question)
        return json(body), items
    first = await pages.lines(tx, listing)
    everything = _everything(request, tx.caller, listing, first)
    return StreamingResponse(everything, media_type=LINES), len(first[0])


def _everything(
    request: Request, caller: Caller | None, listing: Listing, first: tuple[bytes, UUID | None]
) -> AsyncIterator[bytes]:
    """The answer outlives the transaction of its request, so every further batch has its own."""
    part: Part = request.app.state.part

    async def batch(beyond: UUID) -> tuple[bytes, UUID | None]:
        about = (caller, operation_of(request), request.state.request_id)
        async with part.database.transaction(*about) as tx:
            return await pages.lines(tx, listing, beyond)

    return find.everything(first, batch)
