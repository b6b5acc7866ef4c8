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
from deploy.bench.withdraw.ways import Way
from deploy.demo.partnership import OAKFIELD

WRITE_EVERY = 0.25


@dataclass(frozen=True)
class Load:
    """How many families at once, who looks at each, and how often before and after its narrowing.

    When the time is up `late` looks after it are enough: a round comes to its end however slow the machine.
    """

    families: int = 4
    lookers: int = 4
    before: int = 60
    after: int = 240
    late: int = 40


async def run(
    scene: Scene, seconds: float, load: Load | None = None, progress: Callable[[float], None] | None = None
) -> list[Watch]:
    """Rounds for so long, and each kind of narrowing once at least; everything that was seen."""
    kept, numbers = list[Watch](), itertools.count()
    until, load = time.perf_counter() + seconds, load or Load()

    async def one_after_another() -> None:
        while (number := next(numbers)) < len(NARROWINGS) or time.perf_counter() < until:
            kept.append(await _one(scene, number, NARROWINGS[number % len(NARROWINGS)], load, until))
            if progress:
                progress(min(seconds, seconds + time.perf_counter() - until))

    async with asyncio.TaskGroup() as group:
        for _ in range(load.families):
            group.create_task(one_after_another())
    return kept


async def _one(scene: Scene, number: int, narrowing: Narrowing, load: Load, until: float) -> Watch:
    family, watch = await a_family(scene, number), Watch(narrowing.name, narrowing.grace)
    await narrowing.before(scene, number, family)
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for looker in range(load.lookers):
            group.create_task(_look(scene, number + looker, narrowing, family, watch, stop))
        group.create_task(_write(scene, number, family, stop))
        await watch.more(load.before, load.late, until)
        await _every_way(scene, number, narrowing, family, watch)
        await narrowing.carry_out(scene, number, family)
        watch.narrowed = time.perf_counter()
        await _every_way(scene, number, narrowing, family, watch)
        await watch.more(load.after, load.late, until, seconds=narrowing.grace * 1.5)
        stop.set()
    return watch


async def _look(
    scene: Scene, first: int, narrowing: Narrowing, family: Family, watch: Watch, stop: asyncio.Event
) -> None:
    """Every way in turn, and the next time round through the other door."""
    for turn in itertools.count(first):
        for way in narrowing.ways:
            await _once(scene, turn, way, family, watch)
            if stop.is_set():
                return


async def _every_way(scene: Scene, door: int, narrowing: Narrowing, family: Family, watch: Watch) -> None:
    """Every way at once, as close to the narrowing as can be: an answer kept for a moment would be told."""
    await asyncio.gather(*(_once(scene, door, way, family, watch) for way in narrowing.ways))


async def _once(scene: Scene, door: int, way: Way, family: Family, watch: Watch) -> None:
    began = time.perf_counter()
    shown = await way(scene, door, family)
    watch.saw(way.__name__.replace("_", " "), began, shown=shown)


async def _write(scene: Scene, number: int, family: Family, stop: asyncio.Event) -> None:
    """What is written about the family meanwhile: it fans out to whoever may see it."""
    for turn in itertools.count(number):
        if stop.is_set():
            return
        await scene.done(turn, OAKFIELD, "/referral/concerns", family.concern())
        await asyncio.sleep(WRITE_EVERY)
