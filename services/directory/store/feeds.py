"""Feeds: who keeps which in step, when each is due, and the pages it sent last."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.database import Tx
from hub.line import Row
from hub.page import beyond, position
from hub.policy import OURS

SHOWN = (
    "id, url, publisher, agency, shape, every_minutes, hide_limit::float8 as hide_limit, pulled_at,"
    " next_pull_at, failures, last_error"
)


async def register(tx: Tx, feed: UUID, url: str, publisher: str) -> str:
    """Make the feed known if it is not; the agency that keeps it."""
    await tx.run(
        "insert into directory.feed (id, url, publisher) values (:feed, :url, :publisher)"
        " on conflict do nothing",
        feed=feed,
        url=url,
        publisher=publisher,
    )
    return await tx.value("select agency from directory.feed where url = :url", url=url)


async def find(tx: Tx, feed: UUID) -> Row | None:
    """A feed, whoever keeps it."""
    rows = await tx.rows(f"select {SHOWN} from directory.feed where id = :feed", feed=feed)
    return rows[0] if rows else None


async def page(tx: Tx, limit: int, moment: datetime | None, identity: UUID | None) -> Sequence[Row]:
    """Feeds, the newest first."""
    return await tx.rows(
        f"select {SHOWN}, {position('created_at', 'id')} from directory.feed"
        f" where {beyond('created_at', 'id')} order by created_at desc, id desc limit cast(:limit as int)",
        limit=limit,
        moment=moment,
        identity=identity,
    )


async def hold(tx: Tx, feed: UUID) -> bool:
    """Keep every other pull of the feed away until this transaction ends; False if one is under way."""
    return await tx.value(
        "select pg_try_advisory_xact_lock(hashtextextended('directory.feed/' || cast(:feed as text), 0))",
        feed=str(feed),
    )


async def set_up(tx: Tx, feed: UUID, given: Mapping[str, Any]) -> None:
    """Change how a feed of ours is kept in step. A new interval begins now."""
    changes = ", ".join(f"{name} = :{name}" for name in given)
    await tx.run(
        f"update directory.feed set {changes} where id = :feed and agency = {OURS}", feed=feed, **given
    )


async def pulled(tx: Tx, feed: UUID, publisher: str, shape: str | None, again_at: datetime | None) -> None:
    """Remember that the feed was read to its end, and when it is due again."""
    await tx.run(
        "update directory.feed set pulled_at = now(), publisher = :publisher, shape = :shape, failures = 0,"
        " last_error = null, next_pull_at = :again_at where id = :feed",
        feed=feed,
        publisher=publisher,
        shape=shape,
        again_at=again_at,
    )


async def failed(tx: Tx, feed: UUID, why: str, failures: int, again_at: datetime | None) -> None:
    """Remember that a pull failed or was cut off, why, and when to try again."""
    await tx.run(
        "update directory.feed set failures = :failures, last_error = :why, next_pull_at = :again_at"
        f" where id = :feed and agency = {OURS}",
        feed=feed,
        why=why[:500],
        failures=failures,
        again_at=again_at,
    )


async def due(tx: Tx, limit: int) -> Sequence[Row]:
    """Feeds whose time has come, the longest due first."""
    return await tx.rows(
        "select id, url, publisher, agency from directory.feed where next_pull_at <= now()"
        " order by next_pull_at limit cast(:limit as int)",
        limit=limit,
    )


async def is_due(tx: Tx, feed: UUID) -> bool:
    """Whether it is still due: another process may have just pulled it."""
    return bool(
        await tx.value("select next_pull_at <= now() from directory.feed where id = :feed", feed=feed)
    )


async def known_page(tx: Tx, feed: UUID, page: int) -> Row | None:
    """What the feed sent as this page the last time."""
    rows = await tx.rows(
        "select etag, last_modified, source_ids, last from directory.feed_page"
        " where feed = :feed and page = :page",
        feed=feed,
        page=page,
    )
    return rows[0] if rows else None


async def keep_page(
    tx: Tx, feed: UUID, page: int, etag: str | None, modified: str | None, **said: Any
) -> None:
    """Remember a page by its validators: `source_ids` on it, and whether it was the `last`."""
    await tx.run(
        "insert into directory.feed_page (feed, page, etag, last_modified, source_ids, last)"
        " values (:feed, :page, :etag, :modified, :source_ids, :last)"
        " on conflict (feed, page) do update set etag = excluded.etag,"
        " last_modified = excluded.last_modified, source_ids = excluded.source_ids, last = excluded.last",
        feed=feed,
        page=page,
        etag=etag,
        modified=modified,
        **said,
    )


async def forget_page(tx: Tx, feed: UUID, page: int) -> None:
    """Ask for this page whole the next time."""
    await tx.run("delete from directory.feed_page where feed = :feed and page = :page", feed=feed, page=page)
