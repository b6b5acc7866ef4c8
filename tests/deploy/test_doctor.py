"""`hub doctor`: every wrong thing is named, with a way out; nothing is changed, and no secret shown."""

import json
from typing import Any

import asyncpg
import pytest

from deploy import keys, whereabouts
from deploy.doctor import database as examined
from deploy.whereabouts import Whereabouts
from tests.deploy.conftest import Command, Said, as_role

Config = dict[str, str]


@pytest.fixture
def referral(own_database: str, server: dict[str, Any], fresh_keys: dict[str, str]) -> Config:
    """A configuration of the referral part with nothing wrong."""
    return {
        "HUB_DATABASE_URL": as_role(own_database, server, "referral"),
        "HUB_INNER_PUBLIC_KEY": fresh_keys["HUB_INNER_PUBLIC_KEY"],
        "HUB_MATCHING_KEY": fresh_keys["HUB_MATCHING_KEY"],
    }


@pytest.fixture
async def administrator_of_own(own_database: str) -> Any:
    """The administrator's connection to this file's database."""
    connection = await asyncpg.connect(own_database)
    yield connection
    await connection.close()


def _wrong(said: Said) -> dict[str, str]:
    return {one["name"]: one["says"] for one in json.loads(said.out)["findings"] if not one["ok"]}


async def test_a_good_configuration_is_good(command: Command, referral: Config) -> None:
    said = await command("doctor", "referral", "--json", **referral)
    assert (said.code, _wrong(said)) == (0, {})


async def test_a_superuser_is_named(command: Command, referral: Config, own_database: str) -> None:
    said = await command("doctor", "referral", "--json", **referral | {"HUB_DATABASE_URL": own_database})
    assert said.code == 1
    assert _wrong(said) == {"role": "postgres is a superuser: row security would not bind it."}


async def test_another_parts_role_is_named(
    command: Command, referral: Config, own_database: str, server: dict[str, Any]
) -> None:
    url = as_role(own_database, server, "assessment")
    said = await command("doctor", "referral", "--json", **referral | {"HUB_DATABASE_URL": url})
    assert _wrong(said) == {"role": "The referral part is connected as hub_assessment."}


async def test_a_missing_key_is_named_and_so_is_the_way_out(command: Command, referral: Config) -> None:
    said = await command("doctor", "referral", **referral | {"HUB_MATCHING_KEY": ""})
    assert said.code == 1
    assert "HUB_MATCHING_KEY is not set." in said.out
    assert "hub keys" in said.out


@pytest.mark.parametrize("key", ["", "words", "[]", "{}", '{"kty": "OKP"}', keys.fresh()["HUB_TOKEN_KEY"]])
async def test_a_key_that_is_none_is_named(command: Command, referral: Config, key: str) -> None:
    said = await command("doctor", "referral", "--json", **referral | {"HUB_INNER_PUBLIC_KEY": key})
    assert list(_wrong(said)) == ["HUB_INNER_PUBLIC_KEY"]


async def test_a_private_key_is_not_taken_for_a_public_one(
    command: Command, referral: Config, fresh_keys: dict[str, str]
) -> None:
    private = fresh_keys["HUB_INNER_KEY"]
    said = await command("doctor", "referral", "--json", **referral | {"HUB_INNER_PUBLIC_KEY": private})
    assert _wrong(said) == {
        "HUB_INNER_PUBLIC_KEY": "HUB_INNER_PUBLIC_KEY must hold the public half of a key on Ed25519."
    }
    assert json.loads(private)["d"] not in said.out + said.err


async def test_two_halves_of_different_keys_are_named(command: Command, referral: Config) -> None:
    said = await command(
        "doctor", "referral", "--json", HUB_INNER_KEY=keys.fresh()["HUB_INNER_KEY"], **referral
    )
    assert list(_wrong(said)) == ["inner key pair"]


async def test_a_schema_that_is_behind_is_named(
    command: Command, referral: Config, empty_database: str, server: dict[str, Any]
) -> None:
    url = as_role(empty_database, server, "referral")
    said = await command("doctor", "referral", "--json", **referral | {"HUB_DATABASE_URL": url})
    assert _wrong(said)["schema"].startswith("The schema is behind: hub")


