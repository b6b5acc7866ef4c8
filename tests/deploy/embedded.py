"""An embedded PostgreSQL for the tests that start one themselves, and what it is asked."""

import asyncio
from typing import Any, cast

import asyncpg

from deploy.postgres import Server


def ask(server: Server, sql: str, *, password: str | None = None) -> object:
    async def answer() -> object:
        connection = cast("Any", await asyncpg.connect(server.url, password=password or server.password))
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(answer())
