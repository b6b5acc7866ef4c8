"""Prints behaviours as tables that an information governance lead can read, sign and compare."""

import textwrap
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hub.sharing import Basis
from tests.policy.happened import cannot_be_recorded
from tests.policy.laying import ALL, PURPOSES
from tests.policy.states import COLUMNS, STATES

WIDTH = 108
Place = tuple[str, str, str]


@dataclass(frozen=True)
class Behaviour:
    """Who of COLUMNS sees the record, and what `explain` tells the school about p-1 of housing."""

    seen: tuple[bool, ...]
    whys: tuple[str, ...]


@dataclass(frozen=True, order=True)
class Over:
    """The bases, categories and purposes over which something was found alike."""

    bases: tuple[str, ...]
    categories: tuple[str, ...]
    purposes: tuple[str, ...]


def printed(behaviours: Mapping[tuple[str, Behaviour], Sequence[Place]], checked: int) -> str:
    """The whole file."""
    tables: dict[Over, list[tuple[str, Behaviour]]] = defaultdict(list)
    for row, places in behaviours.items():
        tables[_over(places)].append(row)
    states = max(len(state) for state, _ in behaviours) + 2
    lines = [*_introduction(checked)]
    for over in sorted(tables, key=lambda o: (-len(o.bases), o)):
        lines += ["", "", *_heading(over), "", f"{'':{states}}" + "".join(f"{c:>4}" for c in COLUMNS), ""]
        for state, behaviour in tables[over]:
            cells = "".join(f"{'yes' if seen else '.':>4}" for seen in behaviour.seen)
            mark = (
                "*"
                if any(cannot_be_recorded(h, basis) for h in STATES[state] for basis in over.bases)
                else ""
            )
            lines.append(f"{state + mark:{states}}{cells}   {', '.join(behaviour.whys)}")
    return "\n".join(lines) + "\n"


def _over(places: Sequence[Place]) -> Over:
    """The product these places are; it must be one, or the file would say less than was found."""
    found = set(places)
    over = Over(
        *(tuple(sorted({place[axis] for place in found}, key=AXES[axis].index)) for axis in range(len(AXES)))
    )
    whole = len(over.bases) * len(over.categories) * len(over.purposes)
    assert len(found) == len(places) == whole, f"not alike over a product: {sorted(found)[:20]}"
    return over


AXES: Sequence[Sequence[str]] = ([basis.value for basis in Basis], ALL, list(PURPOSES))


def _introduction(checked: int) -> list[str]:
    said = (
        "Who sees a record, and what they are told. Generated: tests/policy/test_sharing.py asks PostgreSQL"
        f" for every cell ({checked:,}), and fails unless `explain` and an independent model say the same"
        " of each. One record, written by a school, about one person; decisions are recorded by the school"
        " unless they say by whom, for housing unless they say for whom, and rest on an agreement between the"
        " organisations unless they say otherwise. A line is a state of the ledger; a column is who asks; the"
        " last column is the reason that `explain` gives the school for p-1 of housing."
    )
    asking = [f"  {name:>3}  {column.words}" for name, column in COLUMNS.items()]
    mark = (
        "* Some of this cannot be recorded on this basis: PostgreSQL refuses it, or there is no conflict that"
        " it could resolve; and it has not happened."
    )
    return [*textwrap.wrap(said, WIDTH), "", *asking, "", *textwrap.wrap(mark, WIDTH)]


def _heading(over: Over) -> list[str]:
    def alike(words: Sequence[str], whole: Sequence[str], one: str, many: str) -> str:
        names = ", ".join(word.replace("_", " ") for word in words)
        return f"{'every ' + one if len(words) == len(whole) else 'these ' + many} ({len(words)}): {names}"

    said = [
        alike(over.bases, AXES[0], "basis", "bases only"),
        alike(over.categories, AXES[1], "category", "categories only"),
        alike(over.purposes, AXES[2], "purpose", "purposes only"),
    ]
    lines = ["Alike for"]
    for words in said:
        lines += textwrap.wrap(words, WIDTH, initial_indent="  ", subsequent_indent="    ")
    return lines
