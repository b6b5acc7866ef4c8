"""Odd values in every address and query of every operation: refused in a sentence, never broken by."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from deploy.demo.partnership import DPO, EARLY_HELP
from tests.people import Room

METHODS = ("get", "post", "put", "patch", "delete")
ODD = (
    "\x00",
    "a\x00b",
    str(2**80),
    "-1",
    "\N{ZERO WIDTH SPACE}",
    "'",
    "../../x",
    "x" * 3000,
    "9999-12-31T23:59:59Z",
)


def _asked(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Each operation, with each of its parameters odd in turn and the others plain."""
    for path, item in document["paths"].items():
        for method in METHODS:
            operation = item.get(method)
            if operation is None or path.startswith(("/oauth", "/.well-known")):
                continue
            parameters = [p for p in operation.get("parameters", ()) if p.get("in") in ("path", "query")]
            for odd in parameters:
                for value in ODD:
                    plain = {p["name"]: str(uuid4()) for p in parameters if p["in"] == "path"}
                    said = {name: quote(v, safe="") for name, v in (plain | {odd["name"]: value}).items()}
                    place = path.format(**said)
                    yield method, place, {odd["name"]: value} if odd["in"] == "query" else {}


@pytest.mark.parametrize("agency", [EARLY_HELP, DPO], ids=lambda agency: agency.id)
async def test_no_odd_value_breaks_anything(room: Room, agency: Any) -> None:
    who = room[agency]
    broken: list[str] = []
    for method, place, query in _asked((await who.get("/openapi.json")).json()):
        body: dict[str, Any] | None = {} if method in ("post", "put", "patch") else None
        answer = await who.ask(method.upper(), place, params=query, json=body)
        if answer.status_code >= 500:
            broken.append(f"{method} {place[:120]} {str(query)[:80]}: {answer.status_code}")
    assert broken == []
