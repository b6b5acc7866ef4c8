"""A stored answer is repeated to whom it was given, while nothing has been narrowed since, with a trace."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.demo.partnership import EARLY_HELP, HOUSING, OAKFIELD
from tests.gateway.deciding import decided
from tests.people import Family, Partner, Room, a_family, fresh_upn, share

SHARED = ["identity_contact", "family_household", "existence"]


def a_referral(family: Family) -> dict[str, Any]:
    """What an agency sends about the family; the answer shows the household and its child."""
    return {
        "household": str(family.household),
        "children": [str(family.child)],
        "receiver": EARLY_HELP.id,
        "reason": "The family asks for help.",
        "family_aware": True,
        "sharing": {"basis": "agreement", "given_by": "Robin Synthetic, mother", "reason": "She asked."},
    }


@pytest.fixture
async def family(room: Room) -> Family:
    """A school's family that housing works with."""
    known = await a_family(room)
    await share(room[OAKFIELD], HOUSING, [known.household, known.child, known.parent], SHARED)
    return known


async def refer(partner: Partner, family: Family, key: str, **more: str) -> Any:
    """The family is referred under a key."""
    headers = {"idempotency-key": key, **more}
    return await partner.post("/referral/referrals", a_referral(family), headers=headers)


def refused(answer: Any) -> tuple[int, str]:
    """How a repeat was refused."""
    return answer.status_code, answer.json()["type"]


CHANGED = (409, "/problems/answer-has-changed")


async def test_the_same_is_answered_until_sharing_is_narrowed_anywhere(room: Room, family: Family) -> None:
    key, other = str(uuid4()), await a_family(room)
    decision = await share(room[OAKFIELD], HOUSING, [other.child], ["identity_contact"])
    first, again = [await refer(room[HOUSING], family, key) for _ in range(2)]
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert again.headers["idempotency-replayed"] == "true"
    await room[OAKFIELD].post(f"/sharing/decisions/{decision}/withdraw", {"reason": "She changed her mind."})
    assert refused(await refer(room[HOUSING], family, key)) == CHANGED


@pytest.mark.parametrize("event", ["refused", "not_shared"])
@pytest.mark.parametrize("shared", [True, False])
async def test_what_is_not_to_be_shared_tells_nobody_whether_it_was(
    room: Room, family: Family, shared: bool, event: str
) -> None:
    key, other = str(uuid4()), await a_family(room)
    if shared:
        await share(room[OAKFIELD], HOUSING, [other.child], ["housing_tenancy"])
    assert (await refer(room[HOUSING], family, key)).status_code == 201
    child = {"given_name": "Sky", "family_name": "Synthetic", "date_of_birth": "2016-05-04"}
    await room[EARLY_HELP].made("/referral/people", {"upn": other.upn, **child})
    said = {"subjects": [str(other.child)], "categories": ["housing_tenancy"], "event": event}
    await decided(room[EARLY_HELP], other, HOUSING.id, **said)
    assert refused(await refer(room[HOUSING], family, key)) == CHANGED


async def test_one_read_while_another_narrows_is_the_earlier_of_the_two(
    room: Room, family: Family, administrator: asyncpg.Connection
) -> None:
    key = str(uuid4())
    async with administrator.transaction():
        await administrator.execute(
            "delete from hub.share where agency = $1 and subject = $2", HOUSING.id, family.household
        )
        first = await refer(room[HOUSING], family, key)
        assert first.status_code == 201
    assert refused(await refer(room[HOUSING], family, key)) == CHANGED


async def test_sharing_more_changes_no_answer(room: Room, family: Family) -> None:
    key = str(uuid4())
    first = await refer(room[HOUSING], family, key)
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["identity_contact"])
    again = await refer(room[HOUSING], family, key)
    assert (first.status_code, first.content) == (again.status_code, again.content)


async def shown_to(administrator: asyncpg.Connection, agency: str, subject: UUID) -> int:
    """How often an agency was shown somebody, as the disclosure log has it."""
    return await administrator.fetchval(
        "select count(*) from hub.disclosure where outcome = 'shown' and agency = $1 and subject = $2",
        agency,
        subject,
    )


async def test_every_repeat_is_disclosed_again(
    room: Room, family: Family, administrator: asyncpg.Connection
) -> None:
    key, looks = str(uuid4()), list[int]()
    for _ in range(3):
        await refer(room[HOUSING], family, key)
        looks.append(await shown_to(administrator, HOUSING.id, family.household))
    once = looks[0]
    assert once > 0
    assert looks == [once, 2 * once, 3 * once]


@pytest.mark.parametrize("header", [{"practitioner": "officer-8"}, {"audience": EARLY_HELP.id}], ids=str)
async def test_a_key_is_for_the_people_its_answer_was_given_to(
    room: Room, family: Family, header: dict[str, str]
) -> None:
    key = str(uuid4())
    assert (await refer(room[HOUSING], family, key)).status_code == 201
    again = await refer(room[HOUSING], family, key, **header)
    assert refused(again) == (422, "/problems/idempotency-key-reused")


async def test_a_concern_stays_repeatable_because_its_answer_shows_nothing(
    room: Room, family: Family
) -> None:
    headers = {"idempotency-key": str(uuid4())}
    concern = {
        "upn": fresh_upn(),
        "kind": "welfare",
        "narrative": "Tired.",
        "occurred_at": "2026-11-19T09:00:00Z",
    }
    first = await room[OAKFIELD].post("/referral/concerns", concern, headers=headers)
    decision = await share(room[OAKFIELD], HOUSING, [family.child], ["identity_contact"])
    await room[OAKFIELD].post(f"/sharing/decisions/{decision}/withdraw", {"reason": "She changed her mind."})
    again = await room[OAKFIELD].post("/referral/concerns", concern, headers=headers)
    assert (first.status_code, first.content) == (again.status_code, again.content)
