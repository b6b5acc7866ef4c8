"""Terms of our own, for what Open Referral UK has no field for: `terms.json`.

A feed says them as attributes, by our id or under a name that means the same.
"""

import json
from functools import cache
from importlib.resources import files
from typing import NamedTuple
from uuid import UUID


class Term(NamedTuple):
    """A term of ours: its id in every feed, its name, and the names (in lower case) that count as it."""

    id: UUID
    name: str
    names: tuple[str, ...]


def term(kind: str, value: str) -> Term:
    """The term for a value, such as `level_of_need`, `2`."""
    return _terms()[kind, value]


def kinds() -> tuple[str, ...]:
    """What there are terms for: `referral`, `tier`, ..."""
    return tuple(dict.fromkeys(kind for kind, _ in _terms()))


def values_of(kind: str) -> dict[str, Term]:
    """Every value of a kind, with its term."""
    return {value: found for (said, value), found in _terms().items() if said == kind}


def is_a_degree(name: str) -> bool:
    """Whether a term says how specialised a service is, and so nothing of what it is about."""
    known = [found for kind in ("tier", "level_of_need") for found in values_of(kind).values()]
    return any(name.lower() in found.names for found in known)


@cache
def _terms() -> dict[tuple[str, str], Term]:
    read = json.loads(files("services.directory.schemas").joinpath("terms.json").read_text("utf-8"))
    return {
        (kind, value): Term(UUID(said["id"]), said["name"], (said["name"].lower(), *said["also"]))
        for kind, group in read.items()
        for value, said in group.items()
    }
