"""Runs the statements, batch by batch; a batch is there as a whole or not at all.

A fill that was interrupted goes on where it stopped, and a second one adds nothing.
"""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial

import asyncpg

from deploy.demo.partnership import EARLY_HELP
from deploy.seed import chance
from deploy.seed.filling import MOST_SEEDS, CannotSeed, Progress, connected, fill, may_quieten, part
from deploy.seed.services import details, kinds, records
from deploy.seed.services.places import Spot, spots
from deploy.seed.steps import QUIET, Step, table_of

MOST_SERVICES = 1_000_000
BATCH = 10_000
SESSION = """
set synchronous_commit = off; set work_mem = '128MB'; set temp_buffers = '64MB'; set jit = off;
set timezone = 'UTC'; set search_path = pg_catalog"""
THERE = "select exists (select from directory.service where id = pg_temp.random_id('service', $1))"


@dataclass(frozen=True)
class SeededServices:
    """What a fill left: how many services the seed has now, how many are new, and the new rows by table."""

    services: int
    seed: int
    added: int
    seconds: float
    rows: Counter[str]


async def services_seeded(
    url: str, services: int, *, seed: int = 1, today: date | None = None, progress: Progress = lambda _: None
) -> SeededServices:
    """See that the first `services` services of a seed are in the migrated database at `url`.

    Times count back from `today`; `progress` is told how many services there are. Raises CannotSeed.
    """
    if not (0 < services <= MOST_SERVICES and 0 < seed <= MOST_SEEDS):
        raise CannotSeed(f"From 1 to {MOST_SERVICES:,} services, and a seed from 1 to {MOST_SEEDS}.")
    began, rows = time.monotonic(), Counter[str]()
    async with connected(url) as connection:
        quiet = await may_quieten(connection)
        await connection.execute(SESSION)
        await connection.execute(chance.functions(seed, today or datetime.now(UTC).date()))
        have = await _there_already(connection, services)
        if have < services:
            await _lay_out(connection)
            for first in range(have + 1, services + 1, BATCH):
                last = min(first + BATCH - 1, services)
                told = partial(part, progress, first, last)
                batch = list(_batch(first, last, quiet=quiet, fresh=first == have + 1))
                rows += await fill(connection, batch, told)
            # The first reader would otherwise pay for every row's first look, and the planner would guess.
            await connection.execute(f"vacuum (analyze) {', '.join(sorted(rows))}")
    return SeededServices(services, seed, services - have, round(time.monotonic() - began, 2), rows)


async def _there_already(connection: asyncpg.Connection, services: int) -> int:
    """How many are there: they come in order, so a few looks tell."""
    low, high = 0, services
    while low < high:
        middle = (low + high + 1) // 2
        if await connection.fetchval(THERE, middle):
            low = middle
        else:
            high = middle - 1
    return low


async def _lay_out(connection: asyncpg.Connection) -> None:
    """What services are made of, and where they are."""
    known = spots()
    for script in (kinds.tables(), records.TABLES):
        await connection.execute(script)
    await connection.copy_records_to_table("spot", records=list(_numbered(known)), schema_name="pg_temp")
    await connection.execute("analyze pg_temp.spot")
    taxonomy = kinds.said()["taxonomy"]
    await connection.execute(kinds.TAXONOMY, EARLY_HELP.id, taxonomy)
    await connection.execute(kinds.TERMS, EARLY_HELP.id, taxonomy)
    await connection.execute(kinds.OUR_TERMS, EARLY_HELP.id)


def _numbered(known: list[Spot]) -> Iterator[tuple[int, str, str, int, int, float, float, int]]:
    """Rows of the table `spot`; `area` numbers the authorities in the order they come in."""
    areas: dict[str, int] = {}
    for number, spot in enumerate(known):
        area = areas.setdefault(spot.authority, len(areas))
        where = spot.geographic()
        latitude, longitude = round(where.latitude, 6), round(where.longitude, 6)
        yield (
            *(number, spot.postcode, spot.authority, spot.easting, spot.northing),
            *(latitude, longitude, area),
        )


def _batch(first: int, last: int, *, quiet: bool, fresh: bool) -> Iterator[Step]:
    if quiet:
        yield (QUIET, ())
    yield (records.OFFER, (first, last))
    yield ("analyze pg_temp.offer", ())
    made = (*records.STATEMENTS, *details.STATEMENTS)
    for statement in made:
        yield (statement, (EARLY_HELP.id,) if "$1" in statement else ())
    if fresh:
        # What follows reads every one of them: without a look at them first it is fifty times slower.
        yield (f"analyze {', '.join(filter(None, map(table_of, made)))}", ())
    yield from ((statement, ()) for statement in (details.BY_SETS if quiet else ()))
