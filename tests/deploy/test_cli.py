"""The `hub` command as a whole: it is quick, it explains itself, and it refuses in sentences."""

import importlib
import json
import sys

import pytest
import typer

from deploy.cli import COMMANDS
from deploy.terminal import refusal
from hub.settings import SettingMissing
from tests.deploy.conftest import HUB, Command, shell

HEAVY = ("fastapi", "sqlalchemy", "alembic", "strawberry", "httpx", "asyncio", "deploy.local")


def test_asks_for_nothing_heavy_before_it_knows_the_command() -> None:
    loaded = f"import json, sys, deploy.cli; print(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    assert json.loads(shell(sys.executable, "-c", loaded).stdout) == []


async def test_help_lists_every_command(command: Command) -> None:
    said = await command("--help")
    assert said.code == 0
    for name, (_, line) in COMMANDS.items():
        assert name in said.out
        assert line.partition(".")[0] in said.out


@pytest.mark.parametrize("name", list(COMMANDS))
async def test_every_command_explains_itself(name: str, command: Command) -> None:
    said = await command(name, "--help")
    assert said.code == 0
    assert f"Usage: hub {name}" in said.out


@pytest.mark.parametrize("name", list(COMMANDS))
def test_the_line_in_the_list_is_the_commands_own(name: str) -> None:
    place, line = COMMANDS[name]
    module, _, attribute = place.partition(":")
    found = getattr(importlib.import_module(module), attribute)
    own = found.info.help if isinstance(found, typer.Typer) else found.__doc__
    assert str(own).strip().startswith(line.rstrip("."))


@pytest.mark.parametrize(
    "words", [(), ("nonsense",), ("serve",), ("serve", "kitchen"), ("up", "--port", "x")]
)
async def test_wrong_usage_ends_with_2(words: tuple[str, ...], command: Command) -> None:
    assert (await command(*words)).code == 2


def test_a_refusal_is_one_named_sentence_on_standard_error_and_ends_with_1() -> None:
    said = shell(*HUB, "migrate")
    assert said.returncode == 1
    assert said.stdout == ""
    assert said.stderr.startswith("SettingMissing: HUB_DATABASE_URL is not set.")
    assert said.stderr.count("\n") == 1


def test_only_our_own_exceptions_are_refusals() -> None:
    assert refusal(SettingMissing("HUB_X is not set.")) == "SettingMissing: HUB_X is not set."
    assert refusal(ValueError("a bug")) is None
