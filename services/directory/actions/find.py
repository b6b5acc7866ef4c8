"""Find services for somebody, near where they live."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID

from hub.database import Tx
from services.directory.rules import places, postcodes
from services.directory.schemas import Near, PageQuestion, PlaceQuestion, ServiceQuestion
from services.directory.store import listings, pages
from services.directory.store.pages import Listing

Batch = Callable[[UUID], Awaitable[tuple[bytes, UUID | None]]]


async def services(question: ServiceQuestion) -> Listing:
    """The services that answer a question. PostcodeUnknown for a postcode that is none."""
    return listings.services(question, await _near(question))


async def places_of_services(question: PlaceQuestion) -> Listing:
    """The same, one for every place a service is offered at."""
    return listings.places(question, await _near(question))


async def page(tx: Tx, listing: Listing, question: PageQuestion) -> bytes:
    """The page that was asked for, in its envelope."""
    return await pages.read(tx, listing, question.page, question.per_page)


async def everything(first: tuple[bytes, UUID | None], batch: Batch) -> AsyncIterator[bytes]:
    """Every line from the first batch on.

    Each batch is a transaction of its own, so a slow reader holds no connection, and memory does not
    grow with the directory.
    """
    body, beyond = first
    yield body
    while beyond:
        body, beyond = await batch(beyond)
        yield body


async def _near(question: PlaceQuestion) -> Near | None:
    if question.postcode is None:
        return None
    # The first postcode of a letter reads a file, which is not for the event loop.
    home = await asyncio.to_thread(postcodes.locate, question.postcode)
    return Near(*home.place, places.areas_around(home.authority))
