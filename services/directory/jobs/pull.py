"""Pull a feed: its pages in order, the full record where a page has only summaries, then its terms."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import quote

import httpx

from hub.database import Tx
from services.directory import formats
from services.directory.actions import let_go, take_in
from services.directory.actions.take_in import Intake
from services.directory.formats import NotAFeed
from services.directory.jobs import vocabulary
from services.directory.jobs.reach import Reader, Validators, reader
from services.directory.jobs.turns import Turn
from services.directory.rules.feeds import FeedAsksToWait, FeedNotReadable
from services.directory.schemas import FeedReport, How
from services.directory.store import feeds, records

PER_PAGE = 100
PAGES = 5000
CHUNK, AT_ONCE = 20, 5
PAGE_SECONDS, RECORD_SECONDS = 20, 5
# The front door waits half a minute for an answer; a feed that takes longer goes on in the background.
LONGEST = 25.0
LOOKED_UP = 50


@dataclass(frozen=True)
class Errand:
    """Which feed to pull, why, and for how long at most."""

    url: str
    publisher: str
    how: How = "asked"
    longest: float = LONGEST
    inside: frozenset[str] = frozenset()
    # Told, after every step, how many records were read, and of how many if the feed says.
    progress: Callable[[int, int | None], None] = field(default=lambda _, __: None)


@dataclass
class Page:
    """A page of services as it arrived; `services` is None where the feed says it is as it was."""

    number: int
    services: list[object] | None
    last: bool
    source_ids: list[str]
    validators: Validators | None = None
    of: int | None = None


class OutOfTime(Exception):
    """The pull has taken as long as it may."""


def base_of(url: str) -> httpx.URL:
    """The address that `/services` is read below."""
    return httpx.URL(url.rstrip("/").removesuffix("/services"))


async def pull(turn: Turn, errand: Errand) -> FeedReport:
    """Read a whole feed into the directory, or on from where the last pull of it was cut off.

    Raises FeedNotReadable or FeedAddressNotAllowed if not even the first page can be read, FeedOfAnother
    if another agency keeps the feed. A later fault ends the pull early: what was read stays, and nothing
    is hidden. So does taking longer than `longest` seconds.
    """
    base = base_of(errand.url)
    async with reader(errand.inside) as feed:
        first = await _first(turn, feed, base, errand)
        async with turn() as tx:
            intake = await take_in.begin(tx, str(base), errand.publisher, errand.how)
        page = first
        if intake.page > 1:
            page = None  # taken up again: where it was, and not at its beginning
        until = time.monotonic() + errand.longest
        return await _Pulling(turn, feed, base, intake, errand, until).all_of_it(page)


async def _first(turn: Turn, feed: Reader, base: httpx.URL, errand: Errand) -> Page:
    """The first page. A feed we know is told of in its own row if even that cannot be read."""
    try:
        return await _page(turn, feed, base, 1, errand)
    except FeedNotReadable as reason:
        asked = reason.seconds if isinstance(reason, FeedAsksToWait) else 0
        async with turn() as tx:
            known = await feeds.find(tx, take_in.id_of(str(base)))
            if known and known["agency"] == tx.known_caller.agency:
                await let_go.fail(tx, known, reason.detail or reason.title(), asked)
        raise


async def _page(turn: Turn, feed: Reader, base: httpx.URL, number: int, errand: Errand) -> Page:
    """One page; a pull by itself asks for it only if it has changed."""
    known = None
    if errand.how == "scheduled":
        async with turn() as tx:
            known = await feeds.known_page(tx, take_in.id_of(str(base)), number)
    validators = Validators(known["etag"], known["last_modified"]) if known else Validators()
    address = base.copy_with(path=f"{base.path.rstrip('/')}/services").copy_merge_params(
        {"page": number, "per_page": PER_PAGE, "full": "true"}
    )
    parsed, given = await feed.read_if_changed(address, PAGE_SECONDS, validators)
    if given is None and known:
        return Page(number, None, known["last"], known["source_ids"])
    try:
        read = formats.read_page(parsed, number)
    except NotAFeed as reason:
        raise FeedNotReadable(f"/services: {reason}") from reason
    ids = [found for service in read.services if (found := formats.identity(service))]
    return Page(number, read.services, read.last, ids, given, read.total)


@dataclass
class _Pulling:
    """One pull under way."""

    turn: Turn
    feed: Reader
    base: httpx.URL
    intake: Intake
    errand: Errand
    until: float

    async def all_of_it(self, page: Page | None) -> FeedReport:
        """Every page, then what is gone; or as far as it goes, and why no further."""
        asked, report = 0.0, self.intake.report
        try:
            await self._pages(page)
            await self._look_for_the_missing()
            await vocabulary.pull(self.turn, self.feed, self.base, self.intake.feed, self.until)
        except OutOfTime:
            report.complete, report.state = False, "left"
            report.stopped = f"/services: not at its end in time, on page {self.intake.page}."
        except FeedNotReadable as reason:
            asked = reason.seconds if isinstance(reason, FeedAsksToWait) else 0.0
            report.complete, report.stopped = False, reason.detail
        async with self.turn() as tx:
            if report.complete:
                report.stopped = None
                return await let_go.finish(tx, self.intake)
            return await let_go.break_off(tx, self.intake, asked)

    async def _pages(self, page: Page | None) -> None:
        for number in range(self.intake.page, PAGES):
            if page is None:
                page = await self._next(number)
            met = len(self.intake.seen)
            await self._take(page)
            if page.last:
                return
            if len(self.intake.seen) == met and not self.intake.resumed:
                raise FeedNotReadable(f"/services: page {number} had nothing new.")
            self.intake.resumed = False if len(self.intake.seen) > met else self.intake.resumed
            page = None
        raise FeedNotReadable(f"/services: not at its end by page {PAGES}.")

    async def _next(self, number: int) -> Page:
        """The next page. A short wait that the feed asks for is waited once."""
        try:
            return await _page(self.turn, self.feed, self.base, number, self.errand)
        except FeedAsksToWait as reason:
            if time.monotonic() + reason.seconds > self.until:
                raise
            await asyncio.sleep(reason.seconds)
        return await _page(self.turn, self.feed, self.base, number, self.errand)

    async def _take(self, page: Page) -> None:
        """Take a page in, and remember that it is done with."""
        services = page.services or []
        if page.services is None:
            take_in.unchanged(self.intake, page.source_ids)
        whole = all(formats.is_detailed(service) for service in services)
        step = len(services) if whole else CHUNK
        for start in range(0, len(services), step or 1):
            if time.monotonic() > self.until:
                raise OutOfTime
            documents = await self._whole(services[start : start + step])
            async with self.turn() as tx:
                await take_in.take(tx, self.intake, documents)
            self.errand.progress(self.intake.report.counts.read, page.of)
        self.intake.page = page.number + 1
        async with self.turn() as tx:
            await take_in.save(tx, self.intake)
            if page.services is not None:
                await self._remember(tx, page, whole=whole)

    async def _remember(self, tx: Tx, page: Page, *, whole: bool) -> None:
        """Keep the validators of a page that says everything; a summary's say nothing of the full records."""
        given, own = page.validators, self.intake.feed
        if not whole or given is None or not given.headers():
            await feeds.forget_page(tx, own, page.number)
            return
        said = {"source_ids": page.source_ids, "last": page.last}
        await feeds.keep_page(tx, own, page.number, given.etag, given.last_modified, **said)

    async def _whole(self, documents: Sequence[object]) -> list[object]:
        """The documents, with each summary replaced by its full record."""
        turn = asyncio.Semaphore(AT_ONCE)

        async def whole(document: object) -> list[object]:
            source_id = formats.identity(document)
            if source_id is None or source_id in self.intake.seen or formats.is_detailed(document):
                return [document]
            async with turn:
                return await self._record(source_id)

        found = await asyncio.gather(*(whole(document) for document in documents))
        return [document for some in found for document in some]

    async def _record(self, source_id: str) -> list[object]:
        """The full record; nothing, after reporting why, if it is not to be had."""
        path = f"{self.base.path.rstrip('/')}/services/{quote(source_id, safe='')}"
        try:
            document = await self.feed.read(self.base.copy_with(path=path), RECORD_SECONDS)
        except FeedNotReadable as reason:
            take_in.miss(self.intake, source_id, reason.detail or reason.title())
            return []
        if formats.identity(document) != source_id:
            take_in.miss(self.intake, source_id, "the full record is another one's")
            return []
        return [document]

    async def _look_for_the_missing(self) -> None:
        """Pages shift while they are read: what seems gone is asked for by its name before it is let go.

        Only where the pull has met signs of it, and where they are few.
        """
        if not (self.intake.report.counts.repeated or self.intake.started_before):
            return
        async with self.turn() as tx:
            gone = await records.vanished(tx, self.intake.feed, self.intake.seen)
        if len(gone) > LOOKED_UP:
            return
        for row in gone:
            path = f"{self.base.path.rstrip('/')}/services/{quote(row['source_id'], safe='')}"
            try:
                document = await self.feed.read(self.base.copy_with(path=path), RECORD_SECONDS)
            except FeedNotReadable:
                continue
            if formats.identity(document) == row["source_id"]:
                async with self.turn() as tx:
                    await take_in.take(tx, self.intake, [document])
