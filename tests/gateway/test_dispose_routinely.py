"""Routine disposal: what has had its time is listed, proposed by one, approved by another, and gone."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from deploy.demo.partnership import DPO, EARLY_HELP, OAKFIELD
from tests.gateway.erasing import PATH, SECOND, long_ago
from tests.gateway.test_rights_ask_for_another import protect
from tests.pages import every
from tests.people import Room, a_family


async def listed(room: Room, subject: UUID) -> dict[str, Any] | None:
    """What is due about somebody, however many pages there are before them."""
    due = await every(room[DPO], "/retention/due", "due", limit=5)
    return next((one for one in due if one["subject"] == str(subject)), None)


async def test_lists_who_has_records_whose_time_is_over(
    room: Room, administrator: asyncpg.Connection
) -> None:
    old, young = await a_family(room), await a_family(room)
    await long_ago(administrator, old.household, old.child, old.parent)
    found = await listed(room, old.household)
    assert found
    assert found["categories"]["identity_contact"] == 2
    assert await listed(room, young.household) is None


async def test_two_people_dispose_of_it(room: Room, administrator: asyncpg.Connection) -> None:
    family = await a_family(room)
    await long_ago(administrator, family.household, family.child, family.parent)
    made = await room[DPO].made("/retention/disposals", {"subjects": [str(family.household)]})
    path = f"{PATH}/{made['requests'][0]}"
    twice = await room[DPO].post("/retention/disposals", {"subjects": [str(family.household)]})
    assert (twice.status_code, twice.json()["type"]) == (409, "/problems/nothing-is-due")
    alone = await room[DPO].post(f"{path}/approve", {"reason": "Its time is over."})
    assert alone.status_code == 403
    await room[DPO].made(f"{path}/approve", {"reason": "Its time is over."}, headers=SECOND)
    assert (await room[OAKFIELD].get(f"/referral/people/{family.child}")).status_code == 404
    assert await listed(room, family.household) is None
    assert (await room[DPO].get(f"{path}/letter")).status_code == 404  # nobody asked, nobody is answered


async def test_an_order_does_not_keep_what_nobody_asked_for(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family = await a_family(room)
    await protect(room, family.child)
    await long_ago(administrator, family.household, family.child, family.parent)
    made = await room[DPO].made("/retention/disposals", {"subjects": [str(family.household)]})
    assert (await room[DPO].get(f"{PATH}/{made['requests'][0]}")).json()["request"]["status"] == "open"


async def test_nothing_is_disposed_of_before_its_time(room: Room) -> None:
    family = await a_family(room)
    early = await room[DPO].post("/retention/disposals", {"subjects": [str(family.household)]})
    assert (early.status_code, early.json()["type"]) == (409, "/problems/nothing-is-due")


async def test_a_partnership_has_rules_of_its_own_and_the_record_of_processing_prints_them(
    room: Room,
) -> None:
    rules = {one["category"]: one for one in (await room[DPO].get("/retention/rules")).json()["rules"]}
    assert rules["safeguarding_concern"]["until_birthday"] == 25
    mine = {"after_contact": 7, "source": "Northshire schedule", "words": "our council says so"}
    put = await room[DPO].ask("PUT", "/retention/rules/finance_benefits", json=mine)
    assert put.status_code == 204, put.text
    printed = (await room[EARLY_HELP].get("/processing-record")).json()["retention_schedule"]
    [finance] = [one for one in printed if one["category"] == "finance_benefits"]
    assert (finance["after_contact"], finance["source"]) == (7, "Northshire schedule")
    assert len(printed) == len(rules)


@pytest.mark.parametrize("wrong", [{}, {"after_contact": -1}, {"after_contact": 1, "category": "x"}])
async def test_refuses_a_rule_without_a_time(room: Room, wrong: dict[str, Any]) -> None:
    said = {"source": "s", "words": "w", **wrong}
    answer = await room[DPO].ask("PUT", "/retention/rules/finance_benefits", json=said)
    assert answer.status_code == 422
    partner = await room[OAKFIELD].ask("PUT", "/retention/rules/finance_benefits", json=said)
    assert partner.status_code == 403
