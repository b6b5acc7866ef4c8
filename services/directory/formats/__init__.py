"""Outside shapes of a local offer, a folder each; what arrives is looked at, not asked about.

Open Referral UK 3.0 is what every other shape is put into: a document in another shape is rewritten as
one in 3.0 and then read by the one reader there is, so every shape is read as liberally and ends as the
same Record.
"""

from collections.abc import Callable
from enum import StrEnum

from services.directory.formats import oruk, oruk1, outpost
from services.directory.formats.oruk import (
    FeedPage,
    Names,
    NotAFeed,
    Record,
    RecordNotUsable,
    differences,
    identity,
    parse,
    read_page,
    read_words,
)


class Shape(StrEnum):
    """The shapes a record may come in."""

    ORUK_3 = "open_referral_uk_3"
    ORUK_1 = "open_referral_uk_1"
    OUTPOST = "outpost"


REWRITTEN: dict[Shape, Callable[[object, list[str]], object]] = {
    Shape.ORUK_1: oruk1.as_oruk3,
    Shape.OUTPOST: outpost.as_oruk3,
}


def shape_of(document: object) -> Shape:
    """The shape of one service document, by the fields only that shape has."""
    if outpost.is_one(document):
        return Shape.OUTPOST
    return Shape.ORUK_1 if oruk1.is_one(document) else Shape.ORUK_3


def read_service(document: object, names: Names, publisher: str) -> Record:
    """Read one service in any shape. Raises RecordNotUsable with every reason."""
    notes: list[str] = []
    rewrite = REWRITTEN.get(shape_of(document))
    return oruk.read_service(rewrite(document, notes) if rewrite else document, names, publisher, notes)


def is_detailed(document: object) -> bool:
    """Whether this is a whole record, and not the summary that a list shows."""
    return shape_of(document) is not Shape.ORUK_3 or oruk.is_detailed(document)


__all__ = [
    "FeedPage",
    "Names",
    "NotAFeed",
    "Record",
    "RecordNotUsable",
    "Shape",
    "differences",
    "identity",
    "is_detailed",
    "parse",
    "read_page",
    "read_service",
    "read_words",
    "shape_of",
]
