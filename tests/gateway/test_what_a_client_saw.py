"""The question of a breach: what one client saw between two moments, for the data protection officer only."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from deploy.demo.partnership import DPO, EARLY_HELP, HOUSING, OAKFIELD, POLICE
from tests.gateway.logged import looked_at
from tests.pages import every
from tests.people import Partner, Room, a_family, share

PATH = "/disclosures/by-client"


def window(minutes: int = 5, **more: Any) -> dict[str, Any]:
    """What is asked: housing's client, these last minutes."""
    now = datetime.now(UTC)
    return {
        "client": HOUSING.client,
        "from": (now - timedelta(minutes=minutes)).isoformat(),
        "to": (now + timedelta(minutes=1)).isoformat(),
        **more,
    }


async def asks(partner: Partner, **asked: Any) -> httpx.Response:
    """The question."""
    return await partner.get(PATH, params=asked)


async def test_says_who_was_affected_by_what_and_how_often(room: Room) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], HOUSING, [family.household], ["family_household"])
    began = datetime.now(UTC)
    for _ in range(2):
        await room[HOUSING].get(f"/referral/households/{family.household}/case")
    other = await a_family(room)
    await room[HOUSING].get(f"/referral/households/{other.household}/case")
    answer = await asks(room[DPO], **{**window(), "from": began.isoformat()})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    found = {person["subject"]: person for person in told["people"]}
    seen, refused = found[str(family.household)], found[str(other.household)]
    assert (seen["disclosures"], seen["refusals"], seen["categories"]) == (2, 0, ["family_household"])
    assert (refused["disclosures"], refused["refusals"], refused["categories"]) == (0, 1, [])
    assert (told["seen"]["people"], told["seen"]["refusals"]) == (1, 1)
    assert told["seen"]["practitioners"] == ["p-1"]


async def test_pages_through_everybody_once(room: Room) -> None:
    since = datetime.now(UTC).isoformat()
    for _ in range(3):
        await looked_at(room)
    asked = {"client": OAKFIELD.client, "from": since, "to": datetime.now(UTC).isoformat()}
    found = [one["subject"] for one in await every(room[DPO], PATH, "people", **asked, limit=4)]
    assert len(found) == len(set(found)) >= 3


async def test_asking_is_disclosed(room: Room, administrator: asyncpg.Connection) -> None:
    family = await a_family(room)
    await room[HOUSING].get(f"/referral/households/{family.household}/case")
    assert (await asks(room[DPO], **window())).status_code == 200
    asked = await administrator.fetchval(
        "select count(*) from hub.disclosure where client = $1 and subject = $2"
        " and operation = 'gateway GET /disclosures/by-client'",
        DPO.client,
        family.household,
    )
    assert asked == 1


async def test_is_for_oversight_only(room: Room) -> None:
    answer = await asks(room[EARLY_HELP], **window())
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/scope-missing")


async def test_a_client_that_nobody_knows_is_no_all_clear(room: Room) -> None:
    answer = await asks(room[DPO], **window(client=f"{HOUSING.client}-typo"))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/client-unknown")
    assert answer.json()["errors"][0]["pointer"] == "/query/client"


async def test_refuses_a_window_that_is_none(room: Room) -> None:
    asked = window()
    for wrong in (
        {"to": asked["from"]},
        {"from": "2026-01-01"},
        {"from": "0001-01-01T00:00:00Z"},
        {"client": "a\x00b"},
    ):
        answer = await asks(room[DPO], **{**asked, **wrong})
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/payload-not-valid")


async def test_an_override_about_an_id_that_nobody_has_affects_nobody(room: Room) -> None:
    began, nobody = datetime.now(UTC), str(uuid4())
    opened = {
        "subject": nobody,
        "categories": ["home_address"],
        "purpose": "safeguarding",
        "reason_code": "missing_child",
        "words": "Made up, to see what is said.",
        "second_person": "p-2",
    }
    await room[POLICE].made("/sharing/overrides", opened)
    assert nobody in (await room[POLICE].get("/sharing/overrides")).text
    await room[POLICE].get(f"/disclosures?subject={nobody}")
    asked = {**window(), "client": POLICE.client, "from": began.isoformat()}
    told = (await asks(room[DPO], **asked)).json()
    assert nobody not in [person["subject"] for person in told["people"]]
    assert len(told["people"]) >= told["seen"]["people"]
    shown = sum(person["disclosures"] for person in told["people"])
    assert (told["seen"]["disclosures"], told["seen"]["rows"]) == (
        shown,
        sum(p["rows"] for p in told["people"]),
    )
