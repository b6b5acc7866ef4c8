"""Which words a misspelt one was meant to be."""

from collections.abc import Iterable

SHORT, LONG = 4, 8


def slips(one: str, other: str) -> int:
    """How many letters are missing, too many, wrong, or swapped with the next (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i, *([0] * len(other))]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, earlier[j - 2] + 1)
            row[j] = cost
    return row[-1]


def forgiven(word: str) -> int:
    """How many slips a word may have and still be understood."""
    return 0 if len(word) < SHORT else 1 if len(word) < LONG - 2 else 2


def meant(word: str, known: Iterable[tuple[str, int]], most: int = 3) -> list[str]:
    """The known words that this was most likely meant to be, best first.

    `known` pairs each with how many services have it: of two equally near, the commoner one.
    """
    near = [(slips(word, other), -services, other) for other, services in known if other != word]
    best = sorted(entry for entry in near if entry[0] <= forgiven(word))
    return [other for distance, _, other in best if distance == best[0][0]][:most]
