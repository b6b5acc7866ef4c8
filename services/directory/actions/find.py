"""Find services for somebody: what they mean, near where they live."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from hub.database import Tx
from services.directory.rules import places, postcodes, spelling, wording
from services.directory.rules.wording import Alternatives
from services.directory.schemas import Near, PageQuestion, PlaceQuestion
from services.directory.store import pages
from services.directory.store import spelling as words_there_are
from services.directory.store.pages import Listing
from services.directory.store.search import Wanted

Batch = Callable[[UUID], Awaitable[tuple[bytes, UUID | None]]]
Answer = TypeVar("Answer")
Ask = Callable[[Wanted], Awaitable[tuple[Answer, int]]]


async def wanted(question: PlaceQuestion) -> Wanted:
    """What a question asks for. PostcodeUnknown for a postcode that is none."""
    near = await _near(question)
    if question.search is None:
        return Wanted(question, near)
    meant = wording.meaning(question.search)
    if meant.words is None:
        return Wanted(question, near)
    said = {
        "age": meant.age if question.age is None else None,
        "day": [meant.day] if meant.day and not question.day else None,
        "time": meant.part if not question.time else None,
        "free": meant.free or None,
        "search": meant.said,
    }
    update = {name: value for name, value in said.items() if value is not None}
    update |= {} if meant.words else {"search": None}
    return Wanted(question.model_copy(update=update), near, meant.words)


async def with_forgiveness(tx: Tx, asked: Wanted, ask: Ask[Answer]) -> Answer:
    """The answer to what was asked; if it is empty, to what was meant: a misspelt word, then a name.

    What is written in operators is meant as it stands.
    """
    answer, items = await ask(asked)
    if items or asked.question.search is None or asked.words is None:
        return answer
    meant = await _corrected(tx, asked)
    if meant:
        corrected, items = await ask(meant)
        if items:
            return corrected
    alike, items = await ask(replace(asked, alike=True))
    return alike if items else answer


async def page(tx: Tx, listing: Listing, question: PageQuestion) -> tuple[bytes, int]:
    """The page that was asked for, in its envelope, and how many there are in all."""
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


async def _corrected(tx: Tx, asked: Wanted) -> Wanted | None:
    """The same with every word that no service has put right; None if nothing can be."""
    single = [unit[0] for unit in asked.words or () if " " not in unit[0]]
    wrong = await words_there_are.unknown(tx, single) if single else []
    if not wrong:
        return None
    spelt = {word: wording.plain(word) for word in wrong}
    known = await words_there_are.candidates(tx, sorted(set(spelt.values())))
    meant = {word: tuple(spelling.meant(plain, known[plain])) for word, plain in spelt.items()}
    if not any(meant.values()):
        return None
    return replace(asked, words=tuple(_put_right(unit, meant) for unit in asked.words or ()))


def _put_right(unit: Alternatives, meant: dict[str, tuple[str, ...]]) -> Alternatives:
    """A misspelt word's corrections, each with what else it is called."""
    right = meant.get(unit[0], ())
    return tuple(other for word in right for other in wording.alternatives(word)) or unit
