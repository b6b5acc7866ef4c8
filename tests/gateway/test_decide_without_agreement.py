"""Where nobody agreed, a named person decides to share, or not to; a court's order is named too."""

from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from deploy.demo.partnership import HOUSING, MASH, OAKFIELD
from tests.gateway.deciding import body, decided, refused, step
from tests.people import Family, Room, a_family

BASES = ["statutory_duty", "safeguarding", "court_order"]
UNNAMED = (400, "practitioner-missing")


def without_agreement(basis: str, **more: Any) -> dict[str, Any]:
    """What a decision says that nobody agreed to."""
    order = {"court_reference": "NS-1"} if basis == "court_order" else {}
    return {"basis": basis, "giver": None, "detriment_test": "Weighed.", **order, **more}


async def in_nobodys_name(room: Room, path: str, said: Any) -> httpx.Response:
    """What the school is answered that names nobody."""
    school = room[OAKFIELD]
    bare = {"authorization": f"Bearer {await school.token()}", "idempotency-key": str(uuid4())}
    return await school.http.post(path, json=said, headers=bare)


async def unnamed(room: Room, path: str, said: Any) -> tuple[int, str]:
    """The same where it is refused."""
    answer = await in_nobodys_name(room, path, said)
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


@pytest.mark.parametrize("basis", BASES)
@pytest.mark.parametrize("event", ["given", "proposed", "not_shared"])
async def test_nobody_in_particular_decides_nothing(room: Room, basis: str, event: str) -> None:
    family = await a_family(room)
    said = body(family, HOUSING.id, event=event, share=event != "not_shared", **without_agreement(basis))
    assert await unnamed(room, "/sharing/decisions", said) == UNNAMED
    await room[OAKFIELD].made("/sharing/decisions", said)


async def test_nor_varies_it_nor_takes_up_a_proposal_but_anybody_withdraws_it(room: Room) -> None:
    family, why = await a_family(room), {"reason": "They weighed it again."}
    duty = without_agreement("statutory_duty")
    proposed = await decided(room[OAKFIELD], family, HOUSING.id, event="proposed", **duty)
    assert await unnamed(room, step(proposed, "give"), {**why, "detriment_test": "Weighed."}) == UNNAMED
    decision = await decided(room[OAKFIELD], family, HOUSING.id, **duty)
    assert await unnamed(room, step(decision, "vary"), {**why, "categories": ["existence"]}) == UNNAMED
    assert (await in_nobodys_name(room, step(decision, "withdraw"), why)).status_code == 204


async def test_an_agreement_is_recorded_by_whoever(room: Room) -> None:
    family = await a_family(room)
    answer = await in_nobodys_name(room, "/sharing/decisions", body(family, HOUSING.id))
    assert answer.status_code == 201


async def test_an_order_is_named(room: Room) -> None:
    family = await a_family(room)
    nameless = body(family, HOUSING.id, **without_agreement("court_order", court_reference=None))
    assert await refused(room[OAKFIELD], "/sharing/decisions", nameless) == (422, "court-reference-missing")
    decision = await decided(room[OAKFIELD], family, HOUSING.id, **without_agreement("court_order"))
    page = await room[OAKFIELD].get("/sharing/decisions", params={"subject": str(family.household)})
    [listed] = [one for one in page.json()["decisions"] if one["decision"] == decision]
    assert listed["court_reference"] == "NS-1"


def a_referral(family: Family, **sharing: Any) -> dict[str, Any]:
    """A request for help whose receiver sees it without the family's agreement."""
    return {
        "household": str(family.household),
        "children": [str(family.child)],
        "receiver": MASH.id,
        "reason": "The child is not safe at home.",
        "family_aware": True,
        "sharing": {"reason": "To keep the child safe.", "detriment_test": "Weighed.", **sharing},
    }


async def test_what_goes_with_a_referral_is_somebodys_decision_too(room: Room) -> None:
    family = await a_family(room)
    danger = a_referral(family, basis="safeguarding")
    assert await unnamed(room, "/referral/referrals", danger) == UNNAMED
    nameless = a_referral(family, basis="court_order")
    assert await refused(room[OAKFIELD], "/referral/referrals", nameless) == (422, "court-reference-missing")
    for said in (danger, a_referral(family, basis="court_order", court_reference="NS-1")):
        await room[OAKFIELD].made("/referral/referrals", said)


BY_SQL = """
insert into hub.decision_event (decision, event, agency, purpose, basis, categories, subjects, reason,
  recorded_by, client, practitioner, court_reference)
values (gen_random_uuid(), $1, $2, 'early_help', $3, '{existence}', array[$4::uuid], 'synthetic', $5, 'x', $6,
  $7)"""


async def test_postgresql_says_the_same(room: Room, administrator: asyncpg.Connection) -> None:
    home = (await a_family(room)).household
    for event in ("given", "proposed", "not_shared"):
        facts = (event, HOUSING.id, "safeguarding", home, OAKFIELD.id)
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="named person"):
            await administrator.execute(BY_SQL, *facts, "", None)
    order = ("given", HOUSING.id, "court_order", home, OAKFIELD.id, "p-1")
    with pytest.raises(asyncpg.CheckViolationError, match="reference"):
        await administrator.execute(BY_SQL, *order, None)
    await administrator.execute(BY_SQL, *order, "NS-1")
