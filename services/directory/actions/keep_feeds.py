"""Look after feeds: how each is kept in step, what its pulls did, what a pull may hide."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hub.database import Tx
from hub.line import Row
from hub.page import after
from hub.problem import NotFound
from services.directory.actions import let_go
from services.directory.rules import feeds as rules
from services.directory.schemas import (
    FeedHeard,
    FeedSettings,
    FeedShown,
    FeedsPage,
    Provenance,
    PullCounts,
    PullLine,
    PullLines,
    PullShown,
    PullsPage,
    PullState,
    What,
)
from services.directory.store import feeds, pulls


async def page(tx: Tx, limit: int, cursor: str | None) -> FeedsPage:
    """Every feed of the hub, and how it is doing."""
    rows = await feeds.page(tx, limit, *after(cursor))
    return FeedsPage(feeds=[FeedShown.model_validate(dict(row)) for row in rows], next=_next(rows, limit))


async def one(tx: Tx, feed: UUID) -> FeedShown:
    """One feed. NotFound."""
    found = await feeds.find(tx, feed)
    if found is None:
        raise NotFound
    return FeedShown.model_validate(dict(found))


async def change(tx: Tx, feed: UUID, heard: FeedSettings) -> FeedShown:
    """Change how a feed is kept in step. NotFound, FeedOfAnother."""
    shown = await one(tx, feed)
    rules.check_owner(shown.agency, tx.known_caller.agency)
    await set_up(tx, feed, heard)
    return await one(tx, feed)


async def set_up(tx: Tx, feed: UUID, heard: FeedHeard | FeedSettings) -> None:
    """Set what was said of the publisher, the interval and the limit. A new interval begins now."""
    said = heard.model_dump(exclude_unset=True, exclude={"url"})
    given: dict[str, Any] = {
        name: said[name] for name in ("publisher", "hide_limit") if said.get(name) is not None
    }
    if "every_minutes" in said:
        every = said["every_minutes"]
        given["every_minutes"] = every
        given["next_pull_at"] = datetime.now(UTC) + timedelta(minutes=every) if every else None
    if given:
        await feeds.set_up(tx, feed, given)


async def pulls_page(
    tx: Tx, feed: UUID | None, state: PullState | None, limit: int, cursor: str | None
) -> PullsPage:
    """What the caller's feeds' pulls did."""
    rows = await pulls.page(tx, feed, state, limit, *after(cursor))
    return PullsPage(pulls=[_shown(row) for row in rows], next=_next(rows, limit))


async def one_pull(tx: Tx, pull: UUID) -> PullShown:
    """One pull. NotFound."""
    return _shown(await _found(tx, pull))


async def lines(tx: Tx, pull: UUID, what: What | None, start: int, limit: int) -> PullLines:
    """What a pull did, line by line. NotFound."""
    await _found(tx, pull)
    rows = await pulls.lines(tx, pull, what, start, limit)
    following = rows[-1]["number"] if len(rows) == limit else None
    return PullLines(lines=[PullLine.model_validate(dict(row)) for row in rows], next=following)


async def approve(tx: Tx, pull: UUID, reason: str) -> PullShown:
    """Hide what a pull that waits proposed to hide. NotFound, PullNotWaiting."""
    found = await _found(tx, pull, lock=True)
    rules.check_waiting(found["state"])
    counts = PullCounts.model_validate_json(found["counts"])
    counts.hidden, counts.to_hide = await pulls.hide_proposed(tx, pull, found["feed"]), 0
    await let_go.settle(tx, found["feed"])
    return await _decided(tx, pull, "approved", reason, counts)


async def reject(tx: Tx, pull: UUID, reason: str) -> PullShown:
    """Leave everything listed; what is still missing is proposed again. NotFound, PullNotWaiting."""
    found = await _found(tx, pull, lock=True)
    rules.check_waiting(found["state"])
    return await _decided(tx, pull, "rejected", reason, PullCounts.model_validate_json(found["counts"]))


async def provenance(tx: Tx, service: UUID) -> Provenance:
    """Where a service came from, and what the last pulls said of it. NotFound."""
    found = await pulls.provenance(tx, service)
    if found is None:
        raise NotFound
    said = [dict(row) for row in await pulls.about(tx, service)]
    return Provenance.model_validate({**dict(found), "pulls": said})


async def _decided(tx: Tx, pull: UUID, state: str, reason: str, counts: PullCounts) -> PullShown:
    by = tx.known_caller.practitioner or tx.known_caller.client
    await pulls.decide(tx, pull, state, by, reason, counts.model_dump_json())
    return await one_pull(tx, pull)


async def _found(tx: Tx, pull: UUID, *, lock: bool = False) -> Row:
    found = await pulls.find(tx, pull, lock=lock)
    if found is None:
        raise NotFound
    return found


def _shown(row: Row) -> PullShown:
    return PullShown.model_validate({**dict(row), "counts": PullCounts.model_validate_json(row["counts"])})


def _next(rows: Sequence[Row], limit: int) -> str | None:
    return rows[-1]["position"] if len(rows) == limit else None
