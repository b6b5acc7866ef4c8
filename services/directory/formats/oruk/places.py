"""Where a service is offered: locations with their addresses, and the link to the service."""

from collections.abc import Iterator
from uuid import UUID, uuid5

from services.directory.formats.oruk.details import detail_id
from services.directory.formats.oruk.fields import TEXT, Fields
from services.directory.formats.oruk.record import Record

KINDS = ("physical", "postal", "virtual")


def add_places(said: Fields, record: Record) -> list[str]:
    """Add every place of a service; the names it may be found by: those of its public places only."""
    known: list[str] = []
    for position, link in enumerate(said.parts("service_at_locations")):
        location = link.part("location")
        if location is None or "id" not in location:
            link.note("location", "missing, the place is left out")
            continue
        source_id = location.needed("id")
        place = record.names.record("location", source_id)
        if any(row["location_id"] == str(place) for row in record.rows["service_at_location"]):
            continue
        # A link's own id is repeated from service to service in real feeds; this one never is.
        record.add(
            "service_at_location",
            id=uuid5(record.id, f"at/{place}"),
            position=position,
            service_id=record.id,
            location_id=place,
            visibility=location.visibility(),
        )
        names = list(_add_location(location, record, place))
        known += names if location.visibility() == "public" else []
    return known


def _add_location(location: Fields, record: Record, place: UUID) -> Iterator[str]:
    addressed = list(location.parts("addresses"))
    latitude, longitude = _point(location)
    kind = location.choice("location_type", KINDS)
    record.add(
        "location",
        id=place,
        source_id=location.needed("id"),
        visibility=location.visibility(),
        location_type=kind or ("physical" if addressed or latitude else "virtual"),
        name=location.text("name"),
        description=location.text("description", TEXT),
        latitude=latitude,
        longitude=longitude,
        external_identifier=location.text("external_identifier"),
        external_identifier_type=location.text("external_identifier_type"),
    )
    yield location.text("name") or ""
    for position, address in enumerate(addressed):
        yield _add_address(address, record, place, position)
    for position, part in enumerate(location.parts("accessibility")):
        record.add(
            "accessibility",
            id=detail_id(record, part, "accessibility", position, place),
            position=position,
            location_id=place,
            description=part.text("description", TEXT),
            details=part.text("details", TEXT),
            url=part.link("url"),
            accessibility=part.text("accessibility", TEXT),
        )


def _point(location: Fields) -> tuple[float | None, float | None]:
    """Both or neither; 0, 0 is where broken geocoders put what they did not find."""
    latitude = location.number("latitude", -90, 90)
    longitude = location.number("longitude", -180, 180)
    if latitude is None or longitude is None or (latitude, longitude) == (0, 0):
        return None, None
    return latitude, longitude


def _add_address(address: Fields, record: Record, location_id: UUID, position: int) -> str:
    """Add an address. The standard wants all six parts; what a feed left out is filled from the rest."""
    city = address.text("city") or address.text("region") or ""
    record.add(
        "address",
        id=detail_id(record, address, "address", position, location_id),
        position=position,
        location_id=location_id,
        attention=address.text("attention"),
        address_1=address.text("address_1") or "",
        city=city,
        region=address.text("region"),
        state_province=address.text("state_province") or address.text("region") or city,
        postal_code=address.text("postal_code") or "",
        country=address.text("country") or "GB",
        address_type=address.choice("address_type", KINDS) or "physical",
    )
    return city
