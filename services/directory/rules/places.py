"""Where a location is on the ground, from whatever its source says of it."""

from collections.abc import Iterable

from services.directory.rules.grid import Geographic, Place, metres_between, place_of
from services.directory.rules.postcodes import find

# A point further than this from its own postcode is a slip (a swapped or truncated coordinate).
FAR = 50_000

UNITED_KINGDOM, GREAT_BRITAIN, ENGLAND_AND_WALES = "K02000001", "K03000001", "K04000001"
# A nation by the first letter of its codes: its own code, and those of what it is part of.
NATIONS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "E": (("E92000001",), (ENGLAND_AND_WALES, GREAT_BRITAIN)),
    "W": (("W92000004",), (ENGLAND_AND_WALES, GREAT_BRITAIN)),
    "S": (("S92000003",), (GREAT_BRITAIN,)),
    "N": (("N92000002",), ()),
}


def whereabouts(latitude: float | None, longitude: float | None, postcodes: Iterable[str]) -> Place | None:
    """The place of a location: its point, unless its postcode says it cannot be; else its postcode."""
    centres = (found.place for found in map(find, postcodes) if found)
    centre = next(centres, None)
    if latitude is None or longitude is None:
        return centre
    point = place_of(Geographic(latitude, longitude))
    if point is None or (centre and metres_between(point, centre) > FAR):
        return centre
    return point


def areas_around(authority: str | None) -> tuple[str, ...]:
    """The GSS codes of every area that contains a local authority, itself first."""
    if authority is None:
        return (UNITED_KINGDOM,)
    country, wider = NATIONS.get(authority[0], ((), ()))
    return (authority, *country, *wider, UNITED_KINGDOM)
