"""`hub seed` as it is typed."""

import asyncio
import json
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from deploy.seed.command import NowhereToSeed, command
from tests.deploy.seeding import KEY, a_database


async def test_the_command_prints_one_object(
    server: dict[str, Any], worker_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_MATCHING_KEY", KEY)
    async with a_database(server, f"seed_command_{worker_id}") as url:
        monkeypatch.setenv("HUB_DATABASE_URL", url)
        ran = await asyncio.to_thread(CliRunner().invoke, app(), ["--families", "20", "--json"])
    assert json.loads(ran.stdout)["rows"]["referral.household"] == 20


def test_the_command_says_where_it_could_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUB_DATABASE_URL", raising=False)
    ran = CliRunner().invoke(app(), ["--families", "20"])
    assert isinstance(ran.exception, NowhereToSeed)


def app() -> typer.Typer:
    """The command alone."""
    alone = typer.Typer()
    alone.command()(command)
    return alone
