"""What people mean by the words they search for: synonyms, and words that say nothing.

The words are our own list, `synonyms.json`: groups of what means the same, in English and in Welsh;
`broader`: what is near to it, for when nothing is there; `fillers` and `openers`: what says nothing.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from services.directory.rules.occasions import occasion

# Somebody who writes these knows what they do, and is taken at their word.
OPERATORS = re.compile(r'["|&!()]|(?:^|\s)-\w|\bor\b', re.IGNORECASE)
FREE = re.compile(r"^free\b|\bfor free\b", re.IGNORECASE)
DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")  # A.D.H.D.
LONGEST = 5  # words in a phrase we know
OPEN = frozenset({"open", "opens", "opening"})
SHORTEST = 3  # letters of a word that is worth finding by itself

Alternatives = tuple[str, ...]


class Meaning(NamedTuple):
    """What somebody asks for. Of each of `words` one alternative must be there; None: as it is written.

    `said` is what is left of the search once what we understood otherwise is taken out of it.
    """

    words: tuple[Alternatives, ...] | None
    said: str = ""
    age: float | None = None
    days: tuple[str, ...] = ()
    part: str | None = None
    free: bool = False


# Dots and question marks alone: no words to find, and nothing understood.
NOTHING = Meaning(())


def meaning(said: str) -> Meaning:
    """What a search says, in so far as we understand it."""
    if OPERATORS.search(said):
        return Meaning(None)
    when = occasion(DOTTED.sub(lambda dotted: dotted[0].replace(".", ""), said))
    free = FREE.search(when.rest) is not None
    understood = free or bool(when.days) or when.age is not None
    words = _significant(FREE.sub(" ", when.rest), opening=bool(when.days), understood=understood)
    return Meaning(units(words), " ".join(words), when.age, when.days, when.part, free)


def units(words: Sequence[str]) -> tuple[Alternatives, ...]:
    """Words, and phrases that we know, each with what else it is called."""
    return tuple(_units(words))


def loosened(asked: Sequence[Alternatives]) -> tuple[Alternatives, ...]:
    """What may be there instead of all of it: each of it, each word of a phrase, and what is near to it."""
    loose: dict[Alternatives, None] = dict.fromkeys(asked)
    for unit in asked:
        near = _data().broader.get(_stem(unit[0]), ())
        loose |= {near: None} if near else {}
        if " " in unit[0]:
            loose |= dict.fromkeys((word,) for word in unit[0].split() if not _is_silent(word))
    return tuple(unit for unit in loose if len(unit[0]) >= SHORTEST and not unit[0].isdigit())


def vocabulary() -> frozenset[str]:
    """Every word of the list, plain: none of them is a slip, and a slip may be meant to be one."""
    return _data().vocabulary


def alternatives(word: str) -> Alternatives:
    """A word and what else it is called."""
    return next(_units([word]))


def plain(words: str) -> str:
    """Words without case or accents: `Dŵr` is `dwr`."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _significant(said: str, *, opening: bool, understood: bool) -> list[str]:
    """The words that say something; all of them if none does and nothing else was understood."""
    words = _words(said)
    kept = _words(_data().openers.sub(" ", " ".join(words)))
    kept = [word for word in kept if not _is_silent(word) and not (opening and plain(word) in OPEN)]
    return kept or ([] if understood else words)


def _words(said: str) -> list[str]:
    return [word for word in (part.strip(".,;:?'\u2019") for part in said.split()) if word]


def _is_silent(word: str) -> bool:
    return plain(word).replace("\u2019", "'") in _data().fillers


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


def _telling(phrase: str, fillers: frozenset[str]) -> str:
    """A phrase as it is looked for: without the words that say nothing, unless hardly any would be left."""
    kept = [word for word in phrase.split() if plain(word) not in fillers]
    return " ".join(kept) if len(kept) > 1 else phrase


class _Data(NamedTuple):
    fillers: frozenset[str]
    openers: re.Pattern[str]
    alike: dict[str, Alternatives]
    broader: dict[str, Alternatives]
    vocabulary: frozenset[str]


@cache
def _data() -> _Data:
    read = json.loads(files("services.directory.rules").joinpath("synonyms.json").read_text("utf-8"))
    alike: dict[str, Alternatives] = {}
    broader: dict[str, Alternatives] = {}
    fillers = frozenset[str](read["fillers"])
    for group in read["alike"]:
        near = tuple(other for phrase in group for other in read["broader"].get(phrase, ()))
        for phrase in group:
            key = _stem(_telling(phrase, fillers))
            alike[key] = tuple(dict.fromkeys((*alike.get(key, ()), *group)))
            broader[key] = tuple(dict.fromkeys((*broader.get(key, ()), *near)))
    openers = re.compile(rf"\b(?:{'|'.join(map(re.escape, read['openers']))})\b", re.IGNORECASE)
    words = frozenset(plain(word) for group in read["alike"] for phrase in group for word in phrase.split())
    return _Data(fillers, openers, alike, broader, words)
