"""A decision opens what others wrote too: each author is told at once, and can withdraw it."""

from uuid import UUID

from deploy.demo.partnership import HILLTOP, MASH, OAKFIELD
from tests.people import Family, Partner, Room, a_family, share


async def told(partner: Partner, decision: str) -> list[str]:
    """What stands in an agency's inbox about a decision."""
    notices = (await partner.get("/notices", params={"limit": 100})).json()["notices"]
    return [one["kind"] for one in notices if one["about"] == decision]


async def registered_again(room: Room) -> tuple[Family, UUID]:
    """A family of Oakfield's whose child another school registers by the UPN."""
    family = await a_family(room)
    child = {"upn": family.upn, "given_name": "Sky", "family_name": "Other", "date_of_birth": "2016-05-04"}
    return family, UUID((await room[HILLTOP].made("/referral/people", child))["person"])


async def test_the_author_is_told_and_takes_it_back(room: Room) -> None:
    family, person = await registered_again(room)
    assert person == family.child
    decision = await share(room[HILLTOP], MASH, [person], ["identity_contact"])
    assert (await room[MASH].get(f"/referral/people/{person}")).status_code == 200
    assert await told(room[OAKFIELD], decision) == ["decision.opens_your_records"]
    body = {"reason": "Nobody here knows of such an agreement."}
    assert (await room[OAKFIELD].post(f"/sharing/decisions/{decision}/withdraw", body)).status_code == 204
    assert (await room[MASH].get(f"/referral/people/{person}")).status_code == 404


async def test_who_decides_and_who_receives_are_not_told_of_themselves(room: Room) -> None:
    family = await a_family(room)
    decision = await share(room[OAKFIELD], MASH, [family.child], ["identity_contact"])
    assert await told(room[OAKFIELD], decision) == await told(room[MASH], decision) == []


async def test_an_author_from_whom_the_person_is_hidden_is_not_told(room: Room) -> None:
    _, person = await registered_again(room)
    body = {
        "hidden_from": OAKFIELD.id,
        "subjects": [str(person)],
        "categories": ["existence"],
        "kind": "no_contact_order",
        "court_reference": "BS-26-1",
        "reason": "It would not be safe.",
    }
    await room[HILLTOP].made("/sharing/restrictions", body)
    decision = await share(room[HILLTOP], MASH, [person], ["identity_contact"])
    assert await told(room[OAKFIELD], decision) == []
