"""`hub seed`: synthetic families for a hub on this machine or on a server."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from deploy import environment, keys
from deploy.migrate import migrated
from deploy.place import of_a_hub
from deploy.seed.filling import MOST_FAMILIES, MOST_SEEDS, Seeded, seeded
from deploy.terminal import AsJson, say, say_json
from hub.settings import Settings

Families = Annotated[
    int, typer.Option(help="How many families there shall be.", min=1, max=MOST_FAMILIES, show_default=False)
]
Number = Annotated[
    int, typer.Option("--seed", help="Other families for another number.", min=1, max=MOST_SEEDS)
]
Data = Annotated[Path | None, typer.Option(help="The folder of a hub on this machine.")]


class NowhereToSeed(Exception):
    """There is no hub to fill."""


def command(families: Families, seed: Number = 1, data: Data = None, as_json: AsJson = False) -> None:
    """Fill a hub with synthetic families.

    The same number gives the same families, and a second run adds only those that are missing. Fills the
    hub in --data DIR while it is down, or the database in HUB_DATABASE_URL (an administrator's URL).
    With HUB_MATCHING_KEY set that one may be up.
    """
    settings = environment.settings()
    with _place(data, settings) as (url, matching_key), bar(families) as progress:
        filled = seeded(url, families, matching_key=matching_key, seed=seed, progress=progress)
        done = asyncio.run(filled)
    if as_json:
        say_json({**asdict(done), "rows": dict(sorted(done.rows.items()))})
        return
    say(sentence(done))


def sentence(done: Seeded) -> str:
    """What a fill did, in words."""
    if not done.added:
        return f"All {done.families:,} families of seed {done.seed} were there."
    rows = sum(done.rows.values())
    return f"Added {done.added:,} synthetic families ({rows:,} rows) in {done.seconds:.1f} seconds."


@contextmanager
def bar(families: int) -> Generator[Callable[[int], None]]:
    """A progress bar on standard error while inside; call what it gives with the families done so far."""
    columns = (TextColumn("Families"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("families", total=families)
        yield lambda done: progress.update(task, completed=done)


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
