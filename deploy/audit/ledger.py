"""The ledger in the log: which step of what a leaf stands for, and whether it came when it says it did."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

IN_THE_LEDGER = '"ledger": "'
SEEDED = "seed"
UNDER_ERASURE = "erasure "
# Nothing that is recorded waits so long for its transaction to end.
LONGEST = timedelta(hours=1)

OF = {
    "decision_event": "a decision",
    "override_event": "an override",
    "conflict_resolution": "a disagreement",
    "agreement_event": "an agreement between organisations",
}


@dataclass(frozen=True)
class Entry:
    """A step of a decision, an override, a disagreement or an agreement: which, of what, by whom and when.

    `why` it was entered later than it says: under an erasure, or by `hub seed`.
    """

    book: str
    row: str
    step: str
    of: str
    by: str
    at: str
    why: str

    def __str__(self) -> str:
        return f"the step {self.row} ({self.step} by {self.by}, {self.at[:10]}) of {OF[self.book]}, {self.of}"

    def came_late(self, latest: str) -> bool:
        """Whether something of later than it says was in the log before it. Raises ValueError."""
        return bool(latest) and datetime.fromisoformat(self.at) + LONGEST < datetime.fromisoformat(latest)

    def may_come_late(self, erasures: Collection[str]) -> bool:
        """Whether the log itself says why, `erasures` being the requests it records."""
        return self.why == SEEDED or self.why.removeprefix(UNDER_ERASURE) in erasures


def entry_in(text: str) -> Entry:
    """The step that a leaf of the ledger stands for. Raises ValueError, KeyError, TypeError."""
    row = cast("Mapping[str, Any]", json.loads(text))
    said = (str(row[name]) for name in ("ledger", "row", "step", "of", "by", "at"))
    return Entry(*said, why=str(row.get("why", "")))


def named(ledger: str | None, identity: str) -> str:
    """What a line of the export is about, where its text does not say: `ledger` is `<book> <row>`."""
    book, _, row = (ledger or "").partition(" ")
    return f"the step {row or identity} of {OF[book]}" if book in OF else f"the disclosure {identity}"
