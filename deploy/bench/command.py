"""`hub bench`: lists the benchmarks, runs one."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from deploy import environment
from deploy.bench import report
from deploy.bench.benchmarks import BENCHMARKS, Name, measure
from deploy.bench.stage import staged
from deploy.bench.turns import Pace
from deploy.place import Place, of_a_hub
from deploy.seed.command import bar
from deploy.terminal import AsJson, say_json, say_table

T = TypeVar("T")

Which = Annotated[Name | None, typer.Argument(help="The benchmark; none: list them.")]
Families = Annotated[int, typer.Option(help="How many synthetic families the hub holds.", min=100)]
Seconds = Annotated[float, typer.Option(help="How long to measure each line.", min=0.05, max=600)]
Data = Annotated[
    Path | None, typer.Option(help="Keep the seeded database in this folder, from one run to the next.")
]


def command(
    name: Which = None,
    families: Families = 2_000,
    seconds: Seconds = 2.0,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Measure a hub against what PostgreSQL alone can do.

    Seeds a database of its own, in an embedded PostgreSQL or on the server in HUB_DATABASE_URL (whose hub
    roles get fresh passwords), and starts the hub beside it. Every answer is checked.
    """
    if name is None:
        _list(as_json)
        return
    with of_a_hub(data, environment.settings()) as place, bar(families) as progress:
        measured = _measured(name, place, families, Pace.of(seconds), data is not None, progress)
        result = _run(measured)
    if as_json:
        say_json(result)
    else:
        report.show(**result)


def _list(as_json: bool) -> None:
    lines = {name.value: benchmark.line for name, benchmark in BENCHMARKS.items()}
    if as_json:
        say_json({"benchmarks": lines})
    else:
        say_table(("benchmark", "what it measures"), list(lines.items()))


async def _measured(
    name: Name, place: Place, families: int, pace: Pace, keep: bool, progress: Any
) -> dict[str, Any]:
    async with staged(place, families, keep=keep, progress=progress) as stage:
        return await measure(name, stage, families, pace)


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Run it on uvloop where there is one: a client should not be what is measured."""
    try:
        import uvloop  # noqa: PLC0415  # not on every system
    except ImportError:
        return asyncio.run(work)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(work)
