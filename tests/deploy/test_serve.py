"""`hub serve`: it starts as it should run or not at all, and says why not."""

import socket
from typing import Any

import pytest

from deploy.doctor.variables import NEEDED
from deploy.serve import part_of
from hub.settings import SettingMissing, Settings
from tests.deploy.conftest import HUB, Command, as_role, shell


@pytest.mark.parametrize(
    ("part", "needed"), [(part, name) for part, names in NEEDED.items() for name in names]
)
def test_a_part_cannot_do_without_the_keys_it_is_said_to_need(
    part: str, needed: str, database_url: str, fresh_keys: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in fresh_keys.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HUB_DATABASE_URL", database_url)
    monkeypatch.delenv(f"HUB_{needed.upper()}")
    with pytest.raises(SettingMissing, match=f"HUB_{needed.upper()}"):
        part_of(part, Settings())  # pyright: ignore[reportCallIssue]  # from the environment


@pytest.mark.parametrize("part", list(NEEDED))
def test_a_part_needs_nothing_else(
    part: str, database_url: str, fresh_keys: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_DATABASE_URL", database_url)
    for name in NEEDED[part]:
        monkeypatch.setenv(f"HUB_{name.upper()}", fresh_keys[f"HUB_{name.upper()}"])
    assert part_of(part, Settings()).state.part.name == part  # pyright: ignore[reportCallIssue]


async def test_names_every_key_that_is_missing_or_unreadable(
    command: Command, database_url: str, fresh_keys: dict[str, str]
) -> None:
    keys = fresh_keys | {"HUB_TOKEN_KEY": "secret words", "HUB_INNER_KEY": ""}
    said = await command("serve", "gateway", HUB_DATABASE_URL=database_url, **keys)
    assert said.code == 1
    assert "ConfigurationIncomplete: HUB_TOKEN_KEY is not a private P-256 key" in said.err
    assert "HUB_INNER_KEY is not set" in said.err
    assert "secret words" not in said.err


async def test_says_which_number_is_not_one(command: Command) -> None:
    said = await command("serve", "directory", HUB_POOL_SIZE="many")
    assert (said.code, said.out) == (1, "")
    assert said.err.startswith("SettingNotValid: HUB_POOL_SIZE: ")


def test_refuses_a_superuser(own_database: str, fresh_keys: dict[str, str]) -> None:
    said = shell(*HUB, "serve", "directory", "--port", "1", HUB_DATABASE_URL=own_database, **fresh_keys)
    assert said.returncode == 1
    assert "RoleCanBypassRowSecurity" in said.stderr
    assert "postgres is a superuser" in said.stderr
    assert "Traceback" not in said.stderr


def test_says_that_the_port_is_taken(
    own_database: str, server: dict[str, Any], fresh_keys: dict[str, str]
) -> None:
    url = as_role(own_database, server, "directory")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = shell(*HUB, "serve", "directory", "--port", port, HUB_DATABASE_URL=url, **fresh_keys)
    assert said.returncode == 1
    assert f"AddressTaken: Cannot listen on 127.0.0.1 port {port}" in said.stderr


def test_says_that_the_database_is_away(fresh_keys: dict[str, str]) -> None:
    url = "postgresql://hub_directory:secret@127.0.0.1:1/hub"
    said = shell(*HUB, "serve", "directory", HUB_DATABASE_URL=url, **fresh_keys)
    assert said.returncode == 1
    assert "DatabaseUnreachable: The database hub_directory@127.0.0.1:1/hub cannot be used: " in said.stderr
    assert "secret" not in said.stderr