async def test_a_schema_of_another_version_is_named(
    command: Command, referral: Config, administrator_of_own: asyncpg.Connection
) -> None:
    await administrator_of_own.execute("insert into referral.alembic_version values ('referral_9999')")
    try:
        said = await command("doctor", "referral", "--json", **referral)
    finally:
        await administrator_of_own.execute(
            "delete from referral.alembic_version where version_num like '%9999'"
        )
    assert "referral_9999" in _wrong(said)["schema"]


async def test_a_database_that_is_away_is_named_without_its_password(
    command: Command, referral: Config
) -> None:
    url = "postgresql://hub_referral:hidden@127.0.0.1:1/hub"
    said = await command("doctor", "referral", "--json", **referral | {"HUB_DATABASE_URL": url})
    assert "hub_referral@127.0.0.1:1/hub" in _wrong(said)["database"]
    assert "hidden" not in said.out + said.err


async def test_a_table_whose_wall_was_taken_down_is_named(
    command: Command, referral: Config, administrator_of_own: asyncpg.Connection
) -> None:
    await administrator_of_own.execute("alter table referral.concern no force row level security")
    try:
        said = await command("doctor", "referral", "--json", **referral)
    finally:
        await administrator_of_own.execute("alter table referral.concern force row level security")
    assert _wrong(said) == {"row security": "Row security is not enabled and forced on referral.concern."}


async def test_a_disclosure_that_cannot_be_written_is_named(
    command: Command, referral: Config, administrator_of_own: asyncpg.Connection
) -> None:
    await administrator_of_own.execute("revoke insert on hub.disclosure from hub_referral")
    try:
        said = await command("doctor", "referral", "--json", **referral)
    finally:
        await administrator_of_own.execute("grant insert on hub.disclosure to hub_referral")
    assert _wrong(said) == {
        "disclosures": "A disclosure cannot be written: permission denied for table disclosure."
    }


async def test_a_disclosure_that_could_be_changed_is_named(
    command: Command, referral: Config, administrator_of_own: asyncpg.Connection
) -> None:
    await administrator_of_own.execute("grant update on hub.disclosure to hub_referral")
    try:
        said = await command("doctor", "referral", "--json", **referral)
    finally:
        await administrator_of_own.execute("revoke update on hub.disclosure from hub_referral")
    assert list(_wrong(said)) == ["disclosures"]


async def test_it_leaves_nothing_behind(
    command: Command, referral: Config, administrator_of_own: asyncpg.Connection
) -> None:
    before = await administrator_of_own.fetchval("select count(*) from hub.disclosure")
    await command("doctor", "referral", **referral)
    assert await administrator_of_own.fetchval("select count(*) from hub.disclosure") == before


async def test_a_clock_that_is_off_is_named(
    command: Command, referral: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examined, "MOST_SKEW", -1.0)
    assert list(_wrong(await command("doctor", "referral", "--json", **referral))) == ["clock"]


async def test_an_old_server_is_named(
    command: Command, referral: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examined, "OLDEST", 99)
    said = await command("doctor", "referral", "--json", **referral)
    assert list(_wrong(said)) == ["server"]


async def test_it_says_what_it_checks_and_that_a_hub_is_up_which_needs_none_of_it(command: Command) -> None:
    alone = await command("doctor")
    with whereabouts.noted(Whereabouts("http://127.0.0.1:8000", 8000, "/somewhere")):
        beside = await command("doctor")
    first = "This checks the configuration of a deployment: the HUB_ variables set here."
    then = "A hub of yours is up at http://127.0.0.1:8000, and needs none of them."
    assert alone.out.splitlines()[0] == first
    assert beside.out.splitlines()[0] == f"{first} {then}"


async def test_without_a_part_everything_is_looked_at(command: Command, referral: Config) -> None:
    said = await command("doctor", "--json", **referral)
    assert {"HUB_TOKEN_KEY", "HUB_INNER_KEY", "HUB_CHECKPOINT_KEY", "directory"} <= _wrong(said).keys()
