"""Tells the story as it happens: to people in colour, to machines as one transcript."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

SEEN, UNSEEN = "✓", "·"


@dataclass
class Teller:
    """What happened so far. With `aloud`, everything is also printed as it happens."""

    console: Console
    aloud: bool = True
    chapters: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def chapter(self, title: str) -> None:
        """Something new begins."""
        self.chapters.append({"title": title, "steps": []})
        if self.aloud:
            self.console.print()
            self.console.rule(Text(f"{len(self.chapters)}. {title}", style="bold"), align="left", style="dim")

    def tell(self, who: str, what: str, **facts: Any) -> None:
        """Somebody did something. `facts` are for the transcript and are not printed."""
        self._steps.append({"who": who, "what": what, **({"facts": facts} if facts else {})})
        if self.aloud:
            line = Table.grid(padding=(0, 2))
            line.add_column(width=26, justify="right", style="cyan")
            line.add_column(ratio=1)
            line.add_row(who, Text(what))
            self.console.print(line)

    def quote(self, text: str) -> None:
        """An answer worth reading, as it came over the wire."""
        self._steps.append({"answer": text})
        if self.aloud:
            self.console.print(Padding(Text(text, style="yellow"), (0, 0, 0, 28)))

    def table(self, title: str, rows: Sequence[Mapping[str, str]]) -> None:
        """A table whose columns are the keys of its rows."""
        self._steps.append({"table": title, "rows": [dict(row) for row in rows]})
        if not self.aloud:
            return
        table = Table(title=title, title_justify="left", title_style="italic", header_style="bold", box=None)
        for place, column in enumerate(rows[0]):
            table.add_column(column, no_wrap=place == 0)
        for row in rows:
            table.add_row(*(_coloured(value) for value in row.values()))
        self.console.print(Padding(table, (1, 0, 1, 4)))

    @property
    def _steps(self) -> list[dict[str, Any]]:
        return self.chapters[-1]["steps"]


def _coloured(value: str) -> Text:
    return Text(value, style={SEEN: "bold green", UNSEEN: "dim"}.get(value, ""))
