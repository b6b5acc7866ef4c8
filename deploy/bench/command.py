"""`hub bench`: lists the benchmarks, runs one."""

from pathlib import Path
from typing import Annotated, Any

import typer

from deploy import environment, loop
from deploy.bench import directory, report, sharing
from deploy.bench.benchmarks import LINES, Name, measure
from deploy.bench.stage import staged
from deploy.bench.turns import Pace
from deploy.place import Place, of_a_hub
from deploy.seed.command import Bar, bar
from deploy.seed.services import MOST_SERVICES
from deploy.terminal import AsJson, say_json, say_table

Which = Annotated[Name | None, typer.Argument(help="The benchmark; none: list them.")]
Families = Annotated[int, typer.Option(help="How many synthetic families the hub holds.", min=100)]
Services = Annotated[
    int, typer.Option(help="How many synthetic services the directory holds.", min=100, max=MOST_SERVICES)
]
Seconds = Annotated[float, typer.Option(help="How long to measure each line.", min=0.05, max=600)]
Data = Annotated[
    Path | None, typer.Option(help="Keep the seeded database in this folder, from one run to the next.")
]


def command(
    name: Which = None,
    families: Families = 2_000,
    services: Services = 200_000,
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
    size, what = (services, "Services") if name is Name.DIRECTORY else (families, "Families")
    with of_a_hub(data, environment.settings()) as place, bar(size, what) as progress:
        result = loop.run(_measured(name, place, size, Pace.of(seconds), data is not None, progress))
    if as_json:
        say_json(result)
    else:
        report.show(**result)
    if result["figures"].get("violations"):
        raise typer.Exit(1)


def _list(as_json: bool) -> None:
    if as_json:
        say_json({"benchmarks": LINES})
    else:
        say_table(("benchmark", "what it measures"), list(LINES.items()))


async def _measured(
    name: Name, place: Place, size: int, pace: Pace, keep: bool, progress: Bar
) -> dict[str, Any]:
    if name is Name.DIRECTORY:
        return await directory.measured(place, size, pace, keep=keep, progress=progress)
    if name is Name.SHARING:
        return await sharing.measured(place, size, pace, keep=keep, progress=progress)
    async with staged(place, size, keep=keep, progress=progress) as stage:
        progress.turn_to("Seconds", round(pace.rounds * pace.seconds))
        return await measure(name, stage, size, pace)
