"""`hub agency` and `hub client`: an operator registers a member, and its system gets in; until suspended."""

import json
import stat
from pathlib import Path

import httpx
import pytest

from deploy import local
from deploy.tokens import ClientKey, TokenRefused, token_for
from tests.deploy.conftest import Command

SCOPES = ["concerns:write", "purpose:early_help"]


@pytest.fixture
def gateway(hub: local.Running) -> dict[str, str]:
    """The variables of a running hub's gateway."""
    return {"HUB_DATABASE_URL": hub.settings["gateway"].need("database_url")}


@pytest.fixture
async def key_file(command: Command, gateway: dict[str, str], tmp_path: Path) -> Path:
    """A new member's client, and the file with its key."""
    file = tmp_path / "harbour.json"
    member = ("agency", "add", "harbour-school", "--name", "Harbour School", "--type", "school")
    client = ("client", "add", "harbour-mis", "--agency", "harbour-school", "--name", "Harbour's MIS")
    assert (await command(*member, **gateway)).code == 0
    scopes = [word for scope in SCOPES for word in ("--scope", scope)]
    assert (await command(*client, *scopes, "--new-key", str(file), **gateway)).code == 0
    return file


async def _token(hub: local.Running, file: Path) -> str:
    key = ClientKey.read(file.read_text())  # noqa: ASYNC240  # a small file
    async with httpx.AsyncClient() as http:
        return await token_for(http, hub.url, "harbour-mis", key, SCOPES)


async def test_a_new_members_system_gets_a_token_with_the_key_that_was_made(
    hub: local.Running, key_file: Path
) -> None:
    assert await _token(hub, key_file)
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600  # noqa: ASYNC240  # as above


async def test_a_suspended_client_gets_none_until_it_is_let_in_again(
    hub: local.Running, command: Command, gateway: dict[str, str], key_file: Path
) -> None:
    assert (await command("client", "suspend", "harbour-mis", **gateway)).code == 0
    with pytest.raises(TokenRefused):
        await _token(hub, key_file)
    assert (await command("client", "restore", "harbour-mis", **gateway)).code == 0
    assert await _token(hub, key_file)


async def test_the_lists_show_who_is_there(command: Command, gateway: dict[str, str], key_file: Path) -> None:
    agencies = json.loads((await command("agency", "list", "--json", **gateway)).out)
    clients = json.loads((await command("client", "list", "--json", **gateway)).out)
    assert {"id": "harbour-school", "name": "Harbour School", "type": "school", "active": True} in agencies
    [mis] = [client for client in clients if client["id"] == "harbour-mis"]
    assert (mis["agency"], mis["scopes"], mis["active"]) == ("harbour-school", SCOPES, True)
    assert "harbour-mis" in (await command("client", "list", **gateway)).out
    assert "Harbour School" in (await command("agency", "list", **gateway)).out


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("client", "suspend", "nobody-here"), "NotRegistered: There is no client"),
        (
            ("client", "add", "x-mis", "--agency", "nobody-here", "--name", "X", "--scope", "concerns:write"),
            "NotRegistered: ",
        ),
        (("agency", "add", "No Id", "--name", "X", "--type", "school"), "NotRegistered: An id is"),
        (
            ("client", "add", "x-mis", "--agency", "oakfield-primary", "--name", "X", "--scope", "x"),
            "ScopeUnknown: ",
        ),
    ],
)
async def test_what_cannot_be_is_refused_in_a_sentence(
    words: tuple[str, ...], refusal: str, command: Command, gateway: dict[str, str], tmp_path: Path
) -> None:
    more = ("--new-key", str(tmp_path / "key.json")) if words[:2] == ("client", "add") else ()
    said = await command(*words, *more, **gateway)
    assert said.code == 1
    assert said.err.startswith(refusal)
    assert not (tmp_path / "key.json").exists()


@pytest.mark.parametrize("text", [None, "no json", '"x"', '["x"]', '{"keys": [1]}'])
async def test_a_file_without_public_keys_is_refused_by_name(
    text: str | None, command: Command, gateway: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "keys.json"
    if text is not None:
        file.write_text(text)
    words = ("client", "add", "x-mis", "--agency", "oakfield-primary", "--name", "X", "--scope", "x")
    said = await command(*words, "--keys", str(file), **gateway)
    assert said.code == 1
    assert said.err.startswith(f"KeyFileNotUsable: The file {file}")


async def test_a_client_of_a_team_is_registered_and_listed_as_one(
    command: Command, gateway: dict[str, str], key_file: Path, tmp_path: Path
) -> None:
    add = ("client", "add", "harbour-youth", "--agency", "harbour-school", "--name", "Youth system")
    keys = ("--scope", "purpose:early_help", "--new-key", str(tmp_path / "youth.json"))
    said = await command(*add, *keys, "--team", "targeted-youth", **gateway)
    assert (said.code, said.out) == (0, "harbour-youth is a client of targeted-youth at harbour-school.\n")
    listed = {
        one["id"]: one for one in json.loads((await command("client", "list", "--json", **gateway)).out)
    }
    assert (listed["harbour-youth"]["team"], listed["harbour-mis"]["team"]) == ("targeted-youth", None)
    again = ("--scope", "purpose:early_help", "--new-key", str(tmp_path / "other.json"), "--team", "Youth!")
    refused = await command(*add, *again, **gateway)
    assert (refused.code, refused.err.partition(":")[0]) == (1, "TeamNotValid")
