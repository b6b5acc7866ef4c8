"""Keep feeds in step: pull each when it is due, one process at a time, for as long as the directory runs."""

from contextlib import AbstractAsyncContextManager
from uuid import uuid4

import structlog

from hub.database import Database, Tx
from hub.line import Row
from hub.problem import Problem
from hub.rounds import going_round
from services.directory.actions import keep_feeds
from services.directory.actions.take_in import id_of
from services.directory.jobs.bring import bring_from, is_document
from services.directory.jobs.pull import Errand, base_of, pull
from services.directory.jobs.turns import each, keeper
from services.directory.rules.feeds import FeedBeingPulled
from services.directory.schemas import FeedHeard, FeedReport
from services.directory.store import feeds

log = structlog.get_logger("hub")

OPERATION = "directory keep feeds"
# Nobody waits for these: a feed may be slow.
LONGEST = 3600.0
LOOK_EVERY = 15.0
AT_A_TIME = 20


def kept(database: Database, inside: frozenset[str]) -> AbstractAsyncContextManager[None]:
    """Keep feeds in step while inside."""
    return going_round("feeds", lambda: pull_due(database, inside), LOOK_EVERY)


async def pull_due(database: Database, inside: frozenset[str]) -> list[FeedReport]:
    """Pull every feed whose time has come, unless another process is at it; what became of each."""
    async with database.transaction(None, OPERATION, uuid4()) as tx:
        waiting = await feeds.due(tx, AT_A_TIME)
    reports = [await _pull(database, feed, inside) for feed in waiting]
    return [report for report in reports if report]


async def _pull(database: Database, feed: Row, inside: frozenset[str]) -> FeedReport | None:
    """Pull one feed; a fault is its own, and written in its row."""
    caller = keeper(feed["agency"])
    async with database.transaction(caller, OPERATION, uuid4()) as guard:
        if not await feeds.hold(guard, feed["id"]) or not await feeds.is_due(guard, feed["id"]):
            return None
        errand = Errand(feed["url"], feed["publisher"], "scheduled", LONGEST, inside)
        turn = each(database, caller, OPERATION)
        try:
            report = await (bring_from if is_document(errand.url) else pull)(turn, errand)
        except Problem as reason:
            log.info("feed not pulled", feed=str(feed["id"]), problem=reason.slug())
            return None
    log.info("feed pulled", feed=str(feed["id"]), state=report.state, **report.counts.model_dump())
    return report


async def pull_now(database: Database, tx: Tx, heard: FeedHeard, inside: frozenset[str]) -> FeedReport:
    """Pull a feed that somebody names, while they wait. FeedBeingPulled if a pull of it is under way.

    The pull has transactions of its own, so that what it has read stays whatever becomes of the request.
    """
    turn = each(database, tx.known_caller, tx.operation)
    errand = Errand(str(heard.url), heard.publisher, inside=inside)
    known_by = errand.url if is_document(errand.url) else str(base_of(errand.url))
    if not await feeds.hold(tx, id_of(known_by)):
        raise FeedBeingPulled("See how far it is: GET /pulls.")
    report = await (bring_from if is_document(errand.url) else pull)(turn, errand)
    async with turn() as own:
        await keep_feeds.set_up(own, report.feed, heard)
    return report
