"""`hub import`: brings what others publish into a hub on this machine or on a server."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy import importing
from deploy.terminal import MARKUP, AsJson, say, say_json, say_table
from services.directory.schemas import FeedReport

imports = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=MARKUP,
    help="Bring what others publish into a hub.",
)

Source = Annotated[
    str,
    typer.Argument(
        help="The base URL of a feed, the URL of a file, or a file: JSON, NDJSON, a zipped HSDS data package,"
        " or the datapackage.json beside its tables.",
        show_default=False,
    ),
]
Publisher = Annotated[
    str | None, typer.Option(help="Who publishes it, as people know them.", show_default=False)
]
Agency = Annotated[
    str | None,
    typer.Option(help="The member that keeps it; needed where the hub has several.", show_default=False),
]
Feed = Annotated[
    str | None,
    typer.Option(
        help="What the next import of the same file is known by; otherwise its publisher and its name.",
        show_default=False,
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")]
HideGone = Annotated[
    bool, typer.Option("--hide-gone", help="Hide what is gone, however much of the feed that is.")
]
Longest = Annotated[int, typer.Option(help="Minutes after which a feed is left; the next run goes on there.")]
Data = Annotated[Path | None, typer.Option(help="The folder of a hub on this machine, while it is down.")]
SHOWN = 20


@imports.callback()
def group() -> None:
    """Bring what others publish into a hub."""


@imports.command()
def directory(
    source: Source,
    publisher: Publisher = None,
    agency: Agency = None,
    feed: Feed = None,
    dry_run: DryRun = False,
    hide_gone: HideGone = False,
    longest: Longest = 60,
    data: Data = None,
    as_json: AsJson = False,
) -> None:
    """Import a local offer: Open Referral UK 3.0 or 1.0, Outpost, or an HSDS data package.

    What it is is found by looking at it. The same again changes nothing. Brings it into the hub in --data
    DIR, or the database in HUB_DATABASE_URL (an administrator's URL). What a feed does not have any more is
    hidden; where that is more than a tenth of it, or all there was, it waits until somebody agrees: with
    --hide-gone, or over the API. A feed that breaks off hides nothing, and exit code 2 says so.
    """
    wish = importing.Wish(
        source, publisher, agency, dry_run=dry_run, hide_gone=hide_gone, longest=longest * 60.0, feed=feed
    )
    with importing.place(data) as url, bar() as progress:
        report = asyncio.run(importing.carry_in(url, wish, progress))
    if as_json:
        say_json({**report.model_dump(mode="json"), "dry_run": dry_run})
    else:
        tell(report, dry_run=dry_run)
    if not report.complete:
        raise typer.Exit(2)


def tell(report: FeedReport, *, dry_run: bool) -> None:
    """A report in words: what changed, what was wrong, what to do."""
    counts = report.counts
    words = (
        f"{counts.read:,} read: {counts.added:,} new, {counts.changed:,} changed,"
        f" {counts.unchanged:,} as they were, {counts.hidden:,} hidden,"
        f" {counts.failed:,} refused; something mended in {counts.noted:,}."
    )
    say(f"{'A dry run, nothing is kept. ' if dry_run else ''}{report.publisher}: {words}")
    if dry_run and report.changes:
        rows = [
            (one.what.replace("_", " "), one.name, ", ".join(one.fields)) for one in report.changes[:SHOWN]
        ]
        say_table(("what", "service", "fields"), rows)
        _and_more(len(report.changes))
    if report.failures:
        failed = [(one.record or "(no id)", "; ".join(one.reasons)) for one in report.failures[:SHOWN]]
        say_table(("refused", "because"), failed)
        _and_more(len(report.failures))
    if counts.to_hide:
        say(
            f"{counts.to_hide:,} are not in it any more. That is too much of it to hide unasked: look at"
            f" /directory/pulls/{report.pull}/lines?what=to_hide, or import it again with --hide-gone."
        )
    if counts.alike:
        say(f"{counts.alike:,} look like services of other feeds: see /directory/duplicates.")
    if not report.complete:
        say(f"It was not read to its end, so nothing was hidden. {report.stopped or ''}".strip())


def _and_more(found: int) -> None:
    if found > SHOWN:
        say(f"... and {found - SHOWN:,} more; --json has up to a thousand.")


@contextmanager
def bar() -> Generator[Callable[[int, int | None], None]]:
    """A progress bar on standard error while inside; call what it gives with the records read so far."""
    columns = (TextColumn("Services"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("services", total=None)
        yield lambda done, of: progress.update(task, completed=done, total=of)
