"""Which benchmarks there are, and what one of them gives."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from deploy.bench import case, concern, machine, unseen, verify
from deploy.bench.stage import Stage
from deploy.bench.turns import Pace
from deploy.bench.withdraw import measured as withdraw


class Name(StrEnum):
    """What `hub bench` can be asked for."""

    CASE = "case"
    CONCERN = "concern"
    DIRECTORY = "directory"
    SHARING = "sharing"
    UNSEEN = "unseen"
    VERIFY = "verify"
    WITHDRAW = "withdraw"


@dataclass(frozen=True)
class Benchmark:
    """One benchmark of a hub with families: what it measures, in a line, and how."""

    line: str
    run: Callable[[Stage, Pace], Awaitable[dict[str, Any]]]


async def measure(name: Name, stage: Stage, families: int, pace: Pace) -> dict[str, Any]:
    """One benchmark's figures, and the machine they belong to."""
    about = machine.described(await stage.administrator.fetchval("show server_version"))
    figures = await BENCHMARKS[name].run(stage, pace)
    return {"name": name.value, "figures": {"families": families, **figures}, "machine": about}


BENCHMARKS = {
    Name.CASE: Benchmark("Read the shared case view of a family.", case.run),
    Name.CONCERN: Benchmark("Receive one concern, durable before it is answered.", concern.run),
    Name.UNSEEN: Benchmark("Hear of what may not be seen as fast as of what does not exist.", unseen.run),
    Name.VERIFY: Benchmark("Verify an audit log, and checkpoint one that is written fast.", verify.run),
    Name.WITHDRAW: Benchmark("Withdraw under load, two front doors: nothing shown after.", withdraw.run),
}
LINES = {name.value: benchmark.line for name, benchmark in BENCHMARKS.items()} | {
    Name.DIRECTORY.value: "Search and read a directory, and one with a tenth of its services.",
    Name.SHARING.value: "What the row policy costs, in a small hub and in one a hundred times its size.",
}
