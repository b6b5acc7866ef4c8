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
    if meant.words is None or meant == wording.NOTHING:
        return Wanted(question, near)
    said = {
        "age": meant.age if question.age is None else None,
        "day": list(meant.days) if meant.days and not question.day else None,
        "time": meant.part if not question.time else None,
        "free": meant.free or None,
        "search": meant.said,
    }
    update = {name: value for name, value in said.items() if value is not None}
    update |= {} if meant.words else {"search": None}
    return Wanted(question.model_copy(update=update), near, meant.words)


async def with_forgiveness(tx: Tx, asked: Wanted, ask: Ask[Answer]) -> Answer:
    """The answer to what was asked; if it is empty, to what was meant.

    That is: misspelt words put right; then any of the words instead of all of them (`relaxed`); then a name
    like it. What is written in operators is meant as it stands.
    """
    answer, items = await ask(asked)
    if items or asked.question.search is None or asked.words is None:
        return answer
    meant = await _corrected(tx, asked)
    loose = wording.loosened((meant or asked).words or ())
    ways = [
        *([meant] if meant else []),
        *([replace(asked, words=loose, relaxed=True)] if len(loose) > 1 else []),
        replace(asked, alike=True),
    ]
    for way in ways:
        other, items = await ask(way)
        if items:
            return other
    return answer


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
    """The same with every word put right that is neither ours nor in any service; None if nothing can be.

    The words first, then what they mean together: "speach therapy" is speech therapy.
    """
    said = (asked.question.search or "").split()
    unusual = [word for word in said if wording.plain(word) not in wording.vocabulary()]
    wrong = await words_there_are.unknown(tx, unusual) if unusual else []
    if not wrong:
        return None
    spelt = {word: wording.plain(word) for word in wrong}
    known = await words_there_are.candidates(tx, sorted(set(spelt.values())))
    ours = [(word, 0) for word in sorted(wording.vocabulary())]
    meant = {word: spelling.meant(plain, [*known[plain], *ours]) for word, plain in spelt.items()}
    if not any(meant.values()):
        return None
    right = [meant[word][0] if meant.get(word) else word for word in said]
    others = {ways[0]: ways[1:] for ways in meant.values() if ways}
    return replace(asked, words=tuple(_with(unit, others) for unit in wording.units(right)))


def _with(unit: Alternatives, others: dict[str, list[str]]) -> Alternatives:
    """A word put right, with what else it may have been meant to be."""
    return (*unit, *(one for word in others.get(unit[0], ()) for one in wording.alternatives(word)))
