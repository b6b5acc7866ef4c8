"""Conditions of a scope, and who is suspended: in force within a second, at the token and at the request."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from deploy.demo.clients import TokenRefused
from deploy.demo.partnership import DPO, EARLY_HELP, OAKFIELD
from deploy.local import Running
from tests.gateway.agreeing import Two, two_agencies
from tests.gateway.asking_again import within_a_second
from tests.people import Partner, Room

TODAY = datetime.now(UTC).date()
WHY = {"reason": "Left the school. Synthetic."}


@pytest.fixture
async def two(hub: Running, http: httpx.AsyncClient) -> Two:
    """A school and a housing association, new."""
    return await two_agencies(hub, http)


@pytest.fixture
async def host(room: Room, administrator: asyncpg.Connection) -> AsyncIterator[Partner]:
    """The council, which hosts the hub; whatever conditions it sets are gone afterwards."""
    yield room[EARLY_HELP]
    await administrator.execute("delete from gateway.condition")
    await asyncio.sleep(0.6)


async def barred(ask: Callable[[], Awaitable[httpx.Response]], slug: str) -> None:
    """Within a second, it is refused for this reason."""
    answer = await within_a_second(ask, 403)
    assert answer.json()["type"] == f"/problems/{slug}"


def training(partner: Partner, **changed: Any) -> dict[str, Any]:
    """A course that the people behind a client completed."""
    return {
        "agency": partner.agency.id,
        "client": partner.agency.client,
        "course": "information-sharing",
        "completed_on": str(TODAY),
        "expires_on": str(TODAY + timedelta(days=365)),
        **changed,
    }


async def fresh_token(partner: Partner) -> str:
    """A new token."""
    partner.tokens.clear()
    return await partner.token()


async def test_a_scope_waits_for_the_clients_training(two: Two, host: Partner) -> None:
    school = two.school
    assert (await school.get("/referral/concerns")).status_code == 200
    condition = {"scope": "concerns:read", "holder": "client", "course": "information-sharing"}
    await host.made("/partnership/conditions", condition)
    await barred(lambda: school.get("/referral/concerns"), "training-expired")
    assert (await school.get("/referral/households")).status_code == 200
    with pytest.raises(TokenRefused, match="information-sharing"):
        await fresh_token(school)
    lapsed = training(school, completed_on="2020-01-01", expires_on="2021-01-01")
    await host.made("/partnership/training", lapsed)
    with pytest.raises(TokenRefused):
        await fresh_token(school)
    made = await host.made("/partnership/training", training(school))
    await fresh_token(school)
    await within_a_second(lambda: school.get("/referral/concerns"), 200)
    await host.made(f"/partnership/training/{made['training']}/revoke")
    await barred(lambda: school.get("/referral/concerns"), "training-expired")
    await host.made("/partnership/conditions/lift", condition)
    await within_a_second(lambda: school.get("/referral/concerns"), 200)


async def test_a_scope_waits_for_the_practitioners_training(two: Two, host: Partner) -> None:
    school = two.school
    condition = {"scope": "concerns:read", "holder": "practitioner", "course": "dsl-level-3"}
    await host.made("/partnership/conditions", condition)
    await barred(lambda: school.get("/referral/concerns"), "training-expired")
    await host.made(
        "/partnership/training", training(school, client=None, practitioner="Lead-7", course="dsl-level-3")
    )
    lead = {"practitioner": "lead-7"}
    await within_a_second(lambda: school.get("/referral/concerns", headers=lead), 200)
    assert (await school.get("/referral/concerns")).status_code == 403


async def test_a_scope_waits_for_an_agreement(two: Two, host: Partner) -> None:
    await two.school.token()
    await host.made("/partnership/conditions", {"scope": "concerns:read", "holder": "agreement"})
    await barred(lambda: two.school.get("/referral/concerns"), "agreement-expired")
    drafted = await two.signed()
    await within_a_second(lambda: two.school.get("/referral/concerns"), 200)
    await two.end(drafted)
    await barred(lambda: two.school.get("/referral/concerns"), "agreement-expired")


async def test_a_suspended_practitioner_is_out_and_nobody_else(two: Two, host: Partner) -> None:
    school, head = two.school, {"practitioner": "head-1"}
    path = f"/partnership/agencies/{school.agency.id}/practitioners/head-1"
    assert (await school.get("/referral/households", headers=head)).status_code == 200
    await host.made(f"{path}/suspend", WHY)
    await barred(lambda: school.get("/referral/households", headers=head), "practitioner-suspended")
    assert (await school.get("/agencies", headers=head)).status_code == 403
    assert (await school.get("/referral/households")).status_code == 200
    out = (await host.get("/partnership/suspensions")).json()["suspended"]
    assert {"agency": school.agency.id, "client": None, "practitioner": "head-1"} in out
    await host.made(f"{path}/restore", WHY)
    await within_a_second(lambda: school.get("/referral/households", headers=head), 200)


async def test_a_refused_practitioner_leaves_a_trace(
    two: Two, host: Partner, administrator: asyncpg.Connection
) -> None:
    await host.made(f"/partnership/agencies/{two.school.agency.id}/practitioners/p-1/suspend", WHY)
    await within_a_second(lambda: two.school.get("/referral/households"), 403)
    reasons = await administrator.fetch(
        "select reason from hub.disclosure where agency = $1 and outcome = 'refused'", two.school.agency.id
    )
    assert {row["reason"] for row in reasons} == {"practitioner-suspended"}


async def test_a_practitioner_is_one_however_their_id_is_written(two: Two, host: Partner) -> None:
    school, path = two.school, f"/partnership/agencies/{two.school.agency.id}/practitioners"
    kim = {"practitioner": "Kim-9"}
    await host.made(f"{path}/kim-9/suspend", WHY)
    await barred(lambda: school.get("/referral/households", headers=kim), "practitioner-suspended")
    await host.made(f"{path}/KIM-9/restore", WHY)
    await within_a_second(lambda: school.get("/referral/households", headers=kim), 200)


@pytest.mark.parametrize("what", ["agencies", "clients"])
async def test_a_suspended_agency_or_client_is_out_and_comes_back(two: Two, host: Partner, what: str) -> None:
    path = f"/partnership/{what}/{two.school.agency.id}"
    assert (await two.school.get("/agencies")).status_code == 200
    await host.made(f"{path}/suspend", WHY)
    await within_a_second(lambda: two.school.get("/agencies"), 401)
    with pytest.raises(TokenRefused):
        await fresh_token(two.school)
    await host.made(f"{path}/restore", WHY)
    await asyncio.sleep(0.6)
    await fresh_token(two.school)
    assert (await two.school.get("/agencies")).status_code == 200
    history = (await host.get("/partnership/suspensions/history", params={"limit": 2})).json()["history"]
    assert [entry["event"] for entry in history] == ["restored", "suspended"]
    assert {entry["agency"] for entry in history} == {two.school.agency.id}


async def test_the_host_does_not_shut_itself_out(host: Partner) -> None:
    for what in ("agencies", "clients"):
        answer = await host.post(f"/partnership/{what}/{EARLY_HELP.id}/suspend", WHY)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/own-door-stays-open")
    condition = {"scope": "partnership:write", "holder": "client", "course": "x-course"}
    assert (await host.post("/partnership/conditions", condition)).status_code == 422


async def test_nobody_but_the_host_does_any_of_it(two: Two, room: Room) -> None:
    for path, body in (
        (f"/partnership/agencies/{two.housing.agency.id}/suspend", WHY),
        ("/partnership/training", training(two.school)),
        ("/partnership/conditions", {"scope": "concerns:read", "holder": "agreement"}),
    ):
        assert (await room[OAKFIELD].post(path, body)).status_code == 403
    assert (await room[OAKFIELD].get("/partnership/training")).status_code == 403


async def test_lists_training_that_runs_out(two: Two, host: Partner) -> None:
    soon = training(two.school, expires_on=str(TODAY + timedelta(days=10)))
    made = await host.made("/partnership/training", soon)
    await host.made("/partnership/training", training(two.school))
    asked = {"agency": two.school.agency.id, "expiring_within": 30}
    page = (await host.get("/partnership/training", params=asked)).json()
    assert [one["training"] for one in page["training"]] == [made["training"]]


@pytest.mark.parametrize(
    "changed",
    [{"practitioner": "p-1"}, {"client": None}, {"expires_on": "2019-01-01"}, {"completed_on": "2999-01-01"}],
)
async def test_refuses_what_is_no_training(two: Two, host: Partner, changed: dict[str, Any]) -> None:
    answer = await host.post("/partnership/training", training(two.school, **changed))
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/payload-not-valid")


async def test_the_partnership_says_whether_it_wants_agreements(two: Two, host: Partner) -> None:
    assert (await host.get("/partnership/rules")).json()["agreements_required"] is True
    answer = await host.ask("PUT", "/partnership/rules", json={"agreements_required": False} | WHY)
    assert answer.status_code == 204
    body = {"given_name": "Sky", "family_name": "Synthetic", "date_of_birth": "2016-05-04"}
    person = (await two.school.made("/referral/people", body))["person"]
    decision = {
        "agency": two.housing.agency.id,
        "subjects": [person],
        "categories": ["existence"],
        "purpose": "early_help",
        "basis": "agreement",
        "given_by": "Robin Synthetic, mother",
        "reason": "The family asked for help together.",
    }
    try:
        assert (await two.school.post("/sharing/decisions", decision)).status_code == 201
    finally:
        await host.ask("PUT", "/partnership/rules", json={"agreements_required": True} | WHY)
    assert (await two.school.post("/sharing/decisions", decision)).status_code == 403


async def test_a_rule_is_changed_with_a_reason_that_oversight_hears_of(room: Room, host: Partner) -> None:
    told = len([one for one in await notices(room[DPO]) if one["kind"] == "rules.changed"])
    unsaid = await host.ask("PUT", "/partnership/rules", json={"agreements_required": True})
    assert (unsaid.status_code, unsaid.json()["type"]) == (422, "/problems/payload-not-valid")
    headers = {"practitioner": "manager-1"}
    body = {"agreements_required": True} | WHY
    await host.ask("PUT", "/partnership/rules", json=body, headers=headers)
    latest = (await host.get("/partnership/rules/history", params={"limit": 1})).json()["changes"][0]
    said = (latest["agreements_required"], latest["reason"], latest["recorded_by"], latest["practitioner"])
    assert said == (True, WHY["reason"], EARLY_HELP.id, "manager-1")
    now = [one for one in await notices(room[DPO]) if one["kind"] == "rules.changed"]
    assert len(now) == told + 1


async def test_postgresql_takes_no_change_of_rules_without_its_record(
    administrator: asyncpg.Connection,
) -> None:
    transaction = administrator.transaction()
    await transaction.start()
    await administrator.execute("set local role hub_gateway")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await administrator.execute("update hub.partnership set agreements_required = false")
    await transaction.rollback()


async def test_oversight_is_not_shut_out(room: Room, host: Partner) -> None:
    for door in (f"agencies/{DPO.id}", f"clients/{DPO.client}"):
        answer = await host.post(f"/partnership/{door}/suspend", WHY)
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/oversight-stays-open")
    assert (await room[DPO].get("/notices")).status_code == 200


async def notices(partner: Partner) -> list[dict[str, Any]]:
    """What stands in somebody's inbox."""
    return (await partner.get("/notices", params={"limit": 100})).json()["notices"]
