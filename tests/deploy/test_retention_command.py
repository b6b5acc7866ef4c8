"""`hub retention`: lists what is due, and takes two people to dispose of it."""

import asyncio
import json
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import asyncpg
import pytest

from deploy import whereabouts
from deploy.demo import keyring
from deploy.demo.partnership import DPO, OAKFIELD
from deploy.local import Running
from tests.deploy.conftest import HUB, ROOT, environment
from tests.gateway.erasing import long_ago
from tests.people import KEYS, Room, a_family


class Said(NamedTuple):
    """What the command said, and how it ended."""

    code: int
    out: str
    wrong: str


@pytest.fixture
def office(hub: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The hub as a second shell finds it, with the officer's key in its folder; how to ask it."""
    # Another hub of whoever runs the tests is noted at home.
    places = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "TMPDIR"), str(tmp_path))
    for name, place in places.items():
        monkeypatch.setenv(name, place)
    keyring.keep(tmp_path, {DPO.client: keyring.Held(KEYS[DPO.client], tuple(sorted(DPO.scopes)))})
    here = whereabouts.Whereabouts(hub.url, urlsplit(hub.url).port or 0, str(tmp_path))

    async def ask(*words: str) -> Said:
        with whereabouts.noted(here):
            process = await asyncio.create_subprocess_exec(
                *HUB, "retention", *words, cwd=ROOT, env=environment(**places), stdout=PIPE, stderr=PIPE
            )
            out, wrong = await process.communicate()
        return Said(process.returncode or 0, out.decode(), wrong.decode())

    return ask


async def test_two_people_dispose_of_what_is_due(
    office: Any, room: Room, administrator: asyncpg.Connection
) -> None:
    family = await a_family(room)
    await long_ago(administrator, family.household, family.child, family.parent)
    due = json.loads((await office("due", "--json")).out)["due"]
    assert str(family.household) in [one["subject"] for one in due]
    proposed = await office("propose", "--as", "p-1", str(family.household), "--json")
    [request] = json.loads(proposed.out)["requests"]
    alone = await office("approve", "--as", "p-1", request)
    assert (alone.code, "a second person does" in alone.wrong) == (1, True), alone.wrong
    done = await office("approve", "--as", "p-2", request)
    assert done.code == 0, done.wrong
    assert f"{request}: " in done.out
    assert (await room[OAKFIELD].get(f"/referral/people/{family.child}")).status_code == 404


async def test_prints_the_schedule_for_people_and_for_machines(office: Any) -> None:
    said = await office("rules")
    assert "safeguarding_concern: 6 years after the last contact, until the birthday number 25." in said.out
    rules = json.loads((await office("rules", "--json")).out)["rules"]
    assert {"category", "source", "words"} <= rules[0].keys()
