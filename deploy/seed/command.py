"""`hub seed`: synthetic families and services for a hub on this machine or on a server."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from deploy import environment, keys
from deploy.migrate import migrated
from deploy.place import of_a_hub
from deploy.seed.filling import MOST_FAMILIES, MOST_SEEDS, Seeded, seeded
from deploy.seed.services import MOST_SERVICES, SeededServices, services_seeded
from deploy.terminal import AsJson, say, say_json
from hub.settings import Settings

Families = Annotated[
    int | None, typer.Option(help="How many families there shall be.", min=1, max=MOST_FAMILIES)
]
Services = Annotated[
    int | None,
    typer.Option(help="How many services of the local offer there shall be.", min=1, max=MOST_SERVICES),
]
Number = Annotated[
    int, typer.Option("--seed", help="Other families and services for another number.", min=1, max=MOST_SEEDS)
]
Data = Annotated[Path | None, typer.Option(help="The folder of a hub on this machine.")]


class NowhereToSeed(Exception):
    """There is no hub to fill."""


class NothingToSeed(Exception):
    """Nobody said what to fill the hub with."""


def command(
    families: Families = None,
    services: Services = None,
    seed: Number = 1,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Fill a hub with synthetic families, a directory with synthetic services, or both.

    The same number gives the same ones, and a second run adds only those that are missing. Fills the
    hub in --data DIR while it is down, or the database in HUB_DATABASE_URL (an administrator's URL).
    With HUB_MATCHING_KEY set that one may be up.
    """
    if families is None and services is None:
        raise NothingToSeed("Say how many: --families N, --services N, or both.")
    with _place(data, environment.settings()) as (url, matching_key):
        done = [
            *([_families(url, families, seed, matching_key)] if families else []),
            *([_services(url, services, seed)] if services else []),
        ]
    if as_json:
        found = [{**asdict(one), "rows": dict(sorted(one.rows.items()))} for one in done]
        say_json(found[0] if len(found) == 1 else {"families": found[0], "services": found[1]})
        return
    for one in done:
        say(sentence(one))


def sentence(done: Seeded | SeededServices) -> str:
    """What a fill did, in words."""
    there, what = (done.families, "families") if isinstance(done, Seeded) else (done.services, "services")
    if not done.added:
        return f"All {there:,} {what} of seed {done.seed} were there."
    rows = sum(done.rows.values())
    return f"Added {done.added:,} synthetic {what} ({rows:,} rows) in {done.seconds:.1f} seconds."


@dataclass(frozen=True)
class Bar:
    """A progress bar; call it with how many there are so far."""

    progress: Progress
    task: TaskID

    def __call__(self, done: float) -> None:
        """Show how many there are."""
        self.progress.update(self.task, completed=done)

    def turn_to(self, what: str, total: float) -> None:
        """Begin again, with something else."""
        self.progress.reset(self.task, description=what, total=total)


@contextmanager
def bar(families: int, what: str = "Families") -> Generator[Bar]:
    """A progress bar on standard error while inside."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=families)
        yield Bar(progress, task)


def _families(url: str, families: int, seed: int, matching_key: str) -> Seeded:
    with bar(families) as progress:
        return asyncio.run(seeded(url, families, matching_key=matching_key, seed=seed, progress=progress))


def _services(url: str, services: int, seed: int) -> SeededServices:
    with bar(services, "Services") as progress:
        return asyncio.run(services_seeded(url, services, seed=seed, progress=progress))


@contextmanager
def _place(data: Path | None, settings: Settings) -> Generator[tuple[str, str]]:
    """The administrator's URL and the matching key of the hub to fill."""
    on_a_server = bool(settings.database_url.get_secret_value())
    if on_a_server and settings.matching_key.get_secret_value():
        yield environment.database_url(settings), settings.need("matching_key")
        return
    if not on_a_server and data is None:
        raise NowhereToSeed("Give the folder of a hub with --data DIR, or a server in HUB_DATABASE_URL.")
    with of_a_hub(data, settings) as place:
        asyncio.run(migrated(place.database_url, {}))
        yield place.database_url, keys.kept_in(place.folder)["HUB_MATCHING_KEY"]
