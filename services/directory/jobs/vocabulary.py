"""Pull a feed's taxonomies and terms: optional paths, so that what is not to be had is no fault."""

import time
from uuid import UUID

import httpx

from services.directory import formats
from services.directory.formats import Names, NotAFeed
from services.directory.jobs.reach import Reader
from services.directory.jobs.turns import Turn
from services.directory.rules.feeds import FeedNotReadable
from services.directory.store import records

PAGES = 200
SECONDS = 20
PATHS = ("taxonomies", "taxonomy_terms")


async def pull(turn: Turn, feed: Reader, base: httpx.URL, keeper: UUID, until: float) -> None:
    """Store every taxonomy and term that the feed `keeper` lists by itself, while there is time."""
    for path in PATHS:
        try:
            await _pages(turn, feed, base.copy_with(path=f"{base.path.rstrip('/')}/{path}"), keeper, until)
        except (FeedNotReadable, NotAFeed):
            continue


async def _pages(turn: Turn, feed: Reader, address: httpx.URL, keeper: UUID, until: float) -> None:
    kind = address.path.rpartition("/")[2]
    for number in range(1, PAGES):
        if time.monotonic() > until:
            return
        asked = address.copy_merge_params({"page": number, "per_page": 100})
        page = formats.read_page(await feed.read(asked, SECONDS), number)
        async with turn() as tx:
            await records.put(tx, formats.read_words(kind, page.services, Names(keeper)))
        if page.last:
            return
