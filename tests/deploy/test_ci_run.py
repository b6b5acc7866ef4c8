""".ci/run, with a uv that only says what it was asked: the README's commands, in order, until one fails."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.deploy.conftest import ROOT

STEPS = [
    "sync --locked",
    "run ruff check",
    "run ruff format --check",
    "run pyright",
    "run lint-imports",
    "run pytest",
    "run hub demo",
]
UV = """#!/bin/sh
echo "uv $*${HUB_DATABASE_URL:+ with a developer's database}"
case "$*" in *"$FAILING") exit 3;; esac
"""


def _run(folder: Path, failing: str) -> subprocess.CompletedProcess[str]:
    uv = folder / "uv"
    uv.write_text(UV)
    uv.chmod(0o755)
    environment = {
        **os.environ,
        "PATH": f"{folder}:{os.environ['PATH']}",
        "HUB_DATABASE_URL": "postgresql://developer",
        "FAILING": failing,
    }
    ran = [str(ROOT / ".ci/run")]
    return subprocess.run(ran, env=environment, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603


def test_every_step_is_taken_with_nothing_of_the_developers(tmp_path: Path) -> None:
    said = _run(tmp_path, "nothing")
    assert said.returncode == 0
    assert [line[3:] for line in said.stdout.splitlines() if line.startswith("uv ")] == STEPS


@pytest.mark.parametrize("step", range(len(STEPS)))
def test_it_stops_at_the_first_failure_with_its_exit_code(step: int, tmp_path: Path) -> None:
    said = _run(tmp_path, STEPS[step])
    assert said.returncode == 3
    assert [line[3:] for line in said.stdout.splitlines() if line.startswith("uv ")] == STEPS[: step + 1]


@pytest.mark.parametrize("command", ["uv run hub demo", "uv run pytest"])
def test_the_readmes_commands_are_among_them(command: str) -> None:
    assert command in (ROOT / "README.md").read_text("utf-8")
    assert command.removeprefix("uv ") in STEPS
