"""Looks for every sealed fragment at once, in time linear in the text, however many seals there are.

A glance (`glancing`) passes nearly every text; only what it stops at is read piece by piece.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from uuid import UUID

from hub.seals.addresses import SHORTEST, fragments, house_numbers
from hub.seals.folding import PIECE, fold, folded, plain, readings
from hub.seals.glancing import Glance


@dataclass(frozen=True)
class Seal:
    """Who alone may see some text about some people, and until when."""

    id: UUID
    subjects: tuple[UUID, ...]
    named: frozenset[str]
    ends: datetime | None


# Where no street follows the number, as in a postcode, the glance counts on letter and number side by side.
CUT_SHORT = re.compile(r"\d[^\W\d_]{1,2}(?![^\W\d_])")

Closed = Callable[[Seal], bool]


@dataclass(frozen=True)
class Hit:
    """Pieces `first` to `last` (exclusive) of a text are sealed."""

    first: int
    last: int
    seal: Seal


class Index:
    """Every fragment by its first letters: a text is looked through once, whatever the number of seals.

    `members` are agencies by id, with what they are called. One that a seal calls by its name or its id is
    the school or the refuge itself: `places`. `called` finds each by either.
    """

    def __init__(
        self,
        version: UUID,
        sealed: Iterable[tuple[str, Seal]],
        members: Mapping[str, str] | None = None,
    ) -> None:
        self.version = version
        seals, lengths = defaultdict[str, list[Seal]](list), defaultdict[str, set[int]](set)
        for fragment, seal in sealed:
            seals[fragment].append(seal)
            lengths[fragment[:SHORTEST]].add(len(fragment))
        self._seals = dict(seals)
        self._numbered = {
            fragment: found for fragment, found in seals.items() if not CUT_SHORT.search(fragment)
        }
        self._lengths = {key: tuple(sorted(found, reverse=True)) for key, found in lengths.items()}
        self._keys = frozenset(self._lengths)
        self._glance = Glance(self._seals)
        members = members or {}
        self.called = {each: member for member, name in members.items() for each in (name, member)}
        self.places = {
            member: tuple(found)
            for member, name in members.items()
            if (found := {seal for one in {folded(member), *fragments(name)} for seal in seals.get(one, ())})
        }

    def __bool__(self) -> bool:
        return bool(self._keys)

    def touches(self, text: str, closed: Closed) -> bool:
        """Whether any reading of the text holds what is sealed and closed."""
        return any(True for reading in readings(text) for _ in self.hits(reading, closed))

    def hits(self, text: str, closed: Closed) -> Iterator[Hit]:
        """Where the text, read as it stands, holds what is sealed and closed."""
        if self._glance.stops_at(text):
            yield from self.read(text, closed)

    def read(self, text: str, closed: Closed) -> Iterator[Hit]:
        """The same without the glance that spares it: piece by piece."""
        words = fold(PIECE.findall(plain(text)))
        yield from self._among(self._seals, words, closed)
        for left in house_numbers(words):
            for hit in self._among(self._numbered, [words[at] for at in left], closed):
                yield Hit(left[hit.first], left[hit.last - 1] + 1, hit.seal)

    def _among(
        self, sealed: Mapping[str, Sequence[Seal]], words: Sequence[str], closed: Closed
    ) -> Iterator[Hit]:
        run = "".join(words)
        starts = list(accumulate(map(len, words), initial=0))
        keys = {run[start : start + SHORTEST] for start in starts} & self._keys
        if not keys:
            return
        ends = {end: number for number, end in enumerate(starts)}
        for first, start in enumerate(starts):
            key = run[start : start + SHORTEST]
            if key not in keys:
                continue
            for length in self._lengths[key]:
                last = ends.get(start + length)
                if last is not None:
                    seals = sealed.get(run[start : start + length], ())
                    yield from (Hit(first, last, seal) for seal in seals if closed(seal))
