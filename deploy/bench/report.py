"""Figures as tables for a person."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from deploy.terminal import facts

COLUMNS = ("", "per second", "p50 ms", "p99 ms", "{}", "hub µs", "PostgreSQL µs")
# What a row is compared with: its heading, and what that means.
COMPARED = {
    "of_statement": ("of limit", "against the statement alone, in turns"),
    "of_a_tenth": ("of a tenth", "the p50 against that among a tenth of the services, in turns"),
}


def show(name: str, figures: Mapping[str, Any], machine: Mapping[str, Any]) -> None:
    """A table for every group of figures, and what they were measured on."""
    plain = {key: value for key, value in figures.items() if not isinstance(value, dict)}
    notes: dict[str, str] = {}
    for group in (key for key in figures if key not in plain):
        title = f"{name}, {group.replace('_', ' ')}"
        against = next((key for key in COMPARED if key in next(iter(figures[group].values()))), None)
        facts.print(_table(title, figures[group], against) if against else _facts(title, figures[group]))
        notes |= dict([COMPARED[against]]) if against else {}
    for about in (plain, machine):
        facts.print(
            ", ".join(f"{key.replace('_', ' ')}: {value}" for key, value in about.items()), style="dim"
        )
    for heading, meaning in notes.items():
        facts.print(f"{heading}: {meaning}; the other columns belong to this machine.", style="dim")
    facts.print("µs: processor time for one request and the work it leaves behind.", style="dim")


def _table(title: str, rows: Mapping[str, Mapping[str, Any]], against: str) -> Table:
    table = _plain(title, *(column.format(COMPARED[against][0]) for column in COLUMNS))
    for name, row in rows.items():
        table.add_row(
            name.replace("_", " "),
            f"{row['per_second']:,.0f}",
            f"{row['p50_ms']:.2f}",
            f"{row['p99_ms']:.2f}",
            f"{row[against]:.0%}",
            _microseconds(row["server_us"]),
            _microseconds(row["postgresql_us"]),
        )
    return table


def _facts(title: str, rows: Mapping[str, Mapping[str, Any]]) -> Table:
    """A table of whatever the rows say."""
    table = _plain(title, "", *(name.replace("_", " ") for name in next(iter(rows.values()))))
    for name, row in rows.items():
        said = (f"{value:,}" if isinstance(value, int | float) else "" for value in row.values())
        table.add_row(name.replace("_", " "), *said)
    return table


def _plain(title: str, *columns: str) -> Table:
    table = Table(*columns, title=title, title_justify="left", box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify, column.no_wrap = "right", True
    table.columns[0].no_wrap = True
    return table


def _microseconds(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"
