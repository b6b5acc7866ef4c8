"""The page on connecting a system: what it says to type is typed here, and its example run, on a real hub."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest

from deploy.demo.partnership import OAKFIELD
from deploy.local import Running
from tests.people import Room, fresh_upn

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "connect-a-system.md").read_text("utf-8")
KEYS, REGISTER = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
[EXAMPLE] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
ADDRESS = "https://hub.northshire.example"

Run = Callable[..., Awaitable[subprocess.CompletedProcess[str]]]


@pytest.fixture
def run(hub: Running, tmp_path: Path) -> Run:
    """Run something beside the hub, in a folder of its own."""
    programs = str(Path(sys.executable).parent)
    variables = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")} | {
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "HUB_DATABASE_URL": hub.settings["gateway"].need("database_url"),
    }

    async def ran(*words: str) -> subprocess.CompletedProcess[str]:
        def wait() -> subprocess.CompletedProcess[str]:
            return subprocess.run(  # noqa: S603  # the command is ours
                words, cwd=tmp_path, env=variables, capture_output=True, text=True, timeout=120, check=False
            )

        return await asyncio.to_thread(wait)  # the hub answers meanwhile

    return ran


@pytest.fixture
async def registered(run: Run) -> None:
    """The page's school and its system, as the page says to make and register them."""
    for block in (KEYS, REGISTER):
        done = await run("bash", "-euc", block)
        assert done.returncode == 0, done.stderr


async def test_its_example_sends_a_concern_once_and_pages_through_them(
    hub: Running, registered: None, run: Run
) -> None:
    assert EXAMPLE.count(ADDRESS) == EXAMPLE.count("mis/4711") == EXAMPLE.count('"limit": 100') == 1
    example = EXAMPLE.replace(ADDRESS, hub.url).replace('"limit": 100', '"limit": 2')
    sent, listed = list[str](), list[str]()
    for number in ("4711", "4711", "4712", "4713"):
        said = await run(sys.executable, "-c", example.replace("4711", number))
        assert said.returncode == 0, said.stdout + said.stderr
        first, *rest = said.stdout.splitlines()
        sent.append(first.removeprefix("sent "))
        listed = [line.split()[0] for line in rest]
    assert sent[0] == sent[1]
    assert listed == [sent[3], sent[2], sent[0]]


async def test_its_example_shows_the_problem_of_a_concern_that_is_refused(
    hub: Running, registered: None, run: Run
) -> None:
    example = EXAMPLE.replace(ADDRESS, hub.url).replace('"Z801990122014"', '"A801990122014"')
    said = await run(sys.executable, "-c", example)
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr.startswith("422 {")
    assert "/problems/upn-" in said.stderr


async def test_the_same_concern_in_a_file_has_the_names_the_page_says(room: Room) -> None:
    kind, category, rag, file_rag = (f"`{name}`" for name in ("kind", "category", "school_rag", "rag"))
    assert f"| {kind} | {category} |\n| {rag} | {file_rag} |" in PAGE
    same = {
        "external_id": "mapped/1",
        "upn": fresh_upn(),
        "narrative": "Fell asleep at lunch.",
        "occurred_at": "2026-09-14T14:45:00+01:00",
    }
    one = {**same, "kind": "welfare", "school_rag": "amber"}
    headers = {"idempotency-key": "mapped-1"}
    sent = [await room[OAKFIELD].post("/referral/concerns", one, headers=headers) for _ in range(2)]
    assert sent[0].json() == sent[1].json()
    assert [answer.headers.get("idempotency-replayed") for answer in sent] == [None, "true"]
    line = json.dumps({**same, "category": "welfare", "rag": "amber"})
    kind_of_file = {"content-type": "application/x-ndjson"}
    path = "/referral/concerns/batch"
    answer = await room[OAKFIELD].ask("POST", path, content=line, headers=kind_of_file)
    [again] = answer.json()["already_had"]
    assert again["concern"] == sent[0].json()["concern"]


def test_its_example_is_one_for_somebody_without_our_code() -> None:
    imported = re.findall(r"^(?:import|from) ([a-z]+)", EXAMPLE, re.MULTILINE)
    assert not {"deploy", "gateway", "hub", "services", "tests"} & set(imported)


async def test_every_path_it_names_is_there(http: httpx.AsyncClient) -> None:
    paths = (await http.get("/openapi.json")).json()["paths"]
    named = set(re.findall(r"`(?:GET |POST )?(/[a-z./-]+)`", PAGE))
    assert len(named) > 5
    for path in named:
        assert path in paths or (await http.get(path)).status_code == 200, path


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)[^)]*\)", PAGE))
def test_every_link_on_it_leads_somewhere(link: str) -> None:
    assert (ROOT / "docs" / link).exists()
