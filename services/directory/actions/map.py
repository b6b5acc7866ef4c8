"""Show on a map where services are offered."""

from hub.database import Tx
from hub.line import Row
from services.directory.actions import find
from services.directory.rules.grid import Place, geographic_of
from services.directory.schemas import MapQuestion
from services.directory.schemas.found import Feature, FeatureCollection, Geometry, Marker
from services.directory.store import map as places
from services.directory.store.search import Wanted

EXACT = 6  # decimals of a degree: about a hand's breadth


async def points(tx: Tx, question: MapQuestion) -> FeatureCollection:
    """A page of points; of what was meant, if what was asked finds nothing."""

    async def ask(meant: Wanted) -> tuple[FeatureCollection, int]:
        rows = await places.points(tx, meant)
        shown = [_feature(row) for row in rows[: question.per_page]]
        last = len(rows) <= question.per_page
        relaxed = True if meant.relaxed else None
        page = FeatureCollection(page_number=question.page, last_page=last, relaxed=relaxed, features=shown)
        return page, len(rows)

    return await find.with_forgiveness(tx, await find.wanted(question), ask)


def _feature(row: Row) -> Feature:
    return Feature(
        id=row["id"],
        geometry=Geometry(coordinates=_point(row)),
        properties=Marker.model_validate(dict(row), extra="ignore"),
    )


def _point(row: Row) -> list[float]:
    """Longitude first (RFC 7946); a place known by its postcode alone is in the middle of that."""
    latitude, longitude = row["latitude"], row["longitude"]
    if latitude is None or longitude is None:
        latitude, longitude = geographic_of(Place(row["easting"], row["northing"]))
    return [round(longitude, EXACT), round(latitude, EXACT)]
