"""How much processor time the hub's processes and PostgreSQL's have used, from /proc; None elsewhere."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
# The name of a process may hold spaces and brackets; what is counted comes after the last of them.
PARENT, USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM = 1, 11, 12, 13, 14


@dataclass(frozen=True)
class Used:
    """Processor time in microseconds."""

    server: float
    postgresql: float

    def since(self, earlier: "Used") -> "Used":
        """The difference."""
        return Used(self.server - earlier.server, self.postgresql - earlier.postgresql)


@dataclass(frozen=True)
class Meter:
    """Reads the processor time of trees of processes. `postgresql` is the postmaster, if it is here."""

    servers: tuple[int, ...]
    postgresql: int | None

    def read(self) -> Used | None:
        """What was used so far, or None where this system does not tell."""
        if self.postgresql is None or not PROC.exists():
            return None
        stats = {int(p.name): s for p in PROC.iterdir() if p.name.isdigit() and (s := _stat(p))}
        return Used(_of_trees(stats, self.servers), _of_trees(stats, (self.postgresql,)))


def postmaster_of(backend: int) -> int | None:
    """The process that serves a database, from one of its backends; None if it is not on this machine."""
    stat = _stat(PROC / str(backend))
    if stat is None or (PROC / str(backend) / "comm").read_text().strip() != "postgres":
        return None
    return int(stat[PARENT])


def _stat(process: Path) -> list[str] | None:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def _of_trees(stats: dict[int, list[str]], roots: Iterable[int]) -> float:
    """A process whose parent waited for it is in the parent's children: nothing is counted twice or lost."""
    whole = set(roots) & stats.keys()
    found = whole
    while found:
        found = {one for one, stat in stats.items() if int(stat[PARENT]) in found} - whole
        whole |= found
    fields = (USER, SYSTEM, CHILDREN_USER, CHILDREN_SYSTEM)
    ticks = sum(int(stats[one][place]) for one in whole for place in fields)
    return ticks * 1_000_000 / os.sysconf("SC_CLK_TCK")
