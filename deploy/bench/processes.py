"""Starts a whole hub as one process, waits until it answers, and ends it."""

import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0


class HubDidNotStart(Exception):
    """The hub did not come up for the benchmark."""


@dataclass(frozen=True)
class Whole:
    """A hub in one process."""

    url: str
    process_id: int


@asynccontextmanager
async def in_a_process(**told: Any) -> AsyncGenerator[Whole]:
    """A hub in a process of its own while inside. Raises HubDidNotStart with what it said last."""
    with tempfile.TemporaryFile() as said:
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "deploy.bench.child"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=said,
            cwd=ROOT,
        )
        assert child.stdin, "asked for"
        assert child.stdout, "asked for"
        try:
            child.stdin.write(json.dumps(told).encode() + b"\n")
            url = await asyncio.wait_for(child.stdout.readline(), PATIENCE)
            if not url:
                said.seek(0)
                raise HubDidNotStart(f"It said: {said.read()[-2000:].decode(errors='replace')}")
            yield Whole(url.decode().strip(), child.pid)
        finally:
            child.stdin.close()
            await _ended(child)


async def _ended(child: asyncio.subprocess.Process) -> None:
    try:
        await asyncio.wait_for(child.wait(), 20)
    except TimeoutError:
        child.kill()
        await child.wait()
