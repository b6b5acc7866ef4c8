"""Rounds: families at once, each looked at through both doors while it is shared, and on when it is not."""

import asyncio
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass

from deploy.bench.withdraw.families import Family, a_family
from deploy.bench.withdraw.narrowings import NARROWINGS, Narrowing
from deploy.bench.withdraw.scene import Scene
from deploy.bench.withdraw.watching import Watch
from deploy.demo.partnership import OAKFIELD


@dataclass(frozen=True)
class Load:
    """How many families at once, who looks at each, and what is looked before and after its narrowing."""

    families: int = 4
    lookers: int = 2
    before: int = 24
    after: int = 60


async def run(
    scene: Scene, seconds: float, load: Load | None = None, progress: Callable[[int], None] | None = None
) -> list[Watch]:
    """Rounds for so long, and each kind of narrowing once at least; everything that was seen."""
    kept, numbers = list[Watch](), itertools.count()
    until, load = time.perf_counter() + seconds, load or Load()

    async def one_after_another() -> None:
        while (number := next(numbers)) < len(NARROWINGS) or time.perf_counter() < until:
            kept.append(await _one(scene, number, NARROWINGS[number % len(NARROWINGS)], load))
            if progress:
                progress(sum(len(watch.looks) for watch in kept))

    async with asyncio.TaskGroup() as group:
        for _ in range(load.families):
            group.create_task(one_after_another())
    return kept


async def _one(scene: Scene, number: int, narrowing: Narrowing, load: Load) -> Watch:
    family, watch = await a_family(scene, number), Watch(narrowing.name, narrowing.grace)
    await narrowing.before(scene, number, family)
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for looker in range(load.lookers):
            group.create_task(_look(scene, number + looker, narrowing, family, watch, stop))
        group.create_task(_write(scene, number, family, stop))
        await watch.more(load.before)
        await narrowing.carry_out(scene, number, family)
        watch.narrowed = time.perf_counter()
        await watch.more(load.after, seconds=narrowing.grace * 1.5)
        stop.set()
    return watch


async def _look(
    scene: Scene, first: int, narrowing: Narrowing, family: Family, watch: Watch, stop: asyncio.Event
) -> None:
    """Every way in turn, and the next time round through the other door."""
    for turn in itertools.count(first):
        for way in narrowing.ways:
            began = time.perf_counter()
            shown = await way(scene, turn, family)
            watch.saw(way.__name__.replace("_", " "), began, shown=shown)
            if stop.is_set():
                return


async def _write(scene: Scene, number: int, family: Family, stop: asyncio.Event) -> None:
    """What is written about the family meanwhile: it fans out to whoever may see it."""
    for turn in itertools.count(number):
        if stop.is_set():
            return
        await scene.done(turn, OAKFIELD, "/referral/concerns", family.concern())
        await asyncio.sleep(0.02)
