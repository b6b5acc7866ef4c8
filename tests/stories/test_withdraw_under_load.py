"""Nothing begun after the 204 shows what was withdrawn: two front doors and services apart, under load.

`uv run hub bench withdraw --seconds 300` is the same for longer.
"""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from deploy.bench.withdraw import Load, Scene, a_second_front_door, figures, run, scene
from deploy.bench.withdraw.narrowings import NARROWINGS
from deploy.many import in_many_processes
from tests.deploy.conftest import new_database
from tests.people import KEYS, introduce

SECONDS = 8.0
# However slow the machine: so many looks begun after each narrowing.
LATE = 60
WAYS = {
    *("read", "page continued", "case view", "graphql", "who looked", "shared screen", "glass"),
    *("delivery", "referral sent", "repeated", "engagement recorded"),
}


@pytest.fixture(scope="module")
async def two_doors(
    server: dict[str, Any], worker_id: str, fresh_keys: dict[str, str]
) -> AsyncIterator[Scene]:
    """A hub of five processes, two of them its front door, with the partnership registered."""
    database = await new_database(server, f"hub_withdraw_{worker_id}", "template_hub")
    async with in_many_processes(database, fresh_keys, secrets_of_roles=server["roles"]) as parts:
        await introduce(parts.settings["gateway"])
        async with a_second_front_door(parts) as other, scene(parts, KEYS, other) as ready:
            yield ready


async def test_nothing_begun_after_the_answer_shows_it(two_doors: Scene) -> None:
    found = figures(await run(two_doors, SECONDS, Load(late=LATE)))
    late = {way: row["shown_after"] for way, row in found["by_way"].items() if row["shown_after"]}
    assert late == {}, found
    assert found["violations"] == 0
    assert found["by_way"].keys() == WAYS
    assert found["by_narrowing"].keys() == {narrowing.name for narrowing in NARROWINGS}
    assert found["begun_after"] >= len(NARROWINGS) * LATE * 4 // 5
