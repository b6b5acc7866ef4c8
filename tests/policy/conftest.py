"""A database of the policy's own: its agencies, and the agreements between them."""

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from hub.database import Database
from hub.policy import SERVICE_ROLES
from tests.conftest import TEMPLATE
from tests.policy.laying import Ground, prepare


@pytest.fixture(scope="module")
async def ground(server: dict[str, Any], worker_id: str) -> AsyncIterator[Ground]:
    """The administrator's connection, and the front door's database as its own role has it."""
    name = f"policy_{worker_id}"
    admin = await asyncpg.connect(server["url"])
    await admin.execute(f'drop database if exists "{name}" with (force)')
    await admin.execute(f'create database "{name}" template {TEMPLATE}')
    await admin.close()
    url = server["url"].rpartition("/")[0] + "/" + name
    gateway = f"postgresql://{SERVICE_ROLES['gateway']}:{server['roles']['gateway']}@{url.rpartition('@')[2]}"
    ground = Ground(await asyncpg.connect(url), Database(gateway, 1))
    await prepare(ground.connection)
    yield ground
    await ground.connection.close()
    await ground.database.close()
