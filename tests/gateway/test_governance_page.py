"""The page for the information governance lead names operations there are, with the scope they need."""

import re
from pathlib import Path

import httpx

from hub.caller import Scope

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
