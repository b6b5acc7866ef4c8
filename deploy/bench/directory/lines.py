"""Every service as NDJSON, and the memory the hub takes for it: a stream must not grow with the directory."""

import asyncio
import time
from pathlib import Path
from typing import Any

import httpx

from deploy.bench.directory.stage import Offer
from deploy.bench.turns import WrongAnswer

PUBLISHED = """
select count(*) from directory.service where visibility = 'public' and hidden_at is null
  and status in ('active', 'temporarily closed')"""
STATUS = "/proc/{}/status"
LOOK = 0.05


async def streamed(offer: Offer) -> dict[str, Any]:
    """Stream everything once: lines, bytes, seconds, and how much memory the hub took before and at most."""
    before = _memory(offer.whole.process_id)
    began = time.perf_counter()
    seen: list[float] = []
    watching = asyncio.create_task(_watch(offer.whole.process_id, seen))
    try:
        lines, size = await _read(offer.whole.url)
    finally:
        watching.cancel()
    took = time.perf_counter() - began
    if lines != await offer.administrator.fetchval(PUBLISHED):
        raise WrongAnswer(f"NDJSON of {offer.services} services gave {lines}.")
    return {
        "lines": lines,
        "mebibytes": round(size / 2**20, 1),
        "seconds": round(took, 2),
        "lines_per_second": round(lines / took),
        "memory_before_mib": before,
        "memory_at_most_mib": max(seen, default=None),
    }


async def _read(url: str) -> tuple[int, int]:
    lines = size = 0
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        answer = http.stream("GET", f"{url}/directory/services", params={"format": "ndjson"})
        async with answer as stream:
            async for piece in stream.aiter_bytes():
                lines += piece.count(b"\n")
                size += len(piece)
    return lines, size


async def _watch(process_id: int, seen: list[float]) -> None:
    while (now := _memory(process_id)) is not None:
        seen.append(now)
        await asyncio.sleep(LOOK)


def _memory(process_id: int) -> float | None:
    """What a process holds in memory, in MiB; None where the system does not tell."""
    file = Path(STATUS.format(process_id))
    if not file.exists():
        return None
    said = next(line for line in file.read_text().splitlines() if line.startswith("VmRSS"))
    return round(int(said.split()[1]) / 1024, 1)
