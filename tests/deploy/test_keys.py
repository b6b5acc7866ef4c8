"""`hub keys`: a fresh set that every part accepts, in a form that compose and shells read alike."""

import json
import shlex

import pytest

from deploy.doctor.variables import NEEDED, variables
from hub.settings import Settings
from tests.deploy.conftest import Command


async def printed(command: Command, *words: str) -> dict[str, str]:
    said = await command("keys", *words)
    return dict(shlex.split(line)[0].split("=", 1) for line in said.out.splitlines())


async def test_are_accepted_by_every_part(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (await printed(command)).items():
        monkeypatch.setenv(name, value)
    for part in NEEDED:
        assert all(finding.ok for finding in variables(Settings(), part))  # pyright: ignore[reportCallIssue]


async def test_are_new_every_time(command: Command) -> None:
    first, second = await printed(command), await printed(command)
    assert not set(first.values()) & set(second.values())


async def test_come_with_a_password_for_every_role_on_request(command: Command) -> None:
    more = set(await printed(command, "--env")) - set(await printed(command))
    assert more == {
        f"HUB_PASSWORD_{w}" for w in ("POSTGRES", "GATEWAY", "REFERRAL", "ASSESSMENT", "DIRECTORY")
    }


async def test_hold_nothing_that_compose_or_a_shell_would_read_as_its_own(command: Command) -> None:
    for line in (await command("keys", "--env")).out.splitlines():
        value = line.partition("=")[2]
        assert value[0] == value[-1] == "'"
        assert not set(value[1:-1]) & set("'$`\\")


async def test_are_json_for_a_machine(command: Command) -> None:
    assert "HUB_TOKEN_KEY" in json.loads((await command("keys", "--json")).out)
