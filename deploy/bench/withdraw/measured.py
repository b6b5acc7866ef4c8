"""The soak: rounds on a seeded hub through a second front door, as `hub bench withdraw` runs them."""

from typing import Any

from deploy.bench.stage import Stage
from deploy.bench.turns import Pace
from deploy.bench.withdraw.figures import figures
from deploy.bench.withdraw.rounds import Load
from deploy.bench.withdraw.rounds import run as rounds
from deploy.bench.withdraw.scene import a_second_front_door, scene
from hub.caller import ClientId


async def run(stage: Stage, pace: Pace, load: Load | None = None) -> dict[str, Any]:
    """What was seen in so many seconds. `violations` is what must be 0."""
    keys = {ClientId(name): key for name, key in stage.clients.items()}
    async with a_second_front_door(stage.apart) as other, scene(stage.apart, keys, other) as ready:
        return figures(await rounds(ready, pace.rounds * pace.seconds, load, stage.tell))
