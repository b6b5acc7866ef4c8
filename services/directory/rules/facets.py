"""Counts put under the parameter that asks for them."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from services.directory.schemas import terms
from services.directory.schemas.hours import DAYS

DAY_NAMES = {code: name.capitalize() for name, code in DAYS.items()}
PARAMETERS = {"age": "age", "cost": "cost", "day": "day", "language": "language", "room": "has_room"}


class Count(NamedTuple):
    """How many services have a thing of some kind; a term has a name."""

    kind: str
    value: str
    name: str | None
    services: int


class Place(NamedTuple):
    """Where a count goes: the parameter, its value, and what people call it."""

    parameter: str
    value: str
    name: str


def places_of(count: Count) -> Iterable[Place]:
    """Under which parameters a count goes. A term of ours is a value of its own parameter too."""
    if count.kind == "term":
        yield Place("taxonomy_term_id", count.value, count.name or count.value)
        yield from _ours(count)
    elif count.kind in PARAMETERS:
        yield Place(PARAMETERS[count.kind], *_called(count))


def _called(count: Count) -> tuple[str, str]:
    if count.kind == "day":
        return count.value, DAY_NAMES[count.value]
    if count.kind == "room":
        return "true", "Has room"
    return count.value, count.value[:1].upper() + count.value[1:]


def _ours(count: Count) -> Iterable[Place]:
    called = (count.name or "").lower()
    for kind in terms.kinds():
        for value, term in terms.values_of(kind).items():
            if called in term.names or UUID(count.value) == term.id:
                yield Place(kind, "true" if kind == "send" else value, term.name)
