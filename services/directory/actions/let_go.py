"""The end of a pull: what the feed has no more is hidden, or waits for a person; what shows is settled."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from hub.database import Tx
from hub.line import Row
from services.directory.actions import secret_places, unlist
from services.directory.actions.take_in import Intake, save
from services.directory.rules import feeds as rules
from services.directory.schemas import FeedReport, Told, UnlistingRule
from services.directory.store import feeds, freshness, likeness, pulls, records, withholding

GONE = "The listing that this one pointed to is gone."


async def finish(tx: Tx, intake: Intake) -> FeedReport:
    """Hide what a whole feed no longer has, or propose to; settle what shows; say when it is due again."""
    report = intake.report
    if not report.complete:
        return await break_off(tx, intake)
    known = await feeds.find(tx, report.feed)
    assert known is not None, "a feed is registered before it is pulled"
    report.state = "done"
    if rules.may_hide(complete=report.complete, read=report.counts.read):
        await _let_go(tx, intake, Decimal(str(known["hide_limit"])))
    await settle(tx, report.feed)
    report.counts.alike += await likeness.propose(tx, report.feed)
    await save(tx, intake)
    await pulls.forget_seen(tx, report.feed)
    await feeds.pulled(tx, report.feed, report.publisher, report.shape, _again(known, 0, 0))
    return report


async def break_off(tx: Tx, intake: Intake, asked: float = 0) -> FeedReport:
    """A pull that could not be read to its end: nothing is hidden, and it goes on later where it was.

    `asked` is for how many seconds the feed wants to be left alone.
    """
    report = intake.report
    report.state = "broken_off" if report.state == "reading" else report.state
    await settle(tx, report.feed)
    # What has come is listed already, twice if another feed has it too.
    report.counts.alike += await likeness.propose(tx, report.feed)
    await save(tx, intake)
    known = await feeds.find(tx, report.feed)
    assert known is not None, "a feed is registered before it is pulled"
    if report.state == "left":
        await feeds.failed(tx, report.feed, report.stopped or "", known["failures"], datetime.now(UTC))
    elif intake.how == "scheduled" or known["every_minutes"]:
        await fail(tx, known, report.stopped or "", asked)
    else:
        await feeds.failed(tx, report.feed, report.stopped or "", known["failures"] + 1, None)
    return report


async def fail(tx: Tx, known: Row, why: str, asked: float = 0) -> None:
    """Remember that a pull failed; the next one by itself comes later and later."""
    failures = known["failures"] + 1
    again_at = _again(known, failures, asked) if known["every_minutes"] or known["next_pull_at"] else None
    await feeds.failed(tx, known["id"], why, failures, again_at)


async def _let_go(tx: Tx, intake: Intake, limit: Decimal) -> None:
    gone = await records.vanished(tx, intake.feed, intake.seen)
    listed = await records.listed(tx, intake.feed)
    counts = intake.report.counts
    met_again = counts.unchanged + counts.changed
    if rules.needs_approval(vanished=len(gone), listed=listed, limit=limit, met_again=met_again):
        intake.report.state = "waiting"
        _tell(intake, "to_hide", gone)
        return
    await records.hide(tx, [row["id"] for row in gone])
    _tell(intake, "hidden", gone)


def _tell(intake: Intake, what: Told, gone: Sequence[Row]) -> None:
    for row in gone:
        intake.report.tell(what, row["id"], row["name"])
        intake.write(what, service=str(row["id"]), source_id=row["source_id"], name=row["name"])


async def settle(tx: Tx, feed: UUID) -> None:
    """How widely organisations and places show, after services of the feed came or went."""
    await records.settle_organizations(tx, feed)
    narrowed = await records.settle_locations(tx, feed)
    if narrowed:
        await secret_places.mask_stored(tx, await withholding.services_at(tx, narrowed))
    # A duplicate whose other half is gone is the only listing there is.
    for row in await likeness.widowed(tx):
        await unlist.bring_back(tx, await freshness.kept(tx, row["service"]), UnlistingRule.DUPLICATE, GONE)
        await likeness.reopen(tx, row["id"])


def _again(known: Row, failures: int, asked: float) -> datetime | None:
    every = timedelta(minutes=known["every_minutes"]) if known["every_minutes"] else None
    return rules.next_pull(datetime.now(UTC), every, failures, asked, random.random())  # noqa: S311  # no secret
