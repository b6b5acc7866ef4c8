"""A glance that says when a text cannot hold what is sealed, a hundred times as fast as reading it.

Letters and digits alone, run together, without any `the` and `and`: whatever `folding` reads as a fragment
leaves its anchors there, however it was spelt, spaced or cut into pieces. Only where one of them stands is
the text read; a street is one only behind its number, though other numbers and doors may stand between.
What a glance lets pass is certain; what it stops may still turn out to be nothing.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TypeAlias

from ahocorasick_rs import BytesAhoCorasick

from hub.seals.addresses import BETWEEN, LONGEST_RUN
from hub.seals.folding import WRITTEN_OUT, plain

TELLING = 10
SHORTEST_ANCHOR = 3
MOST_SPELLINGS = 64
MOST_ROUNDS = 8
REMEMBERED = 200_000

BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
CAPITALS, SMALL = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"abcdefghijklmnopqrstuvwxyz"
IN_SMALL = bytes.maketrans(CAPITALS, SMALL)
NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())

SHORT = {
    long: tuple(short for short, same in WRITTEN_OUT.items() if same == long)
    for long in set(WRITTEN_OUT.values()) - {""}
}
AT_RISK = re.compile(rb"\A(?:he|e|nd|d)+|(?:th|t|an|a)+\Z")
UNSURE_END = re.compile(rb"(?:th|t|an|a)+\Z")
BEFORE = sorted({*"0123456789", *(piece[-1] for piece in BETWEEN if piece)})
DOOR = re.compile(r"(?<=\d)(?=[^\W\d_]{3})")  # where a number ends and a word begins
LONGEST_LETTER = 4  # in UTF-8
NUMBER = re.compile(r"\d+\Z")
WRITTEN = re.compile(f"(?=({'|'.join(sorted(SHORT, key=len, reverse=True))}))")


# Letters to look for, and the number before them; none where they tell by themselves.
Anchor: TypeAlias = tuple[bytes, bytes]


class Glance:
    """Looks for the anchors of every fragment at once."""

    def __init__(self, fragments: Iterable[str]) -> None:
        found = [anchors(fragment) for fragment in fragments]
        self._blind = not all(found)
        sought = defaultdict[bytes, set[bytes]](set)
        for letters, number in (anchor for each in found for anchor in each):
            sought[letters].add(number)
        self._numbers = list(sought.values())
        self._sought = BytesAhoCorasick(list(sought)) if sought and not self._blind else None

    def stops_at(self, text: str) -> bool:
        """Whether the text has to be read. False: for certain it holds nothing that is sealed."""
        seen = bare(run_together(text)) if not self._blind else None
        if seen is None:
            return True
        if self._sought is None:
            return False
        found = self._sought.find_matches_as_indexes(seen, overlapping=True)
        return any(
            _follows(seen, start, number) for which, start, _ in found for number in self._numbers[which]
        )


def run_together(text: str) -> bytes:
    """The letters and digits of all the text's pieces, in small letters."""
    if not text.isascii():
        text = BEYOND_ASCII.sub(_letters, text)
    return text.encode("utf-8", "surrogatepass").translate(IN_SMALL, NO_LETTERS)


def bare(run: bytes) -> bytes | None:
    """Without any `the` and `and`, nor what their going leaves; None where there is no end to it.

    In whatever order they go the same is left, because neither ends as the other or itself begins.
    """
    for _ in range(MOST_ROUNDS):
        shorter = run.replace(b"the", b"").replace(b"and", b"")
        if len(shorter) == len(run):
            return run
        run = shorter
    return None


@lru_cache(REMEMBERED)
def anchors(fragment: str) -> tuple[Anchor, ...]:
    """Of these at least one stands in any text that holds the fragment; none where that is not to be told."""
    before, *parts = DOOR.split(fragment)
    if not parts:
        return _telling((letters, b"") for letters, _ in _letters_of(fragment))
    at = max(range(len(parts)), key=lambda at: len(parts[at]))
    number = NUMBER.findall((before, *parts)[at])[0]
    told = number.encode()
    behind = _telling((letters, told if first else b"") for letters, first in _letters_of(parts[at]))
    return behind or _telling((letters, told) for letters in _with_what_is_before(number, parts[at]))


def _telling(found: Iterable[Anchor]) -> tuple[Anchor, ...]:
    """All of them, or none where one is too short to be looked for."""
    kept = tuple(found)
    return kept if all(len(letters) >= SHORTEST_ANCHOR for letters, _ in kept) else ()


def _letters_of(fragment: str) -> list[tuple[bytes, bool]]:
    """The letters to look for, and whether the fragment begins with them, however it is abbreviated."""
    covered = {at for found in WRITTEN.finditer(fragment) for at in range(found.start(), found.end(1))}
    letters = "".join(" " if at in covered else letter for at, letter in enumerate(fragment))
    runs = [(*_begun(found[0]), found.start()) for found in re.finditer(r"\S+", letters)]
    kept, first, start = max(runs, key=lambda run: len(run[0]), default=(b"", False, 0))
    spelt = [] if len(kept) >= TELLING else [_begun(each) for each in _spellings(fragment)]
    return spelt if 0 < len(spelt) <= MOST_SPELLINGS else [(kept, first and start == 0)]


def _begun(spelt: str) -> tuple[bytes, bool]:
    core = _core(spelt)
    return core, spelt.encode("utf-8", "surrogatepass").startswith(core)


def _with_what_is_before(number: str, part: str) -> list[bytes]:
    """A few letters, with the digit or the letter that can stand right before them: `Heath` behind a number.

    Nothing of the kind eats into its beginning, but for `12A Ndola Way`, which is read whatever it costs.
    """
    spelt = [
        UNSURE_END.sub(b"", bare(each.encode("utf-8", "surrogatepass")) or b"") for each in _spellings(part)
    ]
    if part.startswith("nd") or len(min(spelt, key=len)) < SHORTEST_ANCHOR - 1:
        return [b""]
    return [before.encode() + each for before in {*BEFORE, number[-1]} for each in spelt]


def _follows(seen: bytes, start: int, number: bytes) -> bool:
    """Whether a number stands right before, or as far before as `12 to 14A Rose Lane` may take."""
    return number in seen[max(0, start - LONGEST_RUN - len(number)) : start + LONGEST_LETTER]


def _letters(found: re.Match[str]) -> str:
    return "".join(letter for letter in plain(found[0]) if letter.isalnum()).casefold()


def _core(spelt: str) -> bytes:
    """What stays of it whatever stands before and after: `t` before `heath` makes a `the`."""
    return AT_RISK.sub(b"", bare(spelt.encode("utf-8", "surrogatepass")) or b"")


def _spellings(fragment: str) -> list[str]:
    """Every way of abbreviating what the fragment writes out; more than enough of them end it."""
    spelt = [""]
    ways: list[list[str]] = [spelt, *([] for _ in fragment)]
    for at, letter in enumerate(fragment):
        for end, written in ((at + 1, letter), *_abbreviated(fragment, at)):
            ways[end] += [before + written for before in ways[at]]
        if len(ways[at]) > MOST_SPELLINGS:
            return ways[at]
    return ways[-1]


def _abbreviated(fragment: str, at: int) -> Iterator[tuple[int, str]]:
    for long, shorts in SHORT.items():
        if fragment.startswith(long, at):
            yield from ((at + len(long), short) for short in shorts)
