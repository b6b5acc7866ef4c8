"""Runs the steps, batch by batch; a batch is there as a whole or not at all.

Only an administrator whom row security does not bind can write in every agency's name; nothing is
switched off for anybody else. A fill that was interrupted goes on where it stopped, and a second one adds
nothing.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import asyncpg
from sqlalchemy.engine import make_url

from deploy.demo.partnership import EARLY_HELP
from deploy.seed import agencies, chance, places
from deploy.seed.steps import ENTERED, QUIET, TABLES, Step, steps, table_of

MOST_FAMILIES = 2_000_000
MOST_SEEDS = 9
BATCH = 20_000
# The ledger's triggers take a lock for everybody they decide about.
BATCH_BY_TRIGGERS = 500

RIGHTS = """
select rolsuper or rolbypassrls as writes,
  exists (select from pg_tables where schemaname = 'assessment' and tablename = 'minute') as migrated,
  has_parameter_privilege('session_replication_role', 'SET') as quiets
from pg_roles where rolname = current_user"""

# Nothing waits for the disk: what a crash loses, the next fill makes again.
SESSION = """
set synchronous_commit = off; set work_mem = '128MB'; set temp_buffers = '64MB'; set jit = off;
set timezone = 'UTC'"""

THERE = "select exists (select from referral.household where id = pg_temp.random_id('household', $1))"

Progress = Callable[[int], None]


class CannotSeed(Exception):
    """This database cannot be filled, or not with so much."""


@dataclass(frozen=True)
class Seeded:
    """What a fill left: how many families the seed has now, how many are new, and the new rows by table."""

    families: int
    seed: int
    added: int
    seconds: float
    rows: Counter[str]


def seed(url: str, families: int, **more: Any) -> Seeded:
    """`seeded`, for callers outside an event loop."""
    return asyncio.run(seeded(url, families, **more))


async def seeded(
    url: str,
    families: int,
    *,
    matching_key: str,
    seed: int = 1,
    today: date | None = None,
    by_triggers: bool = False,
    progress: Progress = lambda _: None,
) -> Seeded:
    """See that the first `families` families of a seed are in the migrated database at `url`.

    `matching_key` is the hub's HUB_MATCHING_KEY, under which pupils are found by UPN. Times count back
    from `today`. `by_triggers` lets the ledger's triggers work row by row instead of saying the same over
    sets. `progress` is told how many families there are. Raises CannotSeed.
    """
    if not (0 < families <= MOST_FAMILIES and 0 < seed <= MOST_SEEDS):
        raise CannotSeed(f"From 1 to {MOST_FAMILIES:,} families, and a seed from 1 to {MOST_SEEDS}.")
    began, rows = time.monotonic(), Counter[str]()
    async with connected(url) as connection:
        by_triggers = not await may_quieten(connection) or by_triggers
        known = await _prepare(connection, seed, today or datetime.now(UTC).date())
        await _agree(connection, families, by_triggers=by_triggers)
        have, size = await _there_already(connection, families), BATCH_BY_TRIGGERS if by_triggers else BATCH
        for first in range(have + 1, families + 1, size):
            last = min(first + size - 1, families)
            batch = steps(first, last, known, seed, matching_key, by_triggers=by_triggers)
            rows += await fill(connection, batch, partial(part, progress, first, last))
        if rows:
            # The first reader would otherwise pay for every row's first look, and the planner would guess.
            await connection.execute(f"vacuum (analyze) {', '.join(sorted(rows))}")
    return Seeded(families, seed, families - have, round(time.monotonic() - began, 2), rows)


@asynccontextmanager
async def connected(url: str) -> AsyncGenerator[asyncpg.Connection]:
    """A connection while inside."""
    plain = make_url(url).set(drivername="postgresql")
    connection = await asyncpg.connect(plain.render_as_string(hide_password=False))
    try:
        yield connection
    finally:
        await connection.close()


async def may_quieten(connection: asyncpg.Connection) -> bool:
    """Whether this role can hold triggers back. CannotSeed if it cannot even write."""
    role = await connection.fetchrow(RIGHTS)
    assert role is not None, "a session has a role"
    if not role["migrated"]:
        raise CannotSeed("This database is not up to date: run `hub migrate` first.")
    if not role["writes"]:
        raise CannotSeed("Row security binds this role: give the URL of a superuser.")
    return role["quiets"]


async def _prepare(connection: asyncpg.Connection, seed: int, today: date) -> int:
    """Functions, tables and places; how many places there are."""
    known = places.postcodes()
    for script in (SESSION, chance.functions(seed, today), TABLES):
        await connection.execute(script)
    await connection.copy_records_to_table("place", records=enumerate(known))
    return len(known)


async def _agree(connection: asyncpg.Connection, families: int, *, by_triggers: bool) -> None:
    """See that the agencies are there and have signed what their decisions rest on."""
    await connection.execute(agencies.JOIN, *agencies.rows(families))
    async with connection.transaction():
        await connection.execute(
            f"set local hub.agency = '{EARLY_HELP.id}'; {ENTERED}" if by_triggers else QUIET
        )
        for one in agencies.neighbourhoods(families):
            if await connection.execute(agencies.AGREEMENT, one.number, one.parties) == "INSERT 0 1":
                await connection.execute(agencies.TERM, one.number, one.parties)
                steps = [(one.number, "drafted", EARLY_HELP.id)]
                steps += [(one.number, "signed", party) for party in one.parties]
                await connection.executemany(agencies.EVENT, steps)
                await connection.execute(agencies.IN_FORCE, one.number)
                if not by_triggers:
                    await connection.execute(agencies.ENTERED, one.number)


async def _there_already(connection: asyncpg.Connection, families: int) -> int:
    """How many of the families are there: they come in order, so a few looks tell."""
    low, high = 0, families
    while low < high:
        middle = (low + high + 1) // 2
        if await connection.fetchval(THERE, middle):
            low = middle
        else:
            high = middle - 1
    return low


async def fill(
    connection: asyncpg.Connection, batch: list[Step], progress: Callable[[float], None]
) -> Counter[str]:
    """Make one batch, all of it or nothing; the rows it added to every table."""
    rows = Counter[str]()
    async with connection.transaction():
        for number, (statement, values) in enumerate(batch, 1):
            status = await connection.execute(statement, *values)
            table = table_of(statement)
            if table:
                rows[table] += int(status.rpartition(" ")[2])
            progress(number / len(batch))
    return rows


def part(progress: Progress, first: int, last: int, done: float) -> None:
    """Tell that so much of a batch is done."""
    progress(first - 1 + int(done * (last - first + 1)))
