"""Counts of people that may be published: small ones are not, and nothing published tells what they are.

The rule is that of the Office for National Statistics and NHS England for counts of people (GSS guidance on
disclosure control for tables from administrative sources: suppress counts under five, and whatever would
give them away). Ours is stricter about totals: a total over a number that is hidden counts what is shown and
says "at least". So everything published follows from the numbers of five and more and from which others there
are; between two tables that differ in hidden numbers alone there is no difference to take.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LEAST = 5
HIDDEN = f"fewer than {LEAST}"

Cell = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A number as it may be published: exact, at least so many, or None: fewer than five."""

    count: int | None
    exact: bool = True

    @property
    def says(self) -> str:
        """In words."""
        if self.count is None:
            return HIDDEN
        return str(self.count) if self.exact else f"at least {self.count}"


@dataclass(frozen=True, slots=True)
class Table:
    """Counts by two things, and their totals, as they may be published together."""

    cells: Mapping[Cell, Shown]
    rows: Mapping[str, Shown]
    columns: Mapping[str, Shown]
    total: Shown


def published(counts: Mapping[Cell, int]) -> Table:
    """The table of these counts without its small numbers. A cell of nobody is left out."""
    cells = {cell: _shown(count) for cell, count in sorted(counts.items()) if count > 0}
    rows, columns = ({cell[place]: None for cell in cells} for place in (0, 1))
    return Table(
        cells,
        {row: _total(shown for cell, shown in cells.items() if cell[0] == row) for row in rows},
        {column: _total(shown for cell, shown in cells.items() if cell[1] == column) for column in columns},
        _total(cells.values()),
    )


def _shown(count: int) -> Shown:
    return Shown(count) if count >= LEAST else Shown(None, exact=False)


def _total(parts: Iterable[Shown]) -> Shown:
    """The sum of what is shown. Nothing shown below a total: the total is hidden as well."""
    known = list(parts)
    shown = [part.count for part in known if part.count is not None]
    if known and not shown:
        return Shown(None, exact=False)
    return Shown(sum(shown), exact=len(shown) == len(known))
