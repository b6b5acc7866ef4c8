"""Front doors: one per topology for the whole run."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import asyncpg
import httpx
import pytest

from deploy.demo.partnership import DPO, EARLY_HELP, MASH, OAKFIELD
from deploy.local import settings_for
from hub.settings import Settings
from tests.conftest import TEMPLATE
from tests.gateway.agreeing import joined
from tests.gateway.browsing import allow
from tests.gateway.door import Door, Knocking, opened
from tests.people import KEYS, Partner, Room
from tests.policy.matrix.hubs import Hub, a_hub


@pytest.fixture(scope="session")
async def gateway_settings(server: dict[str, Any], worker_id: str, fresh_keys: dict[str, str]) -> Settings:
    """A front door's settings, on a database apart from the whole hub's: it keeps an audit log too."""
    url, name = server["url"], f"front_door_{worker_id}"
    connection = await asyncpg.connect(url)
    await connection.execute(f'create database "{name}" template {TEMPLATE}')
    await connection.close()
    own = url.rpartition("/")[0] + "/" + name
    secret = server["roles"]["gateway"]
    made = settings_for("gateway", own, secret, fresh_keys, "http://127.0.0.1:1")
    return made.model_copy(update={"body_limit": 64 * 1024})


@pytest.fixture(scope="session")
async def document(http: httpx.AsyncClient) -> dict[str, Any]:
    """The OpenAPI document of the whole hub."""
    return (await http.get("/openapi.json")).json()


@pytest.fixture(scope="session", params=["in one process", "across processes"])
async def either(request: pytest.FixtureRequest, gateway_settings: Settings) -> AsyncGenerator[Door]:
    """A front door, once over each hop."""
    async with opened(gateway_settings, apart=request.param == "across processes") as door:
        yield door


@pytest.fixture(scope="session")
async def door(gateway_settings: Settings) -> AsyncGenerator[Door]:
    """A front door, where the topology makes no difference."""
    async with opened(gateway_settings, apart=False) as door:
        yield door


@pytest.fixture
async def client(door: Door) -> Knocking:
    """A newly registered client of the test school."""
    return await door.client()


@pytest.fixture(scope="module")
async def own(server: dict[str, Any], worker_id: str, request: pytest.FixtureRequest) -> AsyncIterator[Hub]:
    """A hub with the limits that every hub has."""
    async with a_hub(server, f"browsing_{worker_id}_{request.module.__name__.rpartition('_')[2]}") as hub:
        yield hub


@pytest.fixture
async def table(own: Hub) -> Room:
    """Everybody at that hub, where nothing multiplies its limits."""
    agencies = (DPO, EARLY_HELP, OAKFIELD)
    made = {str(a.id): Partner(a, KEYS[a.client], own.http, own.running.url) for a in agencies}
    await allow(made[EARLY_HELP.id], 1)
    return Room(made)


@pytest.fixture
async def mash(own: Hub, table: Room) -> Partner:
    """A MASH that joined today, and works with nobody."""
    return await joined(own.running, own.http, MASH)
