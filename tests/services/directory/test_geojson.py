"""Places as points for a map (RFC 7946)."""

import pytest

from tests.services.directory.conftest import Directory, Serve
from tests.services.directory.feeds import feed_of
from tests.services.directory.offers import offers


@pytest.fixture(scope="module", autouse=True)
async def offer(directory: Directory, serve: Serve) -> None:
    """Services that differ."""
    await directory.pull(await serve(feed_of(offers())))


async def test_a_point_is_where_its_postcode_is_longitude_first(directory: Directory) -> None:
    answer = await directory.http.get("/service_at_locations?format=geojson&search=circle")
    assert answer.headers["content-type"] == "application/geo+json"
    body = answer.json()
    assert body["type"] == "FeatureCollection"
    [feature] = body["features"]
    longitude, latitude = feature["geometry"]["coordinates"]
    assert feature["geometry"]["type"] == "Point"
    assert -2.6 < longitude < -2.5
    assert 51.4 < latitude < 51.5
    assert feature["properties"]["location"] == "Example Hall"
    assert (await directory.get(f"/service_at_locations/{feature['id']}"))["id"] == feature["id"]


async def test_a_postal_address_is_not_on_the_map(directory: Directory) -> None:
    listed = await directory.get("/service_at_locations")
    shown = await directory.get("/service_at_locations", format="geojson")
    assert listed["total_items"] == 3
    assert {feature["properties"]["location"] for feature in shown["features"]} == {
        "Example Hall",
        "Example Club",
    }


async def test_points_come_in_pages_nearest_first(directory: Directory) -> None:
    asked = {"format": "geojson", "postcode": "BS5 9LE", "per_page": 1}
    first = await directory.get("/service_at_locations", **asked)
    second = await directory.get("/service_at_locations", page=2, **asked)
    assert (first["last_page"], second["last_page"]) == (False, True)
    [near], [far] = first["features"], second["features"]
    assert near["properties"]["metres"] < far["properties"]["metres"]


async def test_services_have_no_points(directory: Directory) -> None:
    assert (await directory.http.get("/services?format=geojson")).status_code == 422
