"""What can send anything out of the hub is on a list, with its reason: nothing goes round the seam."""

import ast
import importlib
import pkgutil
from pathlib import Path

from fastapi import APIRouter
from fastapi.routing import APIRoute

import gateway
import services
from hub.access import HubRoute

ROOT = Path(__file__).parent.parent.parent
SPEAKS = {
    *("aiohttp", "aiosmtplib", "ftplib", "http", "httpcore", "httpx", "nats", "requests"),
    *("smtplib", "socket", "telnetlib", "urllib3", "websocket", "websockets", "xmlrpc"),
}
PARTLY = {"urllib.request", "asyncio.open_connection", "asyncio.create_subprocess_exec"}

# A module that delivers about people belongs here only if all it sends comes out of `hub.delivery.sending`.
MAY_SPEAK = {
    "gateway/hop.py": "the inner hop: to our own services, in the caller's name, and they answer sealed",
    "services/directory/jobs/pull.py": "reads public feeds of services; sends nothing",
    "services/directory/jobs/bring.py": "as pull: a page of one",
    "services/directory/jobs/vocabulary.py": "reads the taxonomies of public feeds; sends nothing",
    "services/directory/jobs/reach.py": "as pull: which addresses a feed may be read from",
}
ANSWERS_ANYONE = {
    "gateway/rest.py": "passes on, untouched, what a service answered sealed",
    "gateway/pages.py": "our own files",
    "services/directory/api/answers.py": "public data alone: whoever asks, it is the same",
}
PUBLIC = "services.directory."  # the local offer: no personal data, the same for everybody
UNSEALED = {"StreamingResponse", "FileResponse", "EventSourceResponse", "WebSocket"}


def _named(file: Path) -> set[str]:
    """What a module imports, and the attributes of modules it uses."""
    found = set[str]()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.add(f"{node.value.id}.{node.attr}")
    return found


def _served() -> dict[str, set[str]]:
    files = [file for part in ("hub", "gateway", "services") for file in (ROOT / part).rglob("*.py")]
    return {file.relative_to(ROOT).as_posix(): _named(file) for file in files}


def test_only_these_modules_speak_to_anything_outside() -> None:
    speaking = {
        place
        for place, names in _served().items()
        if names & PARTLY or {name.partition(".")[0] for name in names} & SPEAKS - {"http"}
    }
    assert speaking - MAY_SPEAK.keys() == set(), "send through hub.delivery, then say here why this may speak"


def test_no_answer_about_people_leaves_in_pieces() -> None:
    """`hub.seals.answers` reads an answer whole; these kinds cannot be, or are made into one there."""
    allowed = {*ANSWERS_ANYONE, "hub/seals/answers.py"}
    found = {
        place for place, names in _served().items() if {name.rpartition(".")[2] for name in names} & UNSEALED
    }
    assert found - allowed == set()


def test_nobody_routes_round_the_seals() -> None:
    """Every endpoint of ours is a HubRoute: its answer passes `hub.seals.answers` before it commits."""
    round_it = {
        f"{module.name} {route.path}"
        for package in (gateway, services)
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + ".")
        if ".migrations" not in module.name and not module.name.startswith(PUBLIC)
        for router in vars(importlib.import_module(module.name)).values()
        if isinstance(router, APIRouter)
        for route in router.routes
        if isinstance(route, APIRoute) and not isinstance(route, HubRoute)
    }
    assert round_it == set()
