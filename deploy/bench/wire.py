"""An HTTP/1.1 client that costs next to nothing: one connection, one question at a time, no features.

What it does not understand (a chunked answer, a hang-up) is an error, never a wrong figure.
"""

import asyncio
from dataclasses import dataclass
from typing import cast

END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"\r\ncontent-length: "
EMPTY = b"204"


class WireBroken(Exception):
    """The server hung up, or answered in a way this client does not read."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A status and a body."""

    status: int
    body: bytes


class Wire(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[Reply] | None = None
        self._received = b""

    @classmethod
    async def to(cls, host: str, port: int) -> "Wire":
        """A connection to a server."""
        _, wire = await asyncio.get_running_loop().create_connection(cls, host, port)
        return wire

    @property
    def idle(self) -> bool:
        """Whether it can be asked: nobody has hung up, and no answer is still to come."""
        answered = self._waiting is None or (self._waiting.done() and not self._waiting.cancelled())
        return answered and self._transport is not None and not self._transport.is_closing()

    def close(self) -> None:
        """Hang up."""
        if self._transport:
            self._transport.close()

    async def ask(self, request: bytes) -> Reply:
        """Send a whole request and wait for its answer. Raises WireBroken."""
        if self._transport is None:
            raise WireBroken("The connection is closed.")
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by asyncio."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Called by asyncio."""
        self._received = self._received + data if self._received else data
        end = self._received.find(END_OF_HEAD)
        if end < 0 or self._waiting is None:
            return
        length = 0 if self._received[9:12] == EMPTY else _length(self._received[: end + 2].lower())
        if length < 0:
            self._fail("An answer without a length.")
        elif len(self._received) >= end + len(END_OF_HEAD) + length:
            reply = Reply(int(self._received[9:12]), self._received[end + len(END_OF_HEAD) :])
            self._received = b""
            if not self._waiting.done():
                self._waiting.set_result(reply)

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by asyncio."""
        self._transport = None
        self._fail(f"The server hung up{': ' + str(exc) if exc else ''}.")

    def _fail(self, why: str) -> None:
        if self._waiting and not self._waiting.done():
            self._waiting.set_exception(WireBroken(why))


def _length(head: bytes) -> int:
    """The length of the body, or -1."""
    at = head.find(LENGTH)
    if at < 0:
        return -1
    return int(head[at + len(LENGTH) : head.find(b"\r\n", at + 2)])
