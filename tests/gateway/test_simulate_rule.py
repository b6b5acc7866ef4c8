"""Which recorded decisions would a rule change? Those that change when the rule is made, and no others."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from deploy.demo.partner import Partner
from deploy.demo.partnership import DPO, EARLY_HELP, HOUSING, OAKFIELD, POLICE
from deploy.local import Running
from hub.caller import Scope
from tests.gateway import agreeing
from tests.gateway.accounts import WORD
from tests.gateway.agreeing import SIGNATURE, Two, agreement, joined, two_agencies
from tests.gateway.deciding import step
from tests.people import Room, a_family, share

CATEGORIES = ["existence", "identity_contact"]


@pytest.fixture
async def two(hub: Running, http: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> Two:
    """A school and a housing association that joined today; the school may ask."""
    asks = replace(OAKFIELD, scopes=OAKFIELD.scopes | {Scope.SHARING_EXPLAIN})
    monkeypatch.setattr(agreeing, "OAKFIELD", asks)
    return await two_agencies(hub, http)


async def _person(school: Partner) -> UUID:
    facts = {"given_name": "Sky", "family_name": "Synthetic", "date_of_birth": "2016-05-04"}
    return UUID((await school.made("/referral/people", facts))["person"])


async def _asks(school: Partner, rule: dict[str, Any], **page: Any) -> dict[str, Any]:
    answer = await school.post("/sharing/simulate/rule", rule, params=page)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _to_every_housing_agency(two: Two, person: UUID, **more: Any) -> str:
    everyone = replace(HOUSING, id=f"type:{HOUSING.type}")
    return await share(two.school, everyone, [person], CATEGORIES, **more)  # pyright: ignore[reportArgumentType]


async def _reached(administrator: asyncpg.Connection, two: Two, decision: str) -> list[str]:
    rows = await administrator.fetch(
        "select distinct agency from hub.share where decision = $1 and now() < ends order by 1",
        UUID(decision),
    )
    return [row["agency"] for row in rows]


async def test_an_agreement_would_put_in_force_what_it_then_does(
    two: Two, administrator: asyncpg.Connection
) -> None:
    decision = await _to_every_housing_agency(two, await _person(two.school))
    await _to_every_housing_agency(two, await _person(two.school), purpose="attendance")
    assert await _reached(administrator, two, decision) == []
    facts = agreement(two)
    supposed = {name: facts[name] for name in ("parties", "categories", "purposes")}
    said = await _asks(two.school, {"agreement": supposed, "expires": facts["expires"]})
    assert (said["total"], said["next"]) == (1, None)
    [change] = said["decisions"]
    assert (change["decision"], change["effect"]) == (decision, "put_in_force")
    assert change["recipients"] == [two.housing.agency.id]
    assert await _reached(administrator, two, decision) == []
    drafted = await two.draft()
    for partner in (two.school, two.housing):
        await partner.made(f"/sharing/agreements/{drafted}/sign", SIGNATURE)
    assert await _reached(administrator, two, decision) == change["recipients"]
    assert (await _asks(two.school, {"agreement": supposed}))["total"] == 0


async def test_a_new_agreement_would_not_bring_back_what_ended_with_the_old(two: Two) -> None:
    await _to_every_housing_agency(two, await _person(two.school))
    await two.end(await two.signed())
    facts = agreement(two)
    supposed = {name: facts[name] for name in ("parties", "categories", "purposes")}
    assert (await _asks(two.school, {"agreement": supposed}))["total"] == 0


async def test_a_denial_puts_nothing_in_force(two: Two) -> None:
    await _to_every_housing_agency(two, await _person(two.school))
    allows = {
        "effect": "allow",
        "modes": ["EXISTENCE", "CONTENT"],
        "dataTypes": ["personal.identity"],
        "destOrgIds": [two.housing.agency.id],
        "purposes": ["EARLY_HELP"],
    }
    document = {"orgId": two.school.agency.id, "version": "2026-11-01T00:00:00Z", "defaults": [allows]}
    assert (await _asks(two.school, {"documents": [document]}))["total"] == 1
    denied = {**document, "exceptions": [{**allows, "effect": "deny"}]}
    assert (await _asks(two.school, {"documents": [denied]}))["total"] == 0


async def test_an_ending_would_end_what_it_then_does(two: Two, administrator: asyncpg.Connection) -> None:
    drafted = await two.signed()
    decisions = [
        await share(two.school, two.housing.agency, [await _person(two.school)], CATEGORIES) for _ in range(3)
    ]
    safeguarding = {"basis": "safeguarding", "detriment_test": "It keeps the child safe.", "given_by": None}
    kept = await share(
        two.school, two.housing.agency, [await _person(two.school)], CATEGORIES, **safeguarding
    )
    rule = {"ending": {"agreement": drafted}}
    first = await _asks(two.school, rule, limit=2)
    rest = await _asks(two.school, rule, limit=2, cursor=first["next"])
    listed = [one["decision"] for page in (first, rest) for one in page["decisions"]]
    assert (listed, first["total"]) == (decisions[::-1], 3)
    assert {one["effect"] for one in first["decisions"]} == {"ended"}
    soon = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    capped = await _asks(two.school, {"ending": {"agreement": drafted, "on": soon}})
    assert {one["effect"] for one in capped["decisions"]} == {"capped"}
    leaving = {"ending": {"agreement": drafted, "leaver": two.housing.agency.id}}
    assert (await _asks(two.school, leaving))["total"] == 3
    assert (await two.end(drafted)).status_code == 204
    reached = [await _reached(administrator, two, each) for each in (*decisions, kept)]
    assert reached == [[], [], [], [two.housing.agency.id]]
    over = await two.school.post("/sharing/simulate/rule", rule)
    assert (over.status_code, over.json()["type"]) == (409, "/problems/agreement-not-in-force")


async def test_an_ending_would_narrow_what_others_countersigned(
    two: Two, hub: Running, http: httpx.AsyncClient
) -> None:
    other = await joined(hub, http, agreeing.OAKFIELD)
    theirs = Two(other, two.housing)
    family = await a_family(Room({OAKFIELD.id: two.school}))
    same = {"upn": family.upn, "given_name": "Sky", "family_name": "Other", "date_of_birth": "2016-05-04"}
    await other.made("/referral/people", same)
    ours, drafted = await two.signed(), await theirs.signed()
    decision = await share(
        two.school, two.housing.agency, [family.child], CATEGORIES, countersigners=[other.agency.id]
    )
    await other.made(step(decision, "countersign"), WORD)
    for asker, agreed in ((other, drafted), (two.school, ours)):
        [change] = (await _asks(asker, {"ending": {"agreement": agreed}}))["decisions"]
        assert (change["decision"], change["effect"]) == (decision, "narrowed")
    await theirs.end(drafted, other)
    [change] = (await _asks(two.school, {"ending": {"agreement": ours}}))["decisions"]
    assert change["effect"] == "ended"
    seen = (await two.housing.get(f"/referral/people/{family.child}")).json()
    assert [one["according_to"] for one in seen["identities"]] == [two.school.agency.id]


async def test_another_agency_is_shown_none_and_oversight_all(two: Two, room: Room) -> None:
    drafted = await two.signed()
    decision = await share(two.school, two.housing.agency, [await _person(two.school)], CATEGORIES)
    rule = {"ending": {"agreement": drafted}}
    theirs = await _asks(room[EARLY_HELP], rule)
    assert (theirs["total"], theirs["decisions"]) == (0, [])
    overseen = await _asks(room[DPO], rule)
    assert [one["decision"] for one in overseen["decisions"]] == [decision]


@pytest.mark.parametrize("wrong", [{}, {"ending": {"agreement": str(uuid4())}, "documents": []}])
async def test_refuses_what_is_no_rule(two: Two, wrong: dict[str, Any]) -> None:
    answer = await two.school.post("/sharing/simulate/rule", wrong)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/payload-not-valid")


async def test_needs_an_agreement_that_there_is_and_the_scope(two: Two, room: Room) -> None:
    rule = {"ending": {"agreement": str(uuid4())}}
    assert (await two.school.post("/sharing/simulate/rule", rule)).status_code == 404
    assert (await room[POLICE].post("/sharing/simulate/rule", rule)).status_code == 403
