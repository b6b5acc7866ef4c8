"""Two hubs on one server: the same families in both, and in the large one a crowd around them."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
from sqlalchemy.engine import make_url

from deploy import keys, local
from deploy.bench.sharing.crowd import crowded
from deploy.bench.stage import kept_database
from deploy.migrate import migrated
from deploy.place import Place
from deploy.seed import seeded
from hub.policy import SERVICE_ROLES

FEWEST = 500
TENFOLD_TWICE = 100


@dataclass(frozen=True)
class Hub:
    """A seeded database, as its administrator reaches it and as the referral service does."""

    name: str
    families: int
    administrator: asyncpg.Connection
    every: str
    own: str


@asynccontextmanager
async def two_hubs(
    place: Place, families: int, *, keep: bool, progress: Callable[[int], None], fewest: int = FEWEST
) -> AsyncGenerator[tuple[Hub, Hub]]:
    """A hub with a hundredth of the families (`fewest` at least), and one with all of them."""
    few = max(fewest, families // TENFOLD_TWICE)
    passwords, key = local.passwords(), keys.kept_in(place.folder)["HUB_MATCHING_KEY"]
    async with (
        _hub(place, "hub_sharing_small", few, keep=keep, passwords=passwords) as small,
        _hub(place, "hub_sharing_large", families, keep=keep, passwords=passwords) as large,
    ):
        for hub in (small, large):
            await seeded(hub.every, few, matching_key=key)
        await crowded(large.administrator, families - few, progress)
        for hub in (small, large):
            await hub.administrator.execute("checkpoint")
        yield small, large


@asynccontextmanager
async def _hub(
    place: Place, name: str, families: int, *, keep: bool, passwords: dict[str, str]
) -> AsyncGenerator[Hub]:
    url = make_url(place.database_url).set(database=name)
    every = url.render_as_string(hide_password=False)
    own = url.set(username=SERVICE_ROLES["referral"], password=passwords["referral"])
    async with kept_database(place.database_url, name, keep=keep):
        await migrated(every, passwords)
        administrator = await asyncpg.connect(every)
        try:
            yield Hub(name, families, administrator, every, own.render_as_string(hide_password=False))
        finally:
            await administrator.close()
