"""A glance that says when a text cannot hold what is sealed, a hundred times as fast as reading it.

Letters and digits alone, run together, without any `the` and `and`: whatever `folding` reads as a fragment
leaves its anchors there, however it was spelt, spaced or cut into pieces. Only where one of them stands is
the text read. What a glance lets pass is certain; what it stops may still turn out to be nothing.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from ahocorasick_rs import BytesAhoCorasick

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
WRITTEN = re.compile(f"(?=({'|'.join(sorted(SHORT, key=len, reverse=True))}))")


class Glance:
    """Looks for the anchors of every fragment at once."""

    def __init__(self, fragments: Iterable[str]) -> None:
        found = [anchors(fragment) for fragment in fragments]
        self._blind = not all(found)
        sought = {anchor for each in found for anchor in each}
        self._sought = BytesAhoCorasick(sorted(sought)) if sought and not self._blind else None

    def stops_at(self, text: str) -> bool:
        """Whether the text has to be read. False: for certain it holds nothing that is sealed."""
        seen = bare(run_together(text)) if not self._blind else None
        if seen is None:
            return True
        return bool(self._sought and self._sought.find_matches_as_indexes(seen))


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
def anchors(fragment: str) -> tuple[bytes, ...]:
    """Of these at least one stands in any text that holds the fragment; none where that is not to be told."""
    covered = {at for found in WRITTEN.finditer(fragment) for at in range(found.start(), found.end(1))}
    letters = "".join(" " if at in covered else letter for at, letter in enumerate(fragment))
    kept = max((_core(each) for each in letters.split()), key=len, default=b"")
    spelt = [kept] if len(kept) >= TELLING else [_core(each) for each in _spellings(fragment)]
    if len(spelt) > MOST_SPELLINGS:
        spelt = [kept]
    return tuple(spelt) if all(len(each) >= SHORTEST_ANCHOR for each in spelt) else ()


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
