"""The needs that people bring, in words the directory knows: `needs.json`.

A need that is told in other words is not recognised, and nothing of it is kept: what is counted can hold no
sentence anybody wrote.
"""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypedDict

from hub.problem import Problem

FILE = Path(__file__).with_name("needs.json")


class NeedUnknown(Problem):
    """The directory does not know one of these needs."""

    status = 422


class _Said(TypedDict):
    label: str
    words: list[str]
    said: list[str]


@dataclass(frozen=True)
class Need:
    """One need: its key, what it is called, what a service that meets it says, how people put it."""

    key: str
    label: str
    words: tuple[str, ...]
    said: tuple[str, ...]

    def query(self) -> str:
        """What to look for, as websearch_to_tsquery reads it."""
        return " or ".join(f'"{word}"' for word in self.words)


@cache
def needs() -> dict[str, Need]:
    """Every need by its key."""
    file: dict[str, _Said] = json.loads(FILE.read_text("utf-8"))
    return {
        key: Need(key, one["label"], tuple(one["words"]), tuple(one["said"])) for key, one in file.items()
    }


def known(said: str) -> str | None:
    """The key of a need, from its key or from how people put it; None for any other words."""
    return _by_saying().get(_plain(said))


def recognise(said: list[str]) -> list[Need]:
    """The needs meant, each once. Raises NeedUnknown, which lists the needs there are."""
    keys = [known(one) for one in said]
    if None in keys:
        raise NeedUnknown(f"Known needs are {', '.join(needs())}.")
    return [needs()[key] for key in dict.fromkeys(key for key in keys if key)]


def looked_for(words: str) -> list[str]:
    """The needs in what somebody typed into a search, by whole words; the rest of it is forgotten."""
    typed = f" {_plain(words)} "
    return sorted({key for saying, key in _by_saying().items() if f" {saying} " in typed})


@cache
def _by_saying() -> dict[str, str]:
    sayings = {_plain(word): need.key for need in needs().values() for word in (*need.words, *need.said)}
    return sayings | {_plain(key): key for key in needs()}


def _plain(said: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", said.lower()))
