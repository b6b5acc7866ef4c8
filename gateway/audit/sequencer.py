"""The sequencer: every disclosure gets its place in the audit log, and the log its signed checkpoint.

Disclosures commit in any order and wait in `hub.unsequenced`. At least every second one process of the
hub gives them consecutive numbers in `hub.leaf` and signs the new size and root. What was signed can
only be added to: `hub audit verify` and everybody who kept a checkpoint can tell.
"""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import urlsplit
from uuid import uuid4

import structlog

from hub.database import Database, Tx
from hub.proof import Place, Signer, Tree
from hub.settings import Settings

INTERVAL = 0.5
BATCH = 1_000
LOCK = 3_141_592_653_589_793

NEWEST = "select size, frontier from hub.checkpoint order by size desc limit 1"
TAKE = """
with taken as (
  delete from hub.unsequenced where disclosure in (
    select disclosure from hub.unsequenced order by disclosure limit :most)
  returning disclosure, commitment)
insert into hub.leaf (number, disclosure, commitment)
select :size + row_number() over (order by disclosure) - 1, disclosure, commitment from taken
returning number, commitment
"""
KEEP = """
insert into hub.tree_node (level, index, hash)
select * from unnest(cast(:levels as smallint[]), cast(:indices as bigint[]), cast(:hashes as bytea[]))
"""
# A clock that was set back does not take the log back with it.
SIGN = """
insert into hub.checkpoint (size, root, frontier, note, at)
values (:size, :root, :frontier, :note, greatest(clock_timestamp(), (
  select c.at + interval '1 microsecond' from hub.checkpoint c order by c.size desc limit 1)))
"""

log = structlog.get_logger("hub.audit")


def signer_of(settings: Settings) -> Signer:
    """Who signs this hub's checkpoints: its key, under the name of its public address."""
    place = urlsplit(settings.public_url)
    return Signer(f"{place.netloc}{place.path.rstrip('/')}/audit", settings.checkpoint_signing_key)


@asynccontextmanager
async def sequencing(database: Database, signer: Signer) -> AsyncGenerator[None]:
    """Sequence in the background while inside, and once more on the way out."""
    stop = asyncio.Event()
    task = asyncio.create_task(_keep_sequencing(database, signer, stop))
    try:
        yield
    finally:
        stop.set()
        await task


async def sequence(database: Database, signer: Signer) -> int:
    """Number what waits, up to a batch of it, and sign; how many there were.

    One transaction, under a lock that another process may hold: it is sequencing then, and we need not.
    """
    async with database.transaction(None, "audit sequence", uuid4()) as tx:
        if not await tx.value("select pg_try_advisory_xact_lock(:lock)", lock=LOCK):
            return 0
        newest = await tx.rows(NEWEST)
        tree = Tree(newest[0]["size"], list(newest[0]["frontier"])) if newest else Tree()
        taken = await tx.rows(TAKE, size=tree.size, most=BATCH)
        if taken or not newest:
            ordered = sorted(taken, key=lambda leaf: leaf["number"])
            await _keep(tx, tree.grow(leaf["commitment"] for leaf in ordered))
            await _sign(tx, tree, signer)
            await tx.commit()
        return len(taken)


async def _keep(tx: Tx, nodes: Sequence[tuple[Place, bytes]]) -> None:
    levels, indices = [place.level for place, _ in nodes], [place.number for place, _ in nodes]
    await tx.run(KEEP, levels=levels, indices=indices, hashes=[each for _, each in nodes])


async def _sign(tx: Tx, tree: Tree, signer: Signer) -> None:
    await tx.run(SIGN, size=tree.size, root=tree.root(), frontier=tree.frontier, note=signer.sign(tree))


async def _keep_sequencing(database: Database, signer: Signer, stop: asyncio.Event) -> None:
    while True:
        ending = stop.is_set()
        await _sequence_what_waits(database, signer)
        if ending:
            return
        try:
            await asyncio.wait_for(stop.wait(), INTERVAL)
        except TimeoutError:
            continue


async def _sequence_what_waits(database: Database, signer: Signer) -> None:
    """Everything that waits. A failure is logged and tried again later: what waits is safe meanwhile."""
    try:
        while await sequence(database, signer) == BATCH:
            pass
    except Exception as reason:  # noqa: BLE001  # nothing may end the sequencer but its hub
        log.warning("sequencing failed", kind=type(reason).__name__)
