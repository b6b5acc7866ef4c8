"""A hold or a record that comes after an erasure was decided: it is approved and carried out no further."""

from typing import Any

import asyncpg
import pytest

from deploy.demo.partnership import DPO, OAKFIELD
from tests.gateway.erasing import SECOND, asked, long_ago
from tests.people import Family, Room, a_family

WHY = {"reason": "I read all of it."}
APPROVED = (
    "insert into hub.erasure_event (request, event, reason, agency, practitioner)"
    " values ($1, 'approved', 'x', 'northshire-dpo', 'p-2')"
)


async def decided(room: Room, administrator: asyncpg.Connection) -> tuple[Family, str]:
    """A family whose erasure one person has decided, as it was proposed; the request's path."""
    family = await a_family(room)
    await long_ago(administrator, family.household, family.child, family.parent)
    path, _ = await asked(room, family.household)
    await room[DPO].made(f"{path}/items")
    return family, path


async def held(room: Room, whom: Any, kind: str = "inquiry") -> str:
    """A hold that comes in; its id."""
    hold = {"subject": str(whom), "kind": kind, "reason": "They asked for these records."}
    return (await room[DPO].made("/retention/holds", hold))["hold"]["hold"]


async def concerned(room: Room, family: Family) -> str:
    """A concern that comes in; its id."""
    concern = {
        "upn": family.upn,
        "kind": "welfare",
        "narrative": "She is back, and hungry.",
        "occurred_at": "2026-11-20T08:40:00Z",
    }
    return (await room[OAKFIELD].made("/referral/concerns", concern))["concern"]


async def said(room: Room, path: str, step: str) -> tuple[int, str | None]:
    """What the second person hears of a step."""
    answer = await room[DPO].post(f"{path}/{step}", WHY if step == "approve" else None, headers=SECOND)
    return answer.status_code, answer.json().get("type")


@pytest.mark.parametrize("kind", ["legal_claim", "safeguarding", "inquiry"])
async def test_a_hold_on_any_of_them_stops_the_approval_until_it_ends(
    room: Room, administrator: asyncpg.Connection, kind: str
) -> None:
    family, path = await decided(room, administrator)
    hold = await held(room, family.parent, kind)
    assert await said(room, path, "approve") == (409, "/problems/hold-stands")
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="hold"):
        await administrator.execute(APPROVED, path.rpartition("/")[2])
    person = await room[OAKFIELD].get(f"/referral/people/{family.child}")
    assert person.status_code == 200
    await room[DPO].made(f"/retention/holds/{hold}/end", {"reason": "It is over."})
    assert await said(room, path, "approve") == (200, None)


async def test_a_hold_stops_what_is_left_of_an_erasure_that_was_cut_short(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family, path = await decided(room, administrator)
    which = path.rpartition("/")[2]
    await administrator.execute(APPROVED, which)
    hold = await held(room, family.child)
    assert await said(room, path, "carry-out") == (409, "/problems/hold-stands")
    for statement in ("select referral.erase($1)", "select hub.finish_erasure($1, '{}')"):
        async with administrator.transaction():
            for name, value in (("oversight", "on"), ("agency", DPO.id), ("practitioner", "p-2")):
                await administrator.execute("select set_config($1, $2, true)", f"hub.{name}", value)
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="hold"):
                async with administrator.transaction():
                    await administrator.execute(statement, which)
    await room[DPO].made(f"/retention/holds/{hold}/end", {"reason": "It is over."})
    assert await said(room, path, "carry-out") == (200, None)


async def test_a_request_that_erases_nothing_is_approved_under_the_hold(room: Room) -> None:
    family = await a_family(room)
    await held(room, family.child)
    path, made = await asked(room, family.child)
    assert {one["proposal"] for one in made["items"]} == {"keep"}
    await room[DPO].made(f"{path}/items")
    assert await said(room, path, "approve") == (200, None)


async def test_a_concern_that_arrives_before_the_approval_is_decided_about_first(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family, path = await decided(room, administrator)
    concern = await concerned(room, family)
    assert await said(room, path, "approve") == (409, "/problems/records-came-since")
    await room[DPO].made(f"{path}/decision", {"outcome": "refuse", "reason": "A concern came in."})
    _, anew = await asked(room, family.household)
    assert concern in {one["record"] for one in anew["items"]}
    assert {one["proposal"] for one in anew["items"] if one["kind"] == "identity"} == {"keep"}


async def test_a_concern_that_arrives_after_the_approval_is_not_lost_and_keeps_the_person(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family, path = await decided(room, administrator)
    await administrator.execute(APPROVED, path.rpartition("/")[2])
    concern = await concerned(room, family)
    assert await said(room, path, "carry-out") == (200, None)
    kept = await room[OAKFIELD].get("/referral/concerns")
    assert concern in [one["concern"] for one in kept.json()["concerns"]]
    known = "select count(*) from referral.person_key where person = $1"
    assert await administrator.fetchval(known, family.child) == 1
    assert await administrator.fetchval(known, family.parent) == 0
