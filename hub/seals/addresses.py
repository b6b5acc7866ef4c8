"""What tells where somebody is: the parts of an address that are looked for, and how a house is numbered."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from hub.seals.folding import PIECE, fold, plain, unaccented

SHORTEST, LONGEST = 5, 300
LONGEST_FOLDED = 400  # abbreviations are written out; what is longer still has parts that are looked for
MOST_NUMBERS = 4
LONGEST_RUN = 24

POSTCODE = re.compile(r"\b([A-Z]{1,2}\d[A-Z\d]?)\s*(\d[A-Z]{2})\b", re.IGNORECASE)
GENERIC = re.compile(r"(flat|unit|room|floor|block|number|no)?\d*[a-z]?")
APOSTROPHES = re.compile("['\u2019\u02bc]")
STANDS_EVERYWHERE = """primaryschool secondaryschool infantschool juniorschool highschool highstreet townhall
villagehall healthcentre childrenscentre communitycentre familycentre leisurecentre medicalcentre"""
# What is called by a name of its own has one of these at the end.
BUILDINGS = """academy barn building centre cottage court farm grange hall heights hospital hostel hotel house
lodge manor mansions mill nursery refuge rooms school shelter towers villa villas"""
# What may stand between the number of a house and its street, or between two numbers: 12A, 12 to 14, 12 & 14.
DOOR_LETTERS = tuple("abcdefghijklm")
BETWEEN = frozenset({"", "to", *DOOR_LETTERS})


def fragments(text: str) -> set[str]:
    """What is looked for when this is sealed: the whole, its telling parts, its postcode, its number.

    `Haven House, 12-14 Rose Lane, Northport, NP1 2AB` seals the house, the line with the numbers, each
    number of them, and the postcode, each by itself, but not the town. Empty where nothing tells enough to be
    looked for. Each is of 5 to 400 letters and digits.
    """
    lines = [line.strip() for line in re.split(r"[,;\n\r\t]+", text) if line.strip()]
    pairs = [f"{one} {next_one}" for one, next_one in pairwise(lines)]
    telling = [text, *lines[:1], *pairs[:1], *filter(_is_a_building, lines)]
    telling += [part for part in (*lines, *pairs) if any(map(str.isdigit, part))]
    telling += ["".join(found) for found in POSTCODE.findall(text)]
    found = {
        spelt
        for part in telling
        if _tells_enough(part)
        for whole in _by_each_number(part)
        for spelt in _dialled(whole)
    }
    return {spelt for spelt in found if SHORTEST <= len(spelt) <= LONGEST_FOLDED}


def house_numbers(words: Sequence[str]) -> Iterator[Sequence[int]]:
    """The folded pieces left where 12A, 12-14 or 12 to 14 Rose Lane is read as one number, each in turn.

    Nothing where no house is numbered like that. A door next to one that is sealed gives its street away.
    """
    runs = list(_runs(words))
    numbers = [[at for at in run if _is_number(words[at])] for run in runs]
    for turn in range(min(MOST_NUMBERS, max(map(len, numbers), default=0))):
        kept = {found[min(turn, len(found) - 1)] for found in numbers}
        gone = {at for run in runs for at in run} - kept
        yield [at for at in range(len(words)) if at not in gone]


def _runs(words: Sequence[str]) -> Iterator[range]:
    """Numbers and what stands between, right before a word."""
    at = 0
    while at < len(words):
        first = at
        while at < len(words) and (_is_number(words[at]) or (at > first and words[at] in BETWEEN)):
            at += 1
        run = range(first, at)
        more = any(words[one] for one in run[1:]) and sum(len(words[one]) for one in run) <= LONGEST_RUN
        if more and _is_a_street(words[at : at + 2]):
            yield run
        at = max(at, first + 1)


def _is_a_street(words: Sequence[str]) -> bool:
    """Whether these begin a name: a word, or a short one before another. A postcode's two letters do not."""
    return words != [] and "".join(words).isalpha() and len("".join(words)) > 2 and len(words[0]) > 1


def _is_number(word: str) -> bool:
    return word.isascii() and word.isdigit()


def _by_each_number(part: str) -> set[str]:
    """The part as it stands, and with each number of its house alone."""
    words = fold(PIECE.findall(plain(part)))
    return {"".join(words), *("".join(words[at] for at in left) for left in house_numbers(words))}


def _is_a_building(line: str) -> bool:
    words = _words(line)
    return len(words) > 1 and words[-1] in BUILDINGS.split()


def _tells_enough(part: str) -> bool:
    """Two words, or a number and letters, or a whole telephone number: anything less stands everywhere."""
    words = _words(part)
    whole = "".join(words)
    if whole.isdigit():
        return len(whole) >= SHORTEST * 2
    return (
        len(words) > 1
        and len(whole) >= SHORTEST
        and not GENERIC.fullmatch(whole)
        and whole not in STANDS_EVERYWHERE.split()
    )


def _words(part: str) -> list[str]:
    """Its words as a person counts them: `Mary's` is one, and so is a word in letters of another alphabet."""
    return [word for word in fold(PIECE.findall(APOSTROPHES.sub("", unaccented(part)))) if word]


def _dialled(whole: str) -> set[str]:
    """A telephone number in its national and its international form; anything else as it is."""
    for prefix in ("0044", "44", "0"):
        if whole.isdigit() and whole.startswith(prefix) and 9 <= len(whole) - len(prefix) <= 10:
            rest = whole.removeprefix(prefix)
            return {whole, rest, "0" + rest, "44" + rest, "0044" + rest}
    return {whole}
