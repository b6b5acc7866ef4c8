"""A stored answer is repeated only while nothing has been narrowed since it was given."""

from uuid import uuid4

from deploy.demo.partnership import HOUSING, MASH, OAKFIELD
from tests.people import Room, a_family, fresh_upn, share


async def test_what_was_shown_is_not_repeated_after_a_withdrawal(room: Room) -> None:
    family = await a_family(room)
    request = {
        "household": str(family.household),
        "children": [str(family.child)],
        "receiver": MASH.id,
        "reason": "The family asks for help.",
        "family_aware": True,
        "sharing": {"basis": "agreement", "given_by": "Robin Synthetic, mother", "reason": "She asked."},
    }
    headers = {"idempotency-key": str(uuid4())}
    first = await room[OAKFIELD].post("/referral/referrals", request, headers=headers)
    again = await room[OAKFIELD].post("/referral/referrals", request, headers=headers)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    decision = await share(room[OAKFIELD], HOUSING, [family.child], ["identity_contact"])
    await room[OAKFIELD].post(f"/sharing/decisions/{decision}/withdraw", {"reason": "She changed her mind."})
    later = await room[OAKFIELD].post("/referral/referrals", request, headers=headers)
    assert later.status_code == 409
    assert later.json()["type"] == "/problems/answer-has-changed"


async def test_a_concern_stays_repeatable_because_its_answer_shows_nothing(room: Room) -> None:
    family = await a_family(room)
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
