"""The `hub` command as a shell calls it, in this process or in one of its own."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from deploy.cli import main
from deploy.postgres import running
from hub.logs import quiet_logs
from hub.policy import SERVICE_ROLES
from tests.deploy.embedded import ask

ROOT = Path(__file__).parents[2]
HUB = [sys.executable, "-m", "deploy.cli"]


@dataclass(frozen=True)
class Said:
    """How a command ended, and what it printed."""

    code: int
    out: str
    err: str


Command = Callable[..., Awaitable[Said]]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Command:
    """Call `hub` with these words and these HUB_ variables, and no others."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path))  # another hub of whoever runs the tests is noted at home
    for name in [name for name in os.environ if name.startswith("HUB_")]:
        monkeypatch.delenv(name)

    async def call(*words: str, **variables: str) -> Said:
        monkeypatch.setattr(sys, "argv", ["hub", *words])
        with monkeypatch.context() as inside:
            for name, value in variables.items():
                inside.setenv(name, value)
            capsys.readouterr()
            code = await asyncio.to_thread(_ended)
            quiet_logs("WARNING")  # as in tests/conftest.py: a command may have set how this process logs
        printed = capsys.readouterr()
        return Said(code, printed.out, printed.err)

    return call


@pytest.fixture(scope="module")
async def own_database(server: dict[str, Any], worker_id: str) -> str:
    """The administrator's URL of a migrated database that no other test file uses."""
    return await new_database(server, f"hub_own_{worker_id}", "template_hub")


@pytest.fixture(scope="module")
async def empty_database(server: dict[str, Any], worker_id: str) -> str:
    """The administrator's URL of a database that nobody has migrated."""
    return await new_database(server, f"hub_empty_{worker_id}", "template0")


async def new_database(server: dict[str, Any], name: str, template: str) -> str:
    """Make a database in the place of any of that name; its administrator's URL."""
    connection = await asyncpg.connect(server["url"])
    await connection.execute(f'drop database if exists "{name}" with (force)')
    await connection.execute(f'create database "{name}" template {template}')
    await connection.close()
    return f"{server['url'].rpartition('/')[0]}/{name}"


def as_role(url: str, server: dict[str, Any], part: str) -> str:
    """The URL of the same database for one part's own role."""
    return f"postgresql://{SERVICE_ROLES[part]}:{server['roles'][part]}@{url.rpartition('@')[2]}"


def _ended() -> int:
    try:
        main()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


def shell(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end in a process of its own."""
    return subprocess.run(  # noqa: S603  # the command is ours
        words,
        env=environment(**variables),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def environment(**variables: str) -> dict[str, str]:
    """Our environment with these HUB_ variables and no others."""
    return {name: value for name, value in os.environ.items() if not name.startswith("HUB_")} | variables


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder any user may pass through; pytest's own are closed to everybody else."""
    with tempfile.TemporaryDirectory(prefix="hub-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        yield Path(folder).resolve()


@pytest.fixture(scope="module")
def kept(place: Path) -> Path:
    """A data folder that has been used before and holds one row."""
    folder = place / "kept"
    with running(folder, durable=False) as server:
        ask(server, "create table concern as select 'worried' as note")
    return folder
