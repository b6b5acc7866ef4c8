"""What was seen of one family: when each look began and ended, and whether it showed what was shared."""

import asyncio
import time
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Look:
    """One look through one of the ways out."""

    way: str
    began: float
    ended: float
    shown: bool


@dataclass
class Watch:
    """Every look at one family. `narrowed` is when the answer to the narrowing was there."""

    narrowing: str
    grace: float = 0.0
    looks: list[Look] = field(default_factory=list[Look])
    narrowed: float = float("inf")

    def saw(self, way: str, began: float, *, shown: bool) -> None:
        """Keep a look that has just ended."""
        self.looks.append(Look(way, began, time.perf_counter(), shown))

    def begun_after(self) -> list[Look]:
        """The looks that began after the answer, and after the time that it is given to take effect."""
        return [look for look in self.looks if look.began > self.narrowed + self.grace]

    def shown_after(self) -> list[Look]:
        """What must not be: begun after the answer, and shown all the same."""
        return [look for look in self.begun_after() if look.shown]

    def overlap(self) -> float:
        """How long after the answer something shown arrived that had begun before, in seconds."""
        return max((look.ended - self.narrowed for look in self.looks if look.shown), default=0.0)

    def took_effect(self) -> float:
        """When after the answer the last look began that still showed it, in seconds."""
        return max((look.began - self.narrowed for look in self.looks if look.shown), default=0.0)

    async def more(self, number: int, late: int, until: float, seconds: float = 0.0) -> None:
        """Wait for so many more looks, or for `late` of them once it is past `until`; and for the seconds."""
        there, least = len(self.looks), time.perf_counter() + seconds
        while True:
            await asyncio.sleep(0.005)
            now, seen = time.perf_counter(), len(self.looks) - there
            if now >= least and seen >= (number if now < until else min(late, number)):
                return
