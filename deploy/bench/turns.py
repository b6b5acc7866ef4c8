"""Takes targets in turns, A B A B, so that what else the machine does falls on all of them alike.

A closed loop: every connection asks its next question when the last is answered. Absolute figures belong to
the machine; what carries over is a ratio within one run.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

from deploy.bench.meter import Meter, Used

Ask = Callable[[], Awaitable[None]]
WARM_UP = 0.3
LONGEST_TURN = 5.0


class WrongAnswer(Exception):
    """A target gave another answer than the one that was checked: its figures would mean nothing."""


@dataclass(frozen=True)
class Open:
    """A target with its connections open. `refresh` renews what runs out and probes what must be refused."""

    asks: Sequence[Ask]
    refresh: Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Target:
    """Something that answers."""

    name: str
    opened: Callable[[int], AbstractAsyncContextManager[Open]]


@dataclass
class Measured:
    """What was seen of one target."""

    rates: list[float] = field(default_factory=list[float])
    latencies: list[float] = field(default_factory=list[float])
    used: list[Used | None] = field(default_factory=list[Used | None])

    def figures(self) -> dict[str, Any]:
        """The figures of a table's row. Processor time is per request, with the work it leaves behind."""
        requests = len(self.latencies)
        used = [one for one in self.used if one is not None]
        told = bool(used)
        return {
            "requests": requests,
            "per_second": round(median(self.rates), 1),
            "per_second_range": [round(min(self.rates), 1), round(max(self.rates), 1)],
            "p50_ms": _milliseconds(median(self.latencies)),
            "p99_ms": _milliseconds(percentile(self.latencies, 99)),
            "server_us": round(sum(one.server for one in used) / requests, 1) if told else None,
            "postgresql_us": round(sum(one.postgresql for one in used) / requests, 1) if told else None,
        }


@dataclass(frozen=True)
class Pace:
    """How long: `rounds` turns of `seconds` each, for every target."""

    rounds: int
    seconds: float

    @classmethod
    def of(cls, seconds: float) -> "Pace":
        """So many seconds for every target, in at least three turns of at most five seconds."""
        rounds = max(3, round(seconds / LONGEST_TURN))
        return cls(rounds, seconds / rounds)


async def take_turns(
    targets: Sequence[Target],
    connections: int,
    pace: Pace,
    meter: Meter,
    settle: Callable[[], Awaitable[None]],
) -> dict[str, Measured]:
    """Measure every target over so many connections. `settle` waits until no work is left over.

    Raises WrongAnswer or WireBroken.
    """
    measured = {target.name: Measured() for target in targets}
    async with AsyncExitStack() as stack:
        ready = {t.name: await stack.enter_async_context(t.opened(connections)) for t in targets}
        for target in ready.values():
            await target.refresh()
            await _loop(target.asks, min(WARM_UP, pace.seconds))
        await settle()
        for _ in range(pace.rounds):
            for name, target in ready.items():
                await _one_turn(target, measured[name], pace.seconds, meter, settle)
    return measured


def ratio(measured: Mapping[str, Measured], one: str, to: str) -> float:
    """The median over the rounds of one target's rate to another's in the same round."""
    pairs = zip(measured[one].rates, measured[to].rates, strict=True)
    return round(median(a / b for a, b in pairs), 3)


def percentile(latencies: Sequence[float], rank: int) -> float:
    """The value below which `rank` in a hundred lie."""
    return quantiles(latencies, n=100, method="inclusive")[rank - 1] if len(latencies) > 1 else latencies[0]


async def _one_turn(
    target: Open, measured: Measured, seconds: float, meter: Meter, settle: Callable[[], Awaitable[None]]
) -> None:
    await target.refresh()
    before, began = meter.read(), time.perf_counter()
    latencies = await _loop(target.asks, seconds)
    took = time.perf_counter() - began
    await settle()
    after = meter.read()
    measured.rates.append(len(latencies) / took)
    measured.latencies += latencies
    measured.used.append(after.since(before) if after and before else None)


async def _loop(asks: Sequence[Ask], seconds: float) -> list[float]:
    """Every connection asks at least once, and again until the time is up."""
    end = time.perf_counter() + seconds
    latencies: list[float] = []

    async def one(ask: Ask) -> None:
        began = time.perf_counter()
        while True:
            await ask()
            now = time.perf_counter()
            latencies.append(now - began)
            if now >= end:
                return
            began = now

    await asyncio.gather(*map(one, asks))
    return latencies


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 3)
