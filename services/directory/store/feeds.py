"""Feeds: who keeps which in step, and one pull at a time."""

from uuid import UUID

from hub.database import Tx


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


async def hold(tx: Tx, feed: UUID) -> None:
    """Wait for another pull of the same feed, and keep the next one waiting."""
    await tx.run("select from directory.feed where id = :feed for update", feed=feed)


async def pulled(tx: Tx, feed: UUID, publisher: str) -> None:
    """Remember when the feed was last pulled, and who says they publish it."""
    await tx.run(
        "update directory.feed set pulled_at = now(), publisher = :publisher where id = :feed",
        feed=feed,
        publisher=publisher,
    )
