"""Whoever asks to sign an agreement, and however often, holds up nothing that rests on it."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager

import asyncpg
import httpx
import pytest

from deploy.demo.partner import Partner
from deploy.demo.partnership import HOUSING, MASH, OAKFIELD, POLICE
from deploy.local import Running
from tests.gateway.agreeing import SIGNATURE, Two, two_agencies
from tests.gateway.deciding import body
from tests.pages import every
from tests.people import Family, Room, a_family

TIMES = 20


@pytest.fixture
async def two(hub: Running, http: httpx.AsyncClient) -> Two:
    """A school and a housing association, new."""
    return await two_agencies(hub, http)


@asynccontextmanager
async def asking_to_sign(by: Partner, agreements: Iterable[str]) -> AsyncGenerator[set[int]]:
    """Somebody asks to sign each of them again and again; yields what they are answered."""
    answers: set[int] = set()
    over = asyncio.Event()

    async def asks(path: str) -> None:
        while not over.is_set():
            answers.add((await by.post(path, SIGNATURE)).status_code)

    async with asyncio.TaskGroup() as asking:
        for one in agreements:
            asking.create_task(asks(f"/sharing/agreements/{one}/sign"))
        try:
            yield answers
        finally:
            over.set()


def referral(family: Family) -> dict[str, object]:
    """The school asks the MASH for help, and the mother agrees."""
    return {
        "household": str(family.household),
        "children": [str(family.child)],
        "receiver": MASH.id,
        "reason": "Synthetic.",
        "needs": ["Help."],
        "family_aware": True,
        "sharing": {"basis": "agreement", "given_by": "Robin Synthetic", "reason": "She asked."},
    }


@pytest.mark.parametrize(("asker", "answered"), [("a stranger", 409), ("a party that has signed", 204)])
async def test_a_decision_goes_through_whoever_asks_to_sign_what_it_rests_on(
    two: Two, room: Room, asker: str, answered: int
) -> None:
    drafted = await two.signed()
    family = await a_family(Room({OAKFIELD.id: two.school}))
    by = room[POLICE] if asker == "a stranger" else two.housing
    said = body(family, two.housing.agency.id)
    async with asking_to_sign(by, [drafted] * 3) as answers:
        decided = [(await two.school.post("/sharing/decisions", said)).status_code for _ in range(TIMES)]
    assert (set(decided), answers) == ({201}, {answered})


async def test_a_referral_goes_through_whoever_asks_to_sign(room: Room) -> None:
    family = await a_family(room)
    found = await every(room[HOUSING], "/sharing/agreements", "agreements")
    between = [one["agreement"] for one in found if {OAKFIELD.id, MASH.id} <= {*one["parties"]}]
    assert between
    async with asking_to_sign(room[HOUSING], between):
        made = [await room[OAKFIELD].post("/referral/referrals", referral(family)) for _ in range(TIMES)]
    assert {answer.status_code for answer in made} == {201}


async def test_a_stranger_waits_for_no_party_and_no_party_for_a_stranger(
    two: Two, room: Room, administrator: asyncpg.Connection
) -> None:
    drafted = await two.draft()
    async with administrator.transaction():
        held = "select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 8))"
        await administrator.execute(held, drafted)
        asked = room[POLICE].post(f"/sharing/agreements/{drafted}/sign", SIGNATURE)
        refused = await asyncio.wait_for(asked, 20)
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/agreement-settled")
