"""Counts of people that may be published: small ones are not, and nothing published tells what they are.

That five is the least is our own rule; there is none for everybody. NHS Digital hid 1 to 5 in hospital
statistics until 2018, and hides 1 to 7 since and rounds the rest to fives (disclosure control methodology for
HES and ECDS); the Office for National Statistics weighs each table (policy on protecting confidentiality in
tables of birth and death statistics). A total over a number that is hidden counts what is shown and says "at
least". So everything published follows from the numbers of five and more and from which others there are;
between two tables that differ in hidden numbers alone there is no difference to take.

A quarter is published once, when it is over: two looks at one that still counts would tell who came between.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from hub.problem import Problem

LEAST = 5
SETTLES = timedelta(days=1)
HIDDEN = f"fewer than {LEAST}"

Cell = tuple[str, str]


class QuarterNotOver(Problem):
    """A quarter is published once it is over."""

    status = 409


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
    return totalled({cell: _shown(count) for cell, count in sorted(counts.items()) if count > 0})


def totalled(cells: Mapping[Cell, Shown]) -> Table:
    """The table of cells as they may be published, with totals that tell nothing more."""
    rows, columns = ({cell[place]: None for cell in cells} for place in (0, 1))
    return Table(
        cells,
        {row: _total(shown for cell, shown in cells.items() if cell[0] == row) for row in rows},
        {column: _total(shown for cell, shown in cells.items() if cell[1] == column) for column in columns},
        _total(cells.values()),
    )


def quarter_of(day: date) -> date:
    """The first day of the quarter."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def quarter_after(first: date) -> date:
    """The first day of the next quarter."""
    return quarter_of(first + timedelta(days=95))


def quarter_to_publish(name: str | None, today: date) -> date:
    """`2026-Q4` as its first day; without a name, the last that may be published. QuarterNotOver.

    The last minutes of a quarter are added after it has ended, so it settles for a day.
    """
    settled = quarter_of(today - SETTLES)
    if name is None:
        return quarter_of(settled - timedelta(days=1))
    year, _, number = name.partition("-Q")
    asked = date(int(year), 3 * int(number) - 2, 1)
    if asked >= settled:
        raise QuarterNotOver(f"It is published from {quarter_after(asked) + SETTLES}.")
    return asked


def quarter_name(first: date) -> str:
    """Such as 2026-Q4."""
    return f"{first.year}-Q{(first.month + 2) // 3}"


def of_published(count: int | None) -> Shown:
    """A number as another part of the hub published it: None is a small one."""
    return Shown(None, exact=False) if count is None else Shown(count)


def _shown(count: int) -> Shown:
    return Shown(count) if count >= LEAST else Shown(None, exact=False)


def _total(parts: Iterable[Shown]) -> Shown:
    """The sum of what is shown. Nothing shown below a total: the total is hidden as well."""
    known = list(parts)
    shown = [part.count for part in known if part.count is not None]
    if known and not shown:
        return Shown(None, exact=False)
    return Shown(sum(shown), exact=len(shown) == len(known))
