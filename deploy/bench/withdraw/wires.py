"""Connections to the front doors, kept open from one question to the next."""

import asyncio
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from deploy.bench.wire import Reply, Wire

# A front door hangs up after five seconds of silence.
SILENT = 2.0
LONGEST = 30.0


class AnswerOverdue(Exception):
    """A front door did not answer at all."""


@dataclass
class Wires:
    """As many connections as there are questions at once; the one that asked last asks next."""

    free: dict[str, list[tuple[float, Wire]]] = field(default_factory=dict[str, list[tuple[float, Wire]]])

    async def ask(self, door: str, question: bytes) -> Reply:
        """Ask at a door. Raises WireBroken, and AnswerOverdue after half a minute."""
        wire = await self._take(door)
        try:
            async with asyncio.timeout(LONGEST):
                reply = await wire.ask(question)
        except TimeoutError as reason:
            asked = question.splitlines()[0].decode()
            raise AnswerOverdue(f"{asked}: no answer in {LONGEST:.0f} s.") from reason
        finally:
            if not wire.idle:
                wire.close()
        self.free[door].append((time.monotonic(), wire))
        return reply

    def close(self) -> None:
        """Hang up everywhere."""
        for kept in self.free.values():
            for _, wire in kept:
                wire.close()

    async def _take(self, door: str) -> Wire:
        kept = self.free.setdefault(door, [])
        while kept:
            since, wire = kept.pop()
            if wire.idle and time.monotonic() - since < SILENT:
                return wire
            wire.close()
        place = urlsplit(door)
        assert place.hostname is not None, "a door has an address"
        return await Wire.to(place.hostname, place.port or 80)
