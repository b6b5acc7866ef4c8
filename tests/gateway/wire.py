"""A wire to PostgreSQL that a test can cut."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from pydantic import SecretStr
from sqlalchemy.engine import make_url

from hub.settings import Settings


@dataclass
class Wire:
    """Settings that reach the database over this wire, until it is cut."""

    settings: Settings
    _server: asyncio.Server
    _ends: list[asyncio.StreamWriter] = field(default_factory=list[asyncio.StreamWriter])

    @classmethod
    @asynccontextmanager
    async def to(cls, settings: Settings) -> "AsyncGenerator[Wire]":
        """A wire to the database of these settings."""
        url = make_url(settings.need("database_url"))
        ends: list[asyncio.StreamWriter] = []

        async def joined(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            far_reader, far_writer = await asyncio.open_connection(url.host, url.port)
            ends.extend((writer, far_writer))
            await asyncio.gather(_pumped(reader, far_writer), _pumped(far_reader, writer))

        server = await asyncio.start_server(joined, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        near = url.set(port=port).render_as_string(hide_password=False)
        wire = cls(settings.model_copy(update={"database_url": SecretStr(near)}), server, ends)
        yield wire
        await wire.cut()

    async def cut(self) -> None:
        """End every connection and take no new one."""
        self._server.close()
        for end in self._ends:
            end.transport.abort()
        await asyncio.sleep(0)


async def _pumped(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
