"""What a process does again and again beside its requests: a round, a rest, and on, whatever it met with."""

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import structlog

log = structlog.get_logger("hub")


@asynccontextmanager
async def going_round(
    what: str, one_round: Callable[[], Awaitable[object]], rest: float
) -> AsyncGenerator[None]:
    """Do it while inside, with about `rest` seconds between; the last round is broken off on the way out.

    `what` is its name in the log, of letters and hyphens. What a round raises is logged by its kind, and the
    next one comes all the same: a database that is away comes back.
    """
    leaving = asyncio.Event()
    task = asyncio.create_task(_until(leaving, what, one_round, rest))
    try:
        yield
    finally:
        leaving.set()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _until(
    leaving: asyncio.Event, what: str, one_round: Callable[[], Awaitable[object]], rest: float
) -> None:
    while True:
        try:
            await one_round()
        except Exception as reason:  # noqa: BLE001  # nothing may end it but its process
            if leaving.is_set():  # a driver may make an error of its own out of being broken off
                return
            log.warning("round failed", where=what, kind=type(reason).__name__)
        # Not all at once where several processes were started together.
        await asyncio.sleep(rest * random.uniform(0.5, 1.5))  # noqa: S311  # no secret
