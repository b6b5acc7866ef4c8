"""Pull an Open Referral UK feed: its pages in order, and the full record where a page has only summaries."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from urllib.parse import quote

import httpx

from hub.database import Tx
from services.directory.actions import take_in
from services.directory.actions.take_in import Intake
from services.directory.formats import oruk
from services.directory.formats.oruk import FeedPage
from services.directory.jobs.reach import Reader, reader
from services.directory.rules.feeds import FeedNotReadable
from services.directory.schemas import FeedHeard, FeedReport

PER_PAGE = 50
PAGES = 5000
CHUNK, AT_ONCE = 20, 5
PAGE_SECONDS, RECORD_SECONDS = 20, 5
# The front door waits half a minute for an answer; a feed that takes longer is for the command line.
LONGEST = 25.0


async def pull(tx: Tx, heard: FeedHeard, inside: frozenset[str], longest: float = LONGEST) -> FeedReport:
    """Read a whole feed into the directory and say what it changed.

    Raises FeedNotReadable or FeedAddressNotAllowed if not even the first page can be read, FeedOfAnother
    if another agency keeps the feed. A later fault ends the pull early: what was read stays, and nothing
    is hidden. So does taking longer than `longest` seconds.
    """
    base = httpx.URL(str(heard.url).rstrip("/").removesuffix("/services"))
    until = time.monotonic() + longest
    async with reader(inside) as feed:
        first = await _page(feed, base, 1)
        intake = await take_in.begin(tx, str(base), heard.publisher)
        try:
            async for documents in _chunks(feed, base, intake, first, until):
                await take_in.take(tx, intake, documents)
        except FeedNotReadable as reason:
            intake.report.complete, intake.report.stopped = False, reason.detail
        return await take_in.finish(tx, intake)


async def _chunks(
    feed: Reader, base: httpx.URL, intake: Intake, page: FeedPage, until: float
) -> AsyncGenerator[list[object]]:
    """Every record of the feed, a few at a time. FeedNotReadable once it cannot or must not go on."""
    for number in range(1, PAGES):
        met = len(intake.seen)
        for start in range(0, len(page.services), CHUNK):
            if time.monotonic() > until:
                raise FeedNotReadable(f"/services: not at its end in time, on page {number}.")
            yield await _whole(feed, base, intake, page.services[start : start + CHUNK])
        if page.last:
            return
        if len(intake.seen) == met:
            raise FeedNotReadable(f"/services: page {number} had nothing new.")
        page = await _page(feed, base, number + 1)
    raise FeedNotReadable(f"/services: not at its end by page {PAGES}.")


async def _page(feed: Reader, base: httpx.URL, number: int) -> FeedPage:
    address = base.copy_with(path=f"{base.path.rstrip('/')}/services").copy_merge_params(
        {"page": number, "per_page": PER_PAGE, "full": "true"}
    )
    try:
        return oruk.read_page(await feed.read(address, PAGE_SECONDS), number)
    except oruk.NotAFeed as reason:
        raise FeedNotReadable(f"/services: {reason}") from reason


async def _whole(feed: Reader, base: httpx.URL, intake: Intake, documents: Sequence[object]) -> list[object]:
    """The documents, with each summary replaced by its full record."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def whole(document: object) -> list[object]:
        source_id = oruk.identity(document)
        if source_id is None or source_id in intake.seen or oruk.is_detailed(document):
            return [document]
        async with turn:
            return await _record(feed, base, intake, source_id)

    found = await asyncio.gather(*(whole(document) for document in documents))
    return [document for some in found for document in some]


async def _record(feed: Reader, base: httpx.URL, intake: Intake, source_id: str) -> list[object]:
    """The full record; nothing, after reporting why, if it is not to be had."""
    path = f"{base.path.rstrip('/')}/services/{quote(source_id, safe='')}"
    try:
        document = await feed.read(base.copy_with(path=path), RECORD_SECONDS)
    except FeedNotReadable as reason:
        take_in.miss(intake, source_id, reason.detail or reason.title())
        return []
    if oruk.identity(document) != source_id:
        take_in.miss(intake, source_id, "the full record is another one's")
        return []
    return [document]
