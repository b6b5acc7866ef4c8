"""A read-only replica serves everything anybody may read, and what is counted goes to the primary."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import httpx
import pytest

from deploy import keys, local, postgres
from deploy.migrate import migrated
from deploy.postgres import replica
from deploy.seed.services import services_seeded
from hub.settings import Settings
from services.directory.app import app as directory_app

SERVICES = 60
READS = (
    *(
        "/",
        "/services",
        "/services?full=true&per_page=5",
        "/services?minimal=true",
        "/services?format=ndjson",
    ),
    *("/services?search=debt&postcode=BS5%206LA&proximity=5000", "/services/facets", "/service_at_locations"),
    *(
        "/organizations",
        "/taxonomies",
        "/taxonomy_terms",
        "/first_contacts?area=E06000023",
        "/needs",
        "/sectors?area=BS5%206",
    ),
)


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[postgres.Server, postgres.Server, dict[str, str]]]:
    """A primary with some services, its replica, and the passwords of the roles."""
    with postgres.running(durable=False) as primary:
        roles = local.passwords()

        async def fill() -> None:
            await migrated(primary.url, roles)
            await services_seeded(primary.url, SERVICES)

        asyncio.run(fill())
        with replica.following(primary) as standby:
            yield primary, standby, roles


@pytest.fixture(scope="module")
async def http(servers: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The directory over the replica."""
    primary, standby, roles = servers
    fresh = keys.fresh()

    def under_its_role(server: postgres.Server) -> str:
        return f"postgresql://hub_directory:{roles['directory']}@{server.host}:{server.port}/postgres"

    settings = Settings.model_validate(
        {
            "database_url": under_its_role(standby),
            "primary_url": under_its_role(primary),
            "inner_public_key": fresh["HUB_INNER_PUBLIC_KEY"],
        }
    )
    app = directory_app(settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://directory") as client,
    ):
        client.headers["x-app"] = "replica"
        client.tally = app.state.tally  # pyright: ignore[reportAttributeAccessIssue]
        yield client


@pytest.mark.parametrize("path", READS)
async def test_the_replica_answers(http: httpx.AsyncClient, path: str) -> None:
    answer = await http.get(path)
    assert answer.status_code == 200, answer.text


async def test_an_item_and_a_match_come_from_the_replica_and_what_is_counted_goes_to_the_primary(
    http: httpx.AsyncClient, servers: Any
) -> None:
    which = (await http.get("/services")).json()["contents"][0]["id"]
    assert (await http.get(f"/services/{which}")).json()["id"] == which
    answer = await http.post("/matches", json={"needs": ["immigration"], "postcode": "ZE1 0AA"})
    assert answer.status_code == 200, answer.text
    await http.tally.add()  # pyright: ignore[reportAttributeAccessIssue]
    primary = await asyncpg.connect(servers[0].url)
    assert await primary.fetchval("select times from directory.unmet where area = 'ZE1 0'") == 1
    await primary.close()


async def test_it_follows_the_primary_and_refuses_every_write(servers: Any) -> None:
    primary, standby = [await asyncpg.connect(server.url) for server in servers[:2]]
    assert await standby.fetchval("select pg_is_in_recovery()")
    await primary.execute(
        "update directory.service set fees = 'changed' where id = (select id from directory.service limit 1)"
    )
    for _ in range(100):
        if await standby.fetchval("select count(*) from directory.service where fees = 'changed'"):
            break
        await asyncio.sleep(0.05)
    else:
        pytest.fail("the replica does not follow")
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await standby.execute("delete from directory.unmet")
    for connection in (primary, standby):
        await connection.close()
