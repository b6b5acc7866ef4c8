"""The audit log in tests: something to look at, and the log once nothing waits."""

import asyncio

import asyncpg
import httpx
import pytest

from deploy.demo.partnership import OAKFIELD
from tests.people import Family, Room, a_family


async def looked_at(room: Room) -> Family:
    """A family that somebody looked at: two disclosures at least."""
    family = await a_family(room)
    answer = await room[OAKFIELD].get(f"/referral/households/{family.household}/case")
    assert answer.status_code == 200
    return family


async def all_sequenced(administrator: asyncpg.Connection) -> None:
    """Wait until nothing waits."""
    for _ in range(100):
        if not await administrator.fetchval("select count(*) from hub.unsequenced"):
            return
        await asyncio.sleep(0.05)
    pytest.fail("the sequencer does not keep up")


async def read(http: httpx.AsyncClient, path: str, **params: str | int) -> str:
    """What anybody reads there."""
    answer = await http.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.text
