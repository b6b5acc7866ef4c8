"""Figures as tables for a person."""

from collections.abc import Mapping
from typing import Any

from rich.table import Table

from deploy.terminal import facts

COLUMNS = ("", "per second", "p50 ms", "p99 ms", "of limit", "hub µs", "PostgreSQL µs")


def show(name: str, figures: Mapping[str, Any], machine: Mapping[str, Any]) -> None:
    """A table for every group of figures, and what they were measured on."""
    plain = {key: value for key, value in figures.items() if not isinstance(value, dict)}
    for group in (key for key in figures if key not in plain):
        facts.print(_table(f"{name}, {group.replace('_', ' ')}", figures[group]))
    for about in (plain, machine):
        facts.print(
            ", ".join(f"{key.replace('_', ' ')}: {value}" for key, value in about.items()), style="dim"
        )
    facts.print(
        "of limit: against the statement alone, in turns; the other columns belong to this machine.\n"
        "µs: processor time for one request and the work it leaves behind.",
        style="dim",
    )


def _table(title: str, rows: Mapping[str, Mapping[str, Any]]) -> Table:
    table = Table(*COLUMNS, title=title, title_justify="left", box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify, column.no_wrap = "right", True
    table.columns[0].no_wrap = True
    for name, row in rows.items():
        table.add_row(
            name.replace("_", " "),
            f"{row['per_second']:,.0f}",
            f"{row['p50_ms']:.2f}",
            f"{row['p99_ms']:.2f}",
            f"{row['of_statement']:.0%}",
            _microseconds(row["server_us"]),
            _microseconds(row["postgresql_us"]),
        )
    return table


def _microseconds(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}"
