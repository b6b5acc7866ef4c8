"""Four processes on one machine: the same journey as in one, and what happens when one of them dies."""

import json
import signal
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from deploy.demo.partnership import HOUSING, OAKFIELD, PARTNERSHIP
from deploy.many import RunningParts, in_many_processes
from tests.deploy.conftest import Command
from tests.people import KEYS, Family, Partner, Room, a_family, introduce, share


@pytest.fixture(scope="module")
async def parts(
    own_database: str, server: dict[str, Any], fresh_keys: dict[str, str]
) -> AsyncIterator[RunningParts]:
    """A hub of four processes with the partnership registered."""
    async with in_many_processes(own_database, fresh_keys, secrets_of_roles=server["roles"]) as running:
        await introduce(running.settings["gateway"])
        yield running


@pytest.fixture(scope="module")
async def around(parts: RunningParts) -> AsyncIterator[Room]:
    """The partnership round that hub."""
    async with httpx.AsyncClient(base_url=parts.url, timeout=30) as http:
        yield Room(
            {agency.id: Partner(agency, KEYS[agency.client], http, parts.url) for agency in PARTNERSHIP}
        )


@pytest.fixture(scope="module")
async def family(around: Room) -> Family:
    """A family of Oakfield's."""
    return await a_family(around, OAKFIELD)


def _case(family: Family) -> str:
    return f"/referral/households/{family.household}/case"


async def test_a_family_is_seen_by_whom_it_is_shared_with_and_nobody_else(
    around: Room, family: Family
) -> None:
    assert (await around[OAKFIELD].get(_case(family))).status_code == 200
    assert (await around[HOUSING].get(_case(family))).status_code == 404
    subjects = [family.household, family.child, family.parent]
    await share(around[OAKFIELD], HOUSING, subjects, ["family_household", "identity_contact"])
    seen = await around[HOUSING].get(_case(family))
    assert seen.status_code == 200
    assert str(family.child) in seen.text


async def test_every_service_is_behind_the_one_front_door(around: Room, parts: RunningParts) -> None:
    described = (await around[OAKFIELD].http.get("/openapi.json")).json()
    for service in ("referral", "assessment", "directory"):
        assert any(path.startswith(f"/{service}/") for path in described["paths"])


async def test_a_process_knows_its_own_secrets_only(parts: RunningParts) -> None:
    for part, variables in parts.environments.items():
        assert ("HUB_TOKEN_KEY" in variables) == (part == "gateway")
        assert ("HUB_MATCHING_KEY" in variables) == (part == "referral")
        assert f"hub_{part}:" in variables["HUB_DATABASE_URL"]


async def test_the_doctor_finds_nothing_wrong(parts: RunningParts, command: Command) -> None:
    for part in parts.environments:
        said = await command("doctor", part, "--json", **_variables(parts, part))
        assert (said.code, [one for one in json.loads(said.out)["findings"] if not one["ok"]]) == (0, [])


async def test_the_doctor_notices_that_two_services_are_swapped(
    parts: RunningParts, command: Command
) -> None:
    swapped = _variables(parts, "gateway") | {"HUB_REFERRAL_URL": parts.urls["assessment"]}
    said = await command("doctor", "gateway", **swapped)
    assert said.code == 1
    assert "HUB_REFERRAL_URL leads to assessment" in said.out


async def test_the_doctor_names_a_service_that_does_not_answer(parts: RunningParts, command: Command) -> None:
    elsewhere = _variables(parts, "gateway") | {"HUB_DIRECTORY_URL": "http://127.0.0.1:9"}
    said = await command("doctor", "gateway", **elsewhere)
    assert said.code == 1
    assert "directory service does not answer at http://127.0.0.1:9" in said.out


async def test_a_service_that_was_killed_is_a_503_never_an_allow(
    around: Room, family: Family, parts: RunningParts
) -> None:
    parts.processes["referral"].send_signal(signal.SIGKILL)
    await parts.processes["referral"].wait()
    for agency in (OAKFIELD, HOUSING):
        refused = await around[agency].get(_case(family))
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) > 0
        assert str(family.child) not in refused.text
    assert (await around[OAKFIELD].get("/directory/services")).status_code == 200
    await parts.start("referral")
    assert (await around[OAKFIELD].get(_case(family))).status_code == 200


async def test_a_part_that_is_told_to_stop_ends_with_0(parts: RunningParts) -> None:
    for part, number in (("directory", signal.SIGTERM), ("assessment", signal.SIGINT)):
        parts.processes[part].send_signal(number)
        assert await parts.processes[part].wait() == 0


def _variables(parts: RunningParts, part: str) -> dict[str, str]:
    return {name: value for name, value in parts.environments[part].items() if name.startswith("HUB_")}
