"""Which benchmarks there are, and what one of them gives."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from deploy.bench import case, concern, machine
from deploy.bench.stage import Stage
from deploy.bench.turns import Pace


class Name(StrEnum):
    """What `hub bench` can be asked for."""

    CASE = "case"
    CONCERN = "concern"


@dataclass(frozen=True)
class Benchmark:
    """One benchmark: what it measures, in a line, and how."""

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
}
