"""An answer somebody has already is not sent again; any change that shows makes another."""

import pytest

from tests.services.directory.conftest import Directory, Serve, caller
from tests.services.directory.feeds import feed_of
from tests.services.directory.offers import offers

SERVICE = offers()[0]["id"]
PATHS = (
    "/services",
    "/services?search=autsim&format=ndjson",
    "/services?postcode=BS5+6LA",
    "/services/facets",
    f"/services/{SERVICE}",
    "/service_at_locations?format=geojson",
    "/organizations",
    "/taxonomies",
    "/taxonomy_terms",
)


@pytest.fixture(scope="module", autouse=True)
async def offer(directory: Directory, serve: Serve) -> None:
    """Services that differ."""
    await directory.pull(await serve(feed_of(offers())))


@pytest.mark.parametrize("path", PATHS)
async def test_the_same_question_is_answered_with_304(directory: Directory, path: str) -> None:
    first = await directory.http.get(path)
    tag = first.headers["etag"]
    assert tag.startswith('W/"')
    assert (first.headers["vary"], first.headers["cache-control"]) == ("Authorization", "public, no-cache")
    again = await directory.http.get(path, headers={"if-none-match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert again.headers["access-control-allow-origin"] == "*"
    other = await directory.http.get(path, headers={"if-none-match": '"other"'})
    assert (other.status_code, other.content) == (200, first.content)


async def test_other_questions_have_other_tags(directory: Directory) -> None:
    tags = {(await directory.http.get(path)).headers["etag"] for path in PATHS}
    assert len(tags) == len(PATHS)


CHANGES = (
    "update directory.service set name = name || '.' where name like 'Autism%' returning id",
    "update directory.organization set description = description || '.' returning id",
    "update directory.location set name = name || '.' returning id",
    "update directory.taxonomy_term set description = description || '.' returning id",
    "update directory.taxonomy set description = description || '.' returning id",
    "delete from directory.schedule returning id",
    "delete from directory.accessibility returning id",
    "delete from directory.language returning id",
)


@pytest.mark.parametrize("change", CHANGES)
async def test_every_change_that_shows_makes_another_tag(directory: Directory, change: str) -> None:
    tag = (await directory.http.get("/services")).headers["etag"]
    async with directory.transaction(caller()) as tx:
        assert await tx.run(change)
        assert (await directory.http.get("/services")).headers["etag"] == tag  # not before it is committed
        await tx.commit()
    assert (await directory.http.get("/services", headers={"if-none-match": tag})).status_code == 200


async def test_a_time_is_given_once_it_is_settled(directory: Directory) -> None:
    async with directory.transaction(caller()) as tx:
        await tx.run("update directory.service set alert = 'x'")
        await tx.commit()
    assert "last-modified" not in (await directory.http.get("/services")).headers
