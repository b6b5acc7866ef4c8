"""Where a service of Outpost is: its locations, some of them blurred on purpose."""

from collections.abc import Iterator
from typing import Any, cast
from uuid import NAMESPACE_OID, uuid5

from services.directory.formats.oruk.fields import Fields, as_list

HIDDEN = "***"


def places(said: Fields) -> Iterator[dict[str, Any]]:
    """Every location as a service at a location."""
    for location in said.parts("locations"):
        yield {"location": _location(location)}


def _location(location: Fields) -> dict[str, Any]:
    blurred = str(location.raw("mask_exact_address")).lower() == "true" or location.raw("address_1") == HIDDEN
    if blurred:
        location.note("address_1", "blurred by its source: no street and no point are kept")
    longitude, latitude = (None, None) if blurred else _point(location)
    return {
        "id": location.raw("id") or _made_up(location),
        "location_type": "physical",
        "name": None if blurred else location.raw("name"),
        "description": location.raw("description"),
        "latitude": latitude,
        "longitude": longitude,
        "visibility": location.raw("visibility"),
        "addresses": [_address(location, blurred=blurred)],
        "accessibility": [
            {"description": part.raw("name"), "accessibility": part.raw("name")}
            for part in location.parts("accessibilities")
        ],
    }


def _address(location: Fields, *, blurred: bool) -> dict[str, Any]:
    address = {name: location.raw(name) for name in ("city", "state_province", "country")}
    # Some versions of Outpost write W1A for every blurred postcode, wherever it is.
    if not blurred:
        address |= {name: location.raw(name) for name in ("address_1", "postal_code")}
    return {**address, "address_type": "physical"}


def _point(location: Fields) -> tuple[Any, Any]:
    """GeoJSON writes the longitude first."""
    geometry = location.part("geometry")
    numbers = as_list(geometry.raw("coordinates")) if geometry is not None else []
    return cast("tuple[Any, Any]", tuple(numbers[:2])) if len(numbers) >= 2 else (None, None)


def _made_up(location: Fields) -> str:
    """Where the feed gives a location no id: one that stays while its address does."""
    facts = (str(location.raw(name)) for name in ("name", "address_1", "postal_code", "city"))
    return str(uuid5(NAMESPACE_OID, "/".join(facts)))
