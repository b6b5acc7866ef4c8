"""Asking until the answer changes, judged by when each question was put: a busy machine answers late."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import httpx

WITHIN_SECONDS = 1.0


async def within_a_second(ask: Callable[[], Awaitable[httpx.Response]], status: int) -> httpx.Response:
    """The first answer of this status. No question put after a second has passed has another one."""
    began = time.monotonic()
    while True:
        waited = time.monotonic() - began
        answer = await ask()
        if answer.status_code == status:
            return answer
        assert waited < WITHIN_SECONDS, f"asked after {waited:.2f} s: {answer.status_code} {answer.text}"
        await asyncio.sleep(0.03)
