"""How every command talks: facts on standard output, progress and refusals on standard error."""

import json
import sys
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table

# Help texts are reflowed to the width of the terminal, and may show `code`.
MARKUP: Literal["markdown"] = "markdown"
OURS = frozenset({"hub", "services", "gateway", "deploy"})
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")]
OfAHub = Annotated[
    Path | None,
    typer.Option(
        "--data", help="The folder of a hub that is up; else HUB_DATABASE_URL, or the one that is up."
    ),
]

facts = Console(highlight=False, soft_wrap=True)
_progress = Console(stderr=True, highlight=False, soft_wrap=True)


def say(text: str) -> None:
    """A line of what was asked for, as it stands."""
    typer.echo(text)


def aside(text: str) -> None:
    """What a person should know besides, out of the way of what was asked for: on standard error."""
    typer.echo(text, err=True)


def say_json(value: Any) -> None:
    """What was asked for, for a machine."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def say_line(value: Any) -> None:
    """The same in one line, at once: for what goes on."""
    typer.echo(json.dumps(value, ensure_ascii=False))


def say_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """What was asked for, in columns."""
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*row)
    facts.print(table)


@contextmanager
def doing(what: str) -> Generator[None]:
    """Show that something takes a moment: a spinner for people, a line for logs."""
    if _progress.is_terminal:
        with _progress.status(what):
            yield
    else:
        _progress.print(f"{what} ...")
        yield


def refusal(reason: Exception) -> str | None:
    """An exception of ours as a named sentence; None for any other, which is a bug and no refusal."""
    kind = type(reason)
    if kind.__module__.partition(".")[0] not in OURS:
        return None
    title = (kind.__doc__ or kind.__name__).strip().splitlines()[0]
    said = str(reason).strip()
    whole = said if said[:1].isupper() and len(said.split()) > 2 else f"{title} {said}".strip()
    return f"{kind.__name__}: {whole}"


def refuse(sentence: str) -> None:
    """Say why not, and end with exit code 1."""
    typer.echo(sentence, err=True)
    sys.exit(1)
