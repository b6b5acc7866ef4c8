"""Bring a file in: a whole local offer in one document, streamed, a batch at a time."""

import asyncio
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import httpx

from services.directory.actions import let_go, take_in
from services.directory.formats import NotAFeed
from services.directory.formats.files import opened
from services.directory.jobs.pull import Errand
from services.directory.jobs.reach import reader
from services.directory.jobs.turns import Turn
from services.directory.rules.feeds import FeedNotReadable
from services.directory.schemas import FeedReport

BATCH = 500
DOCUMENT_SECONDS = 600.0
FILES = (".zip", ".json", ".ndjson", ".jsonl", ".gz")


def is_document(url: str) -> bool:
    """Whether an address is that of one file, and not of an API with pages."""
    return httpx.URL(url).path.lower().endswith(FILES)


async def bring_documents(
    turn: Turn,
    url: str,
    publisher: str,
    documents: Iterable[object],
    progress: Callable[[int, int | None], None] = lambda _, __: None,
) -> FeedReport:
    """Take in every document; the report. A file that breaks off hides nothing.

    `url` says where it came from, and is what the next import of the same is known by. Raises NotAFeed
    if not even one document could be read, FeedOfAnother.
    """
    batches = _batches(documents)
    batch = await asyncio.to_thread(next, batches, None)
    if batch is None:
        raise NotAFeed("There are no services in it.")
    async with turn() as tx:
        intake = await take_in.begin(tx, url, publisher, "imported")
    report = intake.report
    while batch is not None:
        async with turn() as tx:
            await take_in.take(tx, intake, batch)
        progress(report.counts.read, None)
        try:
            batch = await asyncio.to_thread(next, batches, None)
        except NotAFeed as reason:
            report.complete, report.stopped = False, f"After {report.counts.read} records: {reason}"
            break
    async with turn() as tx:
        return await let_go.finish(tx, intake)


async def bring_file(
    turn: Turn, url: str, publisher: str, file: Path, progress: Callable[[int, int | None], None]
) -> FeedReport:
    """Take a file in. Raises NotAFeed, FeedOfAnother."""
    with opened(file) as documents:
        return await bring_documents(turn, url, publisher, documents, progress)


async def bring_from(turn: Turn, errand: Errand) -> FeedReport:
    """Fetch one document from an address and take it in. Raises as a pull does."""
    with tempfile.TemporaryDirectory(prefix="hub-import-") as folder:
        address = httpx.URL(errand.url)
        # Its last name tells nothing but its kind; the path in it is not ours to follow.
        file = Path(folder, f"document{Path(address.path).suffix.lower()}")
        async with reader(errand.inside) as feed:
            with file.open("wb") as into:  # noqa: ASYNC230  # a local file, a piece at a time
                await feed.fetch(address, min(errand.longest, DOCUMENT_SECONDS), into)
        try:
            return await bring_file(turn, errand.url, errand.publisher, file, errand.progress)
        except NotAFeed as reason:
            raise FeedNotReadable(f"{address.path}: {reason}") from reason


def _batches(documents: Iterable[object]) -> Iterator[list[object]]:
    """The documents, many at a time; those before a fault first, and then the fault."""
    found: list[object] = []
    try:
        for document in documents:
            found.append(document)
            if len(found) == BATCH:
                yield found
                found = []
    except NotAFeed:
        if found:
            yield found
        raise
    if found:
        yield found
