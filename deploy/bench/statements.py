"""A statement of the hub's own, run by PostgreSQL alone: as fast as anything above it could be."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import asyncpg

from deploy.bench.turns import Ask, Open, Target
from hub.caller import Caller
from hub.database import who_is_asking
from hub.line import positional

Row = asyncpg.Record | None
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Statement:
    """What is run, as whom: `context` is what PostgreSQL is told about the caller, once in a session."""

    url: str
    context: Mapping[str, str]
    sql: str

    @asynccontextmanager
    async def ready(self) -> AsyncGenerator[Callable[[Values], Awaitable[Row]]]:
        """The statement prepared on a connection of its own: call it with its values for its first row."""
        sql, names = positional(self.sql)
        settings = {"timezone": "UTC", "jit": "off", "application_name": "hub bench", **self.context}
        connection = await asyncpg.connect(self.url, server_settings=settings)
        try:
            statement = await connection.prepare(sql)
            yield lambda values: statement.fetchrow(*(values[name] for name in names))
        finally:
            await connection.close()


def context_of(caller: Caller, operation: str) -> dict[str, str]:
    """What PostgreSQL is told about a caller (hub.database), as settings of a session."""
    asking = who_is_asking(caller, operation, uuid4())
    return {f"hub.{name}": str(value) for name, value in asking.items()}


def alone(
    name: str,
    statement: Statement,
    values: Callable[[int], Iterator[Values]],
    check: Callable[[Row, Values], None],
    probe: Callable[[], Awaitable[None]],
) -> Target:
    """A statement as a target: `values` gives each connection its own."""

    @asynccontextmanager
    async def opened(connections: int) -> AsyncGenerator[Open]:
        async with AsyncExitStack() as stack:
            ready = [await stack.enter_async_context(statement.ready()) for _ in range(connections)]
            yield Open([_ask(run, values(number), check) for number, run in enumerate(ready)], probe)

    return Target(name, opened)


def _ask(
    run: Callable[[Values], Awaitable[Row]], values: Iterator[Values], check: Callable[[Row, Values], None]
) -> Ask:
    async def ask() -> None:
        said = next(values)
        check(await run(said), said)

    return ask
