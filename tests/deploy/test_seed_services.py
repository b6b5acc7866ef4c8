"""Filling a directory with synthetic services."""

from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import asyncpg
import pytest
import typer
from typer.testing import CliRunner

from deploy.seed import CannotSeed
from deploy.seed.command import NothingToSeed, command
from deploy.seed.services import SeededServices, services_seeded
from deploy.seed.services.places import spots
from services.directory.rules import postcodes
from services.directory.schemas import terms
from tests.deploy.seeding import a_database
from tests.deploy.test_seed import TODAY

SERVICES = 400
CONTENT = (
    *("service", "organization", "location", "address", "schedule", "service_area", "cost_option"),
    *("language", "contact", "phone", "attribute", "capacity"),
)


async def fill(url: str, services: int = SERVICES, **more: Any) -> SeededServices:
    """`services_seeded`, on a day."""
    return await services_seeded(url, services, today=TODAY, **more)


@pytest.fixture(scope="module")
async def one(server: dict[str, Any], worker_id: str) -> AsyncIterator[asyncpg.Connection]:
    """A directory filled in one go."""
    async with a_database(server, f"seed_services_one_{worker_id}") as url:
        await fill(url)
        connection = await asyncpg.connect(url)
        yield connection
        await connection.close()


async def test_the_same_number_gives_the_same_services_in_one_go_or_in_two(
    one: asyncpg.Connection, server: dict[str, Any], worker_id: str
) -> None:
    async with a_database(server, f"seed_services_two_{worker_id}") as url:
        first, second, third = await fill(url, 150), await fill(url), await fill(url)
        assert (first.added, second.added, third.added, sum(third.rows.values())) == (150, 250, 0, 0)
        other = await asyncpg.connect(url)
        for table in CONTENT:
            rows = f"to_jsonb(t) - 'updated_at' from directory.{table} t"
            question = f"select md5(string_agg(r::text, '|' order by r::text)) from (select {rows}) as s(r)"
            assert await one.fetchval(question) is not None, table
            assert await one.fetchval(question) == await other.fetchval(question), table
        await other.close()


async def test_every_service_is_plainly_synthetic_and_on_real_ground(one: asyncpg.Connection) -> None:
    rows = await one.fetch("select name from directory.service")
    assert len(rows) == SERVICES
    assert all(row["name"].endswith("(synthetic)") for row in rows)
    places = await one.fetch(
        "select a.postal_code, l.easting, l.northing from directory.address a"
        " join directory.location l on l.id = a.location_id limit 50"
    )
    for row in places:
        found = postcodes.find(row["postal_code"])
        assert found
        assert (found.place.easting, found.place.northing) == (row["easting"], row["northing"])


async def test_search_finds_them_though_no_trigger_ran(one: asyncpg.Connection) -> None:
    listed, entries, tallied = await one.fetchrow(
        "select (select count(*) from directory.service where status in ('active', 'temporarily closed')),"
        " (select count(*) from directory.entry), (select sum(services) from directory.tally)"
    ) or (0, 0, 0)
    assert listed == entries == tallied > 0


async def test_a_refuge_has_no_place_that_anybody_may_know(one: asyncpg.Connection) -> None:
    shown = await one.fetch(
        "select distinct l.visibility from directory.service s"
        " join directory.service_at_location a on a.service_id = s.id"
        " join directory.location l on l.id = a.location_id where s.name like '% Refuge (synthetic)'"
    )
    assert {row["visibility"] for row in shown} <= {"internal"}


async def test_some_are_for_the_whole_country_and_some_are_full(one: asyncpg.Connection) -> None:
    assert await one.fetchval("select count(*) from directory.service_area where code = 'K02000001'")
    free, full = await one.fetchrow(
        "select count(*) filter (where available > 0), count(*) filter (where available = 0)"
        " from directory.capacity"
    ) or (0, 0)
    assert free > 0 < full


async def test_they_say_how_one_comes_to_them_and_for_whom_they_are(one: asyncpg.Connection) -> None:
    rows = await one.fetch("select distinct taxonomy_term_id from directory.attribute")
    there = {row["taxonomy_term_id"] for row in rows}
    said = {
        kind: {v for v, term in terms.values_of(kind).items() if term.id in there} for kind in terms.kinds()
    }
    assert said == {kind: set(terms.values_of(kind)) for kind in terms.kinds()}
    both = await one.fetchval(
        "select count(*) from directory.attribute a join directory.attribute b using (service_id)"
        " where a.taxonomy_term_id = $1 and b.taxonomy_term_id = $2",
        *(terms.term("referral", value).id for value in ("self", "professional")),
    )
    assert both == 0


def test_places_come_authority_by_authority_and_reach_every_nation() -> None:
    known = spots()
    changes = sum(a.authority != b.authority for a, b in pairwise(known))
    assert changes == len({spot.authority for spot in known}) - 1
    assert {spot.authority[0] for spot in known} == set("EWSN")
    assert known[0].authority == "E06000023"


async def test_too_many_are_refused(database_url: str) -> None:
    with pytest.raises(CannotSeed, match="1,000,000"):
        await services_seeded(database_url, 1_000_001)


def test_the_command_wants_to_know_of_what() -> None:
    alone = typer.Typer()
    alone.command()(command)
    assert isinstance(CliRunner().invoke(alone, []).exception, NothingToSeed)
    assert (
        "--services" in CliRunner().invoke(alone, ["--help"], env={"COLUMNS": "200", "TERM": "dumb"}).stdout
    )
