"""Front doors: one per topology for the whole run."""

from collections.abc import AsyncGenerator
from typing import Any

import asyncpg
import httpx
import pytest

from deploy.local import settings_for
from hub.settings import Settings
from tests.conftest import TEMPLATE
from tests.gateway.door import Door, Knocking, opened


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
