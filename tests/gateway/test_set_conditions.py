"""What a condition may not do: shut oversight out, or stand in the way of taking sight away."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from deploy.demo.partner import Partner
from deploy.demo.partnership import DPO, EARLY_HELP, HOUSING, OAKFIELD, POLICE
from deploy.local import Running
from hub.caller import Scope
from tests.gateway import glass
from tests.gateway.agreeing import joined, two_agencies
from tests.gateway.asking_again import within_a_second
from tests.gateway.deciding import FATHER, body, decided, refused, sees, step
from tests.pages import every
from tests.people import Room, a_family, share

PATH = "/partnership/conditions"
COURSE = "information-sharing"


@pytest.fixture
async def host(room: Room, administrator: asyncpg.Connection) -> AsyncIterator[Partner]:
    """The council, which hosts the hub; whatever conditions it sets are gone afterwards, and known to be."""
    yield room[EARLY_HELP]
    await administrator.execute("delete from gateway.condition")
    await asyncio.sleep(0.6)


async def withholds(host: Partner, scope: Scope, **condition: Any) -> None:
    """The scope depends on a course that nobody has completed."""
    await host.made(PATH, {"scope": scope, "holder": "client", "course": COURSE, **condition})


async def shut(partner: Partner, path: str, **headers: str) -> None:
    """Within a second it is refused for want of training, before anybody reads what was sent."""

    async def ask() -> httpx.Response:
        return await partner.post(path, {}, headers=headers)

    answer = await within_a_second(ask, 403)
    assert answer.json()["type"] == "/problems/training-expired"


@pytest.mark.parametrize("scope", [Scope.RECORDS_OVERSEE, Scope.NOTICES_READ, Scope.RIGHTS_WRITE])
@pytest.mark.parametrize("holder", ["client", "practitioner", "agreement"])
async def test_no_condition_shuts_oversight_out(room: Room, host: Partner, scope: Scope, holder: str) -> None:
    course = None if holder == "agreement" else COURSE
    await withholds(host, scope, holder=holder, course=course)
    await asyncio.sleep(0.6)
    for path in ("/rights/access-requests", "/notices", "/retention/holds"):
        assert (await room[DPO].get(path)).status_code == 200
    room[DPO].tokens.clear()
    assert await room[DPO].token()


async def test_no_officer_of_oversight_is_suspended_by_whom_they_oversee(room: Room, host: Partner) -> None:
    path = f"/partnership/agencies/{DPO.id}/practitioners/p-1/suspend"
    answer = await host.post(path, {"reason": "Inconvenient."})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/oversight-stays-open")
    assert (await room[DPO].get("/notices")).status_code == 200


async def test_oversight_is_told_of_every_condition_and_both_are_on_record(room: Room, host: Partner) -> None:
    condition = {"scope": "concerns:read", "holder": "practitioner", "course": "dsl-level-3"}
    await host.made(PATH, condition, headers={"practitioner": "manager-1"})
    await host.made(f"{PATH}/lift", condition, headers={"practitioner": "manager-2"})
    history = await every(host, f"{PATH}/history", "history", limit=1)
    said = [(one["event"], one["scope"], one["course"], one["practitioner"]) for one in history[:2]]
    assert said == [
        ("lifted", "concerns:read", "dsl-level-3", "manager-2"),
        ("set", "concerns:read", "dsl-level-3", "manager-1"),
    ]
    inbox = await every(room[DPO], "/notices", "notices", limit=100)
    assert [one["kind"] for one in inbox[:2]] == ["conditions.changed"] * 2


async def test_a_withdrawal_waits_for_no_training_not_even_at_the_token(room: Room, host: Partner) -> None:
    school, family = room[OAKFIELD], await a_family(room)
    decision = await decided(school, family, HOUSING.id)
    assert await sees(room[HOUSING], family)
    await withholds(host, Scope.SHARING_WRITE)
    await shut(school, step(uuid4(), "review"))
    school.tokens.clear()
    answer = await school.post(step(decision, "withdraw"), {"reason": "The mother says stop."})
    assert answer.status_code == 204
    assert not await sees(room[HOUSING], family)


async def test_nor_does_a_refusal_that_nobody_proposed_and_an_agreement_does(
    room: Room, host: Partner
) -> None:
    school, family = room[OAKFIELD], await a_family(room)
    await decided(school, family, HOUSING.id)
    await withholds(host, Scope.SHARING_WRITE)
    await shut(school, step(uuid4(), "review"))
    for event in ("given", "proposed"):
        agreed = body(family, HOUSING.id, event=event)
        assert await refused(school, "/sharing/decisions", agreed) == (403, "training-expired")
    await decided(school, family, HOUSING.id, event="refused", giver=FATHER)
    assert not await sees(room[HOUSING], family)


async def test_nor_does_a_decision_not_to_share(room: Room, host: Partner) -> None:
    family = await a_family(room)
    await withholds(host, Scope.SHARING_WRITE)
    await shut(room[OAKFIELD], step(uuid4(), "review"))
    weighed = {"basis": "safeguarding", "giver": None, "detriment_test": "No good comes of it."}
    assert await decided(room[OAKFIELD], family, HOUSING.id, share=False, **weighed)


async def test_nor_does_ending_an_agreement_between_organisations(
    room: Room, hub: Running, http: httpx.AsyncClient, host: Partner
) -> None:
    two = await two_agencies(hub, http)
    drafted = await two.signed()
    await withholds(host, Scope.AGREEMENTS_WRITE)
    await shut(two.school, f"/sharing/agreements/{drafted}/sign")
    two.school.tokens.clear()
    assert (await two.end(drafted)).status_code == 204


async def test_who_names_nobody_is_told_to_say_who_acts(room: Room, host: Partner) -> None:
    await withholds(host, Scope.SHARING_WRITE, holder="practitioner")
    await shut(room[OAKFIELD], step(uuid4(), "review"), practitioner="p-1")
    headers = {"authorization": f"Bearer {await room[OAKFIELD].token()}", "idempotency-key": str(uuid4())}
    path = step(uuid4(), "review")
    unnamed = (await room[OAKFIELD].http.post(path, json={}, headers=headers)).json()["detail"]
    named = (await room[OAKFIELD].post(path, {})).json()["detail"]
    assert "Practitioner header" in unnamed
    assert "Practitioner header" not in named


async def test_nor_does_hiding(room: Room, host: Partner) -> None:
    school, family = room[OAKFIELD], await a_family(room)
    await decided(school, family, HOUSING.id)
    await withholds(host, Scope.SHARING_WRITE)
    await shut(school, step(uuid4(), "review"))
    hidden = {
        "hidden_from": HOUSING.id,
        "subjects": [str(family.household)],
        "categories": ["family_household"],
        "reason": "A relative works there.",
    }
    restriction = (await school.made("/sharing/restrictions", hidden))["restriction"]
    assert not await sees(room[HOUSING], family)
    await shut(school, f"/sharing/restrictions/{restriction}/lift")


async def test_an_author_declines_without_it(room: Room, host: Partner) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], EARLY_HELP, [family.household], ["existence", "family_household"])
    decision = await decided(room[EARLY_HELP], family, HOUSING.id)
    assert await sees(room[HOUSING], family)
    await withholds(host, Scope.SHARING_WRITE)
    await shut(room[OAKFIELD], step(uuid4(), "review"))
    declined = await room[OAKFIELD].post(step(decision, "decline"), {"reason": "Not to housing."})
    assert declined.status_code == 204
    assert not await sees(room[HOUSING], family)


@pytest.mark.parametrize("how", ["a new condition", "training revoked"])
async def test_who_may_open_no_override_any_more_keeps_none(
    room: Room, hub: Running, http: httpx.AsyncClient, host: Partner, how: str
) -> None:
    police, family, course = await joined(hub, http, POLICE), await a_family(room), f"glass-{uuid4().hex[:8]}"
    trained = {"agency": police.agency.id, "course": course, "completed_on": "2026-01-01"}
    trained |= {"expires_on": "2199-01-01"}
    training, _ = [
        (await host.made("/partnership/training", trained | {"practitioner": who}))["training"]
        for who in ("ps-1", "insp-2")
    ]
    override = await glass.opened(police, family.child)
    await withholds(host, Scope.SHARING_OVERRIDE, holder="practitioner", course=course)
    assert await glass.sees(police, family.child, glass.SERGEANT)
    if how == "a new condition":
        await withholds(host, Scope.SHARING_OVERRIDE, holder="practitioner")
    else:
        await host.made(f"/partnership/training/{training}/revoke")
    assert not await glass.sees(police, family.child, glass.SERGEANT)
    listed = await glass.listed(police, override)
    assert listed is not None
    assert datetime.fromisoformat(listed["ends"]) <= datetime.now(UTC)


async def test_who_could_open_none_ends_one_all_the_same(room: Room, host: Partner) -> None:
    await withholds(host, Scope.SHARING_OVERRIDE)
    await shut(room[POLICE], "/sharing/overrides", **glass.SERGEANT)
    path = f"/sharing/overrides/{uuid4()}/end"
    answer = await room[POLICE].post(path, {"words": "She came home by herself."}, headers=glass.SERGEANT)
    assert answer.status_code == 404
