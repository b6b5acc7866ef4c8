"""What people mean by the words they search for: synonyms, words that say nothing, an age, a day.

The words are our own list, `synonyms.json`: groups of what means the same, in English and in Welsh.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from services.directory.schemas.hours import DAYS, PARTS

# Somebody who writes these knows what they do, and is taken at their word.
OPERATORS = re.compile(r'["|&!()]|(?:^|\s)-\w|\bor\b', re.IGNORECASE)
AGED = re.compile(
    r"\b(?:for )?(?:a |my |an )?(\d{1,2})[ -]?(?:years?|yrs?)[ -]?olds?\b"
    r"|\b(?:my )?(?:child|son|daughter|boy|girl|he|she) is (\d{1,2})\b",
    re.IGNORECASE,
)
ON = re.compile(rf"\bon ({'|'.join(DAYS)})s?\b(?: ({'|'.join(PARTS)})s?\b)?", re.IGNORECASE)
FREE = re.compile(r"^free\b|\bfor free\b", re.IGNORECASE)
LONGEST = 4  # words in a phrase we know
OPEN = frozenset({"open", "opens", "opening"})

Alternatives = tuple[str, ...]


class Meaning(NamedTuple):
    """What somebody asks for. Of each of `words` one alternative must be there; None: as it is written.

    `said` is what is left of the search once what we understood otherwise is taken out of it.
    """

    words: tuple[Alternatives, ...] | None
    said: str = ""
    age: int | None = None
    day: str | None = None
    part: str | None = None
    free: bool = False


def meaning(said: str) -> Meaning:
    """What a search says, in so far as we understand it."""
    if OPERATORS.search(said):
        return Meaning(None)
    aged, on, free = AGED.search(said), ON.search(said), FREE.search(said)
    rest = said
    for pattern in (AGED, ON, FREE):
        rest = pattern.sub(" ", rest)
    words = _significant(rest, opening=on is not None)
    return Meaning(
        tuple(_units(words)),
        " ".join(words),
        int(aged[1] or aged[2]) if aged else None,
        on and DAYS[on[1].lower()],
        on and on[2] and on[2].lower(),
        free is not None,
    )


def alternatives(word: str) -> Alternatives:
    """A word and what else it is called."""
    return next(_units([word]))


def plain(words: str) -> str:
    """Words without case or accents: `Dŵr` is `dwr`."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _significant(said: str, *, opening: bool) -> list[str]:
    """The words that say something; all of them if none does."""
    words = [word for word in (part.strip(".,;:?'\u2019") for part in said.split()) if word]
    silent = _data().fillers | OPEN if opening else _data().fillers
    return [word for word in words if plain(word) not in silent] or words


def _units(words: Sequence[str]) -> Iterator[Alternatives]:
    """The longest phrases we know, with what else they are called; every other word by itself."""
    at = 0
    while at < len(words):
        for size in range(min(LONGEST, len(words) - at), 0, -1):
            phrase = " ".join(words[at : at + size])
            known = _data().alike.get(_stem(phrase))
            if known:
                yield (phrase, *(other for other in known if plain(other) != plain(phrase)))
                break
        else:
            size = 1
            yield (words[at],)
        at += size


def _stem(phrase: str) -> str:
    """A phrase without a plural at its end and without hyphens, as the list is looked up."""
    words = plain(phrase).replace("-", " ").replace("\u2019", "'")
    if len(words) > 4 and words.endswith(("sses", "shes", "ches")):
        return words[:-2]
    return words[:-1] if len(words) > 4 and words.endswith("s") and not words.endswith("ss") else words


class _Data(NamedTuple):
    fillers: frozenset[str]
    alike: dict[str, Alternatives]


@cache
def _data() -> _Data:
    read = json.loads(files("services.directory.rules").joinpath("synonyms.json").read_text("utf-8"))
    alike: dict[str, Alternatives] = {}
    for group in read["alike"]:
        for phrase in group:
            alike[_stem(phrase)] = (*alike.get(_stem(phrase), ()), *group)
    return _Data(frozenset(read["fillers"]), alike)
