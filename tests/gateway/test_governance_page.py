"""The page for the information governance lead names operations there are, with the scope they need."""

import json
import re
from pathlib import Path

import httpx

from deploy.demo.partnership import HOUSING, OAKFIELD
from hub.caller import Scope
from tests.people import Room, a_family

PAGE = Path(__file__).parents[2] / "docs" / "for-the-information-governance-lead.md"
ENDPOINTS = Path(__file__).parents[1] / "policy" / "endpoints.txt"
LINE = re.compile(r"^\| `([A-Z]+) (/[^`]*)` \| ([^|]+) \|", re.MULTILINE)


async def test_every_operation_on_it_is_in_the_merged_openapi(http: httpx.AsyncClient) -> None:
    paths = (await http.get("/openapi.json")).json()["paths"]
    named = LINE.findall(PAGE.read_text("utf-8"))
    assert len(named) > 40
    missing = [f"{method} {path}" for method, path, _ in named if method.lower() not in paths.get(path, {})]
    assert missing == []


def test_every_scope_on_it_is_the_one_the_operation_asks_for() -> None:
    asked = {
        tuple(line.split()[:2]): line.split()[2] for line in ENDPOINTS.read_text("utf-8").splitlines() if line
    }
    for method, path, scopes in LINE.findall(PAGE.read_text("utf-8")):
        first, *more = (scope.strip() for scope in scopes.split(","))
        assert asked[method, path] == first, f"{method} {path}"
        assert set(more) <= set(Scope)


async def test_its_example_of_a_decision_is_recorded_and_in_force(room: Room) -> None:
    [example] = re.findall(r"```json\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    family = await a_family(room)
    said = json.loads(example)
    giver = {**said["giver"], "person": str(family.parent)}
    decision = {**said, "subjects": [str(family.household), str(family.child)], "giver": giver}
    assert decision["agency"] == HOUSING.id
    await room[OAKFIELD].made("/sharing/decisions", decision)
    answer = await room[HOUSING].get(f"/referral/households/{family.household}/case")
    assert answer.status_code == 200
