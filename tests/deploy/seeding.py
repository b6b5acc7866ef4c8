"""Where tests seed: a database of their own, and the key that numbers are matched by."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy.engine import make_url

KEY = "a key of the tests"


@asynccontextmanager
async def a_database(server: Mapping[str, Any], name: str) -> AsyncGenerator[str]:
    """A migrated, empty database of its own."""
    administrator = await asyncpg.connect(server["url"])
    await administrator.execute(f'create database "{name}" template template_hub')
    try:
        yield make_url(server["url"]).set(database=name).render_as_string(hide_password=False)
    finally:
        await administrator.execute(f'drop database "{name}" with (force)')
        await administrator.close()
