"""`hub migrate`: it says what it did, or why not."""

import json
from typing import Any

import asyncpg

from hub.policy import SERVICE_ROLES
from tests.deploy.conftest import Command, as_role

OWNERS = ["hub", *SERVICE_ROLES]


async def test_says_which_schemas_it_brought_up_to_date(command: Command, empty_database: str) -> None:
    said = await command("migrate", "--json", HUB_DATABASE_URL=empty_database)
    assert json.loads(said.out) == {"brought_up_to_date": OWNERS, "passwords_set": []}


async def test_says_that_there_was_nothing_to_do(command: Command, own_database: str) -> None:
    said = await command("migrate", HUB_DATABASE_URL=own_database)
    assert (said.code, said.out) == (0, "Every schema was up to date.\n")


async def test_gives_a_role_the_password_it_is_told(
    command: Command, own_database: str, server: dict[str, Any]
) -> None:
    same = server["roles"]["directory"]
    said = await command("migrate", "--json", HUB_DATABASE_URL=own_database, HUB_PASSWORD_DIRECTORY=same)
    assert json.loads(said.out)["passwords_set"] == ["directory"]
    assert same not in said.out + said.err
    connection = await asyncpg.connect(as_role(own_database, server, "directory"))
    await connection.close()


async def test_says_that_the_database_does_not_let_it_in(command: Command, own_database: str) -> None:
    said = await command("migrate", HUB_DATABASE_URL=own_database + "_not_there")
    assert said.code == 1
    assert "DatabaseUnreachable" in said.err
    assert "does not exist" in said.err


async def test_says_what_is_wrong_with_an_address(command: Command) -> None:
    for url in ("hub", "mysql://x/y", "postgresql://x/y?sslmode=require"):
        said = await command("migrate", HUB_DATABASE_URL=url)
        assert said.code == 1
        assert "SettingNotValid: HUB_DATABASE_URL" in said.err
