"""The proof under load: how fast a log is verified, and how far apart checkpoints are while it is written.

The log that is verified is made here, of disclosures like the hub's own. The one that is written fills as
fast as PostgreSQL takes disclosures, one in a statement and as many as a page shows, with the sequencers
of two gateways at work.
"""

import asyncio
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import asyncpg

from deploy.audit import verify_log
from deploy.audit.export import FORMAT
from deploy.bench.stage import Stage, caller_of
from deploy.bench.statements import context_of
from deploy.bench.turns import Pace, WrongAnswer
from deploy.demo.partnership import EARLY_HELP
from gateway.audit import signer_of
from hub.proof import Signer, Tree, commitment_to, leaf_hash

LEAVES = 200_000
CHECKPOINT_EVERY = 500
RUNS = 3
WRITERS = 8
LOOK_EVERY = 0.1
LONGEST_GAP = 1.0
OPERATION = "referral GET /households/{household}/case"
WRITE = """
insert into hub.disclosure (subject, categories, row_count)
select one, '{identity_contact}', 1 from unnest($1::uuid[]) one"""
A_PAGE = 50
WAITING = "select count(*) from hub.unsequenced"
GAPS = """
select max(extract(epoch from at - before))::float8 from (
  select at, lag(at) over (order by at) as before from (
    select at from hub.checkpoint where at between $1 and $2 union all values ($1), ($2)) mark) following"""
SINCE = "select count(*) from hub.checkpoint where at between $1 and $2"
NUMBERED = "select count(*) from hub.leaf"


async def run(stage: Stage, pace: Pace, entries: int = LEAVES) -> dict[str, Any]:
    """Both, and `violations`: gaps between checkpoints above a second."""
    signer = signer_of(stage.apart.settings["gateway"])
    rates = [await asyncio.to_thread(_verified, signer, entries) for _ in range(RUNS)]
    seconds = pace.rounds * pace.seconds
    loads = {"one_a_statement": await _written(stage, seconds, 1)}
    loads["fifty_a_statement"] = await _written(stage, seconds, A_PAGE)
    return {
        "entries": entries,
        "entries_per_second": round(max(rates)),
        "entries_per_second_range": [round(min(rates)), round(max(rates))],
        "violations": sum(load["longest_gap_ms"] > LONGEST_GAP * 1000 for load in loads.values()),
        "checkpoints": loads,
    }


def _verified(signer: Signer, entries: int) -> float:
    """Leaves a second. Raises WrongAnswer should the log not hold, or hold when it should not."""
    lines = list(a_log(signer, entries))
    began = time.perf_counter()
    verdict = verify_log(lines, key=signer.verifier_key())
    took = time.perf_counter() - began
    if not verdict.holds or verdict.size != entries:
        raise WrongAnswer(f"The log does not hold: {verdict.failures[:1]}")
    lines[entries // 2] = lines[entries // 2].replace("oakfield-primary", "oakfield-primari")
    if verify_log(lines, key=signer.verifier_key()).holds:
        raise WrongAnswer("A log that was altered holds.")
    return entries / took


def a_log(signer: Signer, leaves: int) -> Iterator[str]:
    """A log as `hub audit export` writes it: the header first, then a line per leaf."""
    tree, lines = Tree(), list[str]()
    for number in range(leaves):
        disclosure = str(uuid4())
        text, salt = _disclosure(disclosure, number), number.to_bytes(32, "big")
        commitment = commitment_to(salt, text)
        tree.append(commitment)
        leaf = {
            "number": number,
            "disclosure": disclosure,
            "commitment": commitment.hex(),
            "text": text,
            "salt": salt.hex(),
            "root": tree.root().hex() if tree.size % CHECKPOINT_EVERY == 0 else None,
            "node": leaf_hash(commitment).hex(),
        }
        lines.append(json.dumps(leaf))
    header = {"format": FORMAT, "checkpoint": signer.sign(tree), "key": signer.verifier_key()}
    yield json.dumps(header)
    yield from lines


def _disclosure(identity: str, number: int) -> str:
    row = {
        "id": identity,
        "at": "2026-11-22T18:00:00.123456+00:00",
        "agency": "oakfield-primary",
        "client": "oakfield-primary",
        "practitioner": f"p-{number % 40}",
        "purpose": "early_help",
        "audience": ["oakfield-primary"],
        "operation": OPERATION,
        "request": str(uuid4()),
        "outcome": "shown",
        "subject": str(uuid4()),
        "categories": ["existence", "family_household", "identity_contact"],
        "row_count": 12,
        "reason": None,
    }
    return json.dumps(row)


@dataclass
class _Backlog:
    """How many disclosures waited for their place, whenever it was looked."""

    seen: list[int] = field(default_factory=list[int])

    async def watch(self, administrator: Any, stop: asyncio.Event) -> None:
        while not stop.is_set():
            self.seen.append(await administrator.fetchval(WAITING))
            await asyncio.sleep(LOOK_EVERY)


async def _written(stage: Stage, seconds: float, together: int) -> dict[str, Any]:
    """Disclosures as fast as they are taken, for so long, so many in a statement."""
    administrator, backlog, stop = stage.administrator, _Backlog(), asyncio.Event()
    await stage.settle()
    before = await administrator.fetchval(NUMBERED)
    began = await administrator.fetchval("select clock_timestamp()")
    async with asyncio.TaskGroup() as group:
        watching = group.create_task(backlog.watch(administrator, stop))
        writers = [group.create_task(_write(stage, seconds, together)) for _ in range(WRITERS)]
        written = sum(await asyncio.gather(*writers))
        stop.set()
        await watching
    ended = await administrator.fetchval("select clock_timestamp()")
    after, clock = await administrator.fetchval(NUMBERED), time.perf_counter()
    await stage.settle()
    return {
        "seconds": round(seconds, 1),
        "disclosures": written,
        "disclosures_per_second": round(written / seconds),
        "leaves_per_second": round((after - before) / seconds),
        "checkpoints": await administrator.fetchval(SINCE, began, ended),
        "longest_gap_ms": round(await administrator.fetchval(GAPS, began, ended) * 1000),
        "most_waiting": max(backlog.seen),
        "settled_after_ms": round((time.perf_counter() - clock) * 1000),
    }


async def _write(stage: Stage, seconds: float, together: int) -> int:
    """One connection of the referral service's role, a transaction a statement; how many it wrote."""
    context = context_of(caller_of(EARLY_HELP), OPERATION)
    connection: Any = await asyncpg.connect(stage.url_of("referral"), server_settings=context)  # pyright: ignore[reportUnknownVariableType]  # untyped
    subjects = [uuid4() for _ in range(together)]
    try:
        statement = await connection.prepare(WRITE)
        written, until = 0, time.perf_counter() + seconds
        while time.perf_counter() < until:
            await statement.fetch(subjects)
            written += together
        return written
    finally:
        await connection.close()
