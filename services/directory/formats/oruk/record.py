"""One service as the rows it becomes, and how its parts get their ids."""

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

Row = dict[str, Any]
VISIBILITIES = ("public", "partner", "internal")


class RecordNotUsable(Exception):
    """This record lacks something that every service must have."""

    def __init__(self, *reasons: str) -> None:
        super().__init__("; ".join(reasons))
        self.reasons = list(reasons)


@dataclass(frozen=True)
class Names:
    """How a feed's records get ids: their own UUID, unless another feed's record has it already."""

    feed: UUID
    taken: frozenset[tuple[str, UUID]] = frozenset()

    def record(self, kind: str, source_id: str) -> UUID:
        """The id of an organisation, location or service: the same on every pull."""
        own = as_uuid(source_id)
        if own is None or (kind, own) in self.taken:
            return uuid5(self.feed, f"{kind}/{source_id}")
        return own

    def word(self, kind: str, source_id: str) -> UUID:
        """The id of a taxonomy or a term. A UUID means the same word in every feed."""
        return as_uuid(source_id) or uuid5(self.feed, f"{kind}/{source_id}")


@dataclass
class Record:
    """A service ready to be stored: rows by table, and what was left out on the way."""

    source_id: str
    names: Names
    id: UUID
    name: str = ""
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list[Row]))
    notes: list[str] = field(default_factory=list[str])

    def add(self, table: str, **row: Any) -> None:
        """Add a row; ids as text, as JSON has them."""
        self.rows[table].append({k: str(v) if isinstance(v, UUID) else v for k, v in row.items()})

    def fingerprint(self) -> str:
        """The same for two pulls between which nothing changed; a part of it for each table."""
        parts = {table: _digest(rows) for table, rows in sorted(self.rows.items()) if rows}
        details = (f"{table}={part[:8]}" for table, part in parts.items() if table != "service")
        return " ".join([_digest(list(parts.items())), *details])


def differences(old: str, new: str) -> list[str]:
    """The tables in which two fingerprints differ, besides the service itself."""
    differing = set(old.split()[1:]) ^ set(new.split()[1:])
    return sorted({part.partition("=")[0] for part in differing})


def _digest(said: object) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def as_uuid(text: str) -> UUID | None:
    """The UUID a text spells, if it does."""
    try:
        return UUID(text)
    except ValueError:
        return None


def narrower(*visibilities: str) -> str:
    """The narrowest of several visibilities."""
    return max(visibilities, key=VISIBILITIES.index)
