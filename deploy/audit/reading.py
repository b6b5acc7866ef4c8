"""Reads an exported audit log leaf by leaf and keeps what is wrong with it, by kind and place."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import Any

from deploy.audit.erasures import ERASED, Erasure, erasure_in
from deploy.audit.ledger import IN_THE_LEDGER, SEEDED, Entry, entry_in, named
from hub.proof import Checkpoint, Tree, commitment_to, leaf_hash


class Kind(StrEnum):
    """What can be wrong with a log."""

    ADDED = "added"
    ALTERED = "altered"
    BACK_DATED = "back-dated"
    MISSING = "missing"
    REORDERED = "reordered"
    REWRITTEN = "rewritten"
    SIGNATURE_WRONG = "signature wrong"
    TRUNCATED = "truncated"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Failure:
    """One thing that is wrong: which leaf, where one leaf is to blame, and in words what."""

    kind: Kind
    number: int | None
    words: str


class Reading:
    """Where the verification stands. `next` is the number the next leaf must have.

    `damaged` once a leaf is not there or cannot be read: no root can be worked out behind that.
    """

    def __init__(self, signed: Sequence[Checkpoint]) -> None:
        self.next = 0
        self.damaged = False
        self._tree = Tree()
        self._signed = {mark.size: {m.root for m in signed if m.size == mark.size} for mark in signed}
        self._matched = 0
        self._rewritten: tuple[int, int] | None = None
        self._suspects: list[tuple[int, int]] = []
        self._gaps: list[range] = []
        self._late: list[int] = []
        self._exchanged: list[int] = []
        self._failures: list[Failure] = []
        self._beside: list[Failure] = []
        self._gone: list[tuple[int, str, str]] = []
        self._erasures: list[Erasure] = []
        self._latest = ""
        self._late_entries: list[tuple[int, Entry]] = []
        self.seeded = 0
        self._compare(None)

    def take(self, lines: Sequence[str]) -> None:
        """Some lines after the first. Read together they cost half; one that is wrong is found on its own."""
        leaves: list[Any] = _parsed(f"[{','.join(lines)}]") or []
        if len(leaves) == len(lines):
            for leaf in leaves:
                self._take(leaf)
        else:
            for line in lines:
                self._take(_parsed(line))

    def _take(self, leaf: Any) -> None:
        try:
            if "unproven" in leaf:
                words = f"{named(leaf.get('ledger'), leaf['unproven'])} never passed through the sequencer"
                self._beside.append(Failure(Kind.ADDED, None, words))
            else:
                self._check_row(leaf)
                self._place(leaf["number"], leaf["commitment"], leaf["root"], leaf.get("node"))
        except (ValueError, KeyError, TypeError):
            words = f"leaf {self.next} cannot be read"
            self._failures.append(Failure(Kind.UNREADABLE, self.next, words))
            self.damaged = True
            self.next += 1

    @property
    def erased(self) -> Sequence[Erasure]:
        """The erasures that the log records, each leaf of them as it was committed to."""
        return self._erasures

    def finish(self, signed: Checkpoint) -> Iterator[Failure]:
        """Everything that is wrong, once the last line was taken."""
        yield from self._failures
        yield from self._deleted()
        yield from self._back_dated()
        yield from self._untrue_roots()
        longest = max(self._signed)
        if self.next < longest:
            words = f"the log ends at {self.next} of the {longest} leaves that were signed"
            yield Failure(Kind.TRUNCATED, self.next, words)
        if self.next > signed.size:
            words = f"{self.next - signed.size} leaves come after the signed end"
            yield Failure(Kind.ADDED, signed.size, words)
        yield from self._beside
        yield from self._out_of_place()

    def _check_row(self, leaf: Mapping[str, Any]) -> None:
        number, text, salt = leaf["number"], leaf["text"], leaf["salt"]
        if text is None:
            self._gone.append((number, named(leaf.get("ledger"), leaf["disclosure"]), leaf["commitment"]))
        elif not _as_committed(leaf, salt, text):
            what = entry_in(text) if IN_THE_LEDGER in text else f"the disclosure {leaf['disclosure']}"
            self._failures.append(Failure(Kind.ALTERED, number, f"{what}, leaf {number}, was altered"))
        else:
            self._read(number, text)

    def _read(self, number: int, text: str) -> None:
        """What a row says that is as it was committed to."""
        if IN_THE_LEDGER in text:
            entry = entry_in(text)
            self.seeded += entry.why == SEEDED
            if entry.came_late(self._latest):
                self._late_entries.append((number, entry))
        elif ERASED in text and (erasure := erasure_in(text)):
            self._erasures.append(erasure)
        self._latest = max(self._latest, _moment(text))

    def _deleted(self) -> Iterator[Failure]:
        """What is gone, and no erasure in the log says so of just this commitment."""
        erased = {one for erasure in self._erasures for one in erasure.named}
        for number, what, commitment in self._gone:
            if commitment not in erased:
                yield Failure(Kind.MISSING, number, f"{what}, leaf {number}, was deleted")

    def _back_dated(self) -> Iterator[Failure]:
        """What was recorded after things that are of later than it says to be."""
        requests = {erasure.request for erasure in self._erasures}
        for number, entry in self._late_entries:
            if not entry.may_come_late(requests):
                words = f"{entry}, leaf {number}, was recorded later than it says"
                yield Failure(Kind.BACK_DATED, number, words)

    def _place(self, number: int, commitment: str, root: str | None, node: str | None) -> None:
        """Every number in its turn; what is skipped may still come late."""
        grown = leaf_hash(bytes.fromhex(commitment))
        if node is not None and node != grown.hex():
            self._exchanged.append(number)
        if number < self.next:
            self._late.append(number)
            return
        if number > self.next:
            self._gaps.append(range(self.next, number))
            self.damaged = True
        self.next = number + 1
        if not self.damaged:
            self._tree.append_hash(grown)
            if root is not None or self.next in self._signed:
                self._compare(root)

    def _compare(self, stored: str | None) -> None:
        """The root so far against the roots signed for this size, and against the stored one."""
        size, root = self._tree.size, self._tree.root()
        if self._signed.get(size, {root}) != {root}:
            self._rewritten = self._rewritten or (self._matched, size)
        elif stored is not None and stored != root.hex():
            self._suspects.append((self._matched, size))
        else:
            self._matched = size

    def _untrue_roots(self) -> Iterator[Failure]:
        """Leaves that were exchanged with all that belongs to them show only in the roots.

        Where the tree kept what they were, each is named; otherwise between which roots they are.
        """
        if self._rewritten or (self.damaged and self._suspects):
            found = [*self._suspects, self._rewritten] if self._rewritten else self._suspects
            first, end = min(found)
            if not self._exchanged:
                words = f"leaves {first} to {end - 1} are not those that were signed"
                yield Failure(Kind.REWRITTEN, first, words)
        else:
            for _, size in self._suspects:
                yield Failure(Kind.ALTERED, None, f"the stored checkpoint of {size} leaves was altered")
        for number in self._exchanged:
            if self.damaged or self._rewritten:
                yield Failure(Kind.REWRITTEN, number, f"leaf {number} is not the one that was signed")
            else:
                yield Failure(
                    Kind.ALTERED, None, f"the hash that the tree keeps of leaf {number} was altered"
                )

    def _out_of_place(self) -> Iterator[Failure]:
        late = set(self._late)
        for number in sorted(late):
            if any(number in gap for gap in self._gaps):
                yield Failure(Kind.REORDERED, number, f"leaf {number} is out of its place")
            else:
                yield Failure(Kind.ADDED, number, f"leaf {number} is there twice")
        for number in chain.from_iterable(self._gaps):
            if number not in late:
                yield Failure(Kind.MISSING, number, f"leaf {number} is missing")


def _as_committed(leaf: Mapping[str, Any], salt: str | None, text: str) -> bool:
    """Whether the text is what the tree committed to, and the disclosure that the leaf says it is."""
    if salt is None or f'"id": "{leaf["disclosure"]}"' not in text:
        return False
    return commitment_to(bytes.fromhex(salt), text).hex() == leaf["commitment"]


def _moment(text: str) -> str:
    """When it was, as PostgreSQL writes it in UTC, where that comes first: as text it compares as it is."""
    return text[8 : text.index('"', 8)] if text.startswith('{"at": "') else ""


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None
