"""One PostgreSQL for the run, a database per worker cloned from a migrated template, a real hub on it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest
from hypothesis import settings

from deploy import keys, local, postgres
from deploy.demo.partnership import EARLY_HELP, REGISTERED
from deploy.migrate import migrate
from hub.logs import quiet_logs
from tests.described import Described
from tests.people import KEYS, Partner, Room, allow_for_tests, introduce

settings.register_profile("hub", deadline=None)  # a deadline measures the machine, not the rule
settings.load_profile("hub")

TEMPLATE = "template_hub"
STASH = pytest.StashKey[contextlib.ExitStack]()
SERVER = pytest.StashKey[dict[str, Any]]()


def pytest_configure(config: pytest.Config) -> None:
    """Start PostgreSQL once, in the process that controls the workers, and migrate the template."""
    quiet_logs("WARNING")
    if hasattr(config, "workerinput"):
        config.stash[SERVER] = config.workerinput["hub"]  # pyright: ignore[reportAttributeAccessIssue]
        return
    stack = contextlib.ExitStack()
    server = stack.enter_context(postgres.running(durable=False))
    roles = local.passwords()
    _create(server.url, TEMPLATE, None)
    migrate(_database(server.url, TEMPLATE), roles)
    config.stash[STASH] = stack
    config.stash[SERVER] = {"url": server.url, "roles": roles}


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker where the server is."""
    node.workerinput["hub"] = node.config.stash[SERVER]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop PostgreSQL where it was started."""
    if STASH in config.stash:
        config.stash[STASH].close()


def _database(url: str, name: str) -> str:
    return url.rpartition("/")[0] + "/" + name


def _create(url: str, name: str, template: str | None) -> None:
    async def create() -> None:
        connection = await asyncpg.connect(url)
        await connection.execute(f'create database "{name}"' + (f" template {template}" if template else ""))
        await connection.close()

    asyncio.run(create())


@pytest.fixture(scope="session")
def server(pytestconfig: pytest.Config) -> dict[str, Any]:
    """The running server: `url` of its administrator and `roles`, a password for every part."""
    return pytestconfig.stash[SERVER]


@pytest.fixture(scope="session")
def database_url(server: dict[str, Any], worker_id: str) -> str:
    """The administrator's URL of this worker's own database."""
    name = f"hub_{worker_id}"
    _create(server["url"], name, TEMPLATE)
    return _database(server["url"], name)


@pytest.fixture(scope="session")
def fresh_keys() -> dict[str, str]:
    """This worker's signing and matching keys."""
    return keys.fresh()


@pytest.fixture(scope="session")
async def hub(
    database_url: str, server: dict[str, Any], fresh_keys: dict[str, str]
) -> AsyncIterator[local.Running]:
    """A whole hub in one process, answering over real HTTP, with the partnership registered."""
    async with local.in_one_process(database_url, fresh_keys, secrets_of_roles=server["roles"]) as running:
        await introduce(running.settings["gateway"])
        yield running


@pytest.fixture(scope="session")
async def http(hub: local.Running) -> AsyncIterator[httpx.AsyncClient]:
    """A client that knows nobody, and holds every answer to its description."""
    described = Described().holds
    async with httpx.AsyncClient(
        base_url=hub.url, timeout=30, event_hooks={"response": [described]}
    ) as client:
        yield client


@pytest.fixture(scope="session")
async def room(http: httpx.AsyncClient, hub: local.Running) -> Room:
    """The partnership around a table: `room[OAKFIELD]` asks the hub with Oakfield's real token."""
    room = Room({agency.id: Partner(agency, KEYS[agency.client], http, hub.url) for agency in REGISTERED})
    await allow_for_tests(room[EARLY_HELP])
    return room


@pytest.fixture
async def administrator(database_url: str) -> AsyncIterator[asyncpg.Connection]:
    """The database as its administrator sees it: for looking behind the walls, never for going round them."""
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()
