"""When some people were born, by every account the caller may see."""

from uuid import uuid4

import asyncpg

from deploy.demo.partnership import EARLY_HELP, HILLTOP, HOUSING, OAKFIELD
from tests.people import Room, a_family, share

PATH = "/referral/people/birthdays"


async def test_they_are_those_of_every_account_it_may_see(room: Room) -> None:
    family = await a_family(room)
    otherwise = {"upn": family.upn, "given_name": "Sky", "family_name": "S", "date_of_birth": "2015-05-04"}
    await room[HILLTOP].made("/referral/people", otherwise)
    both = {"person": [str(family.child), str(family.parent)]}
    school = (await room[OAKFIELD].get(PATH, params=both)).json()["birthdays"]
    assert {(one["person"], one["date_of_birth"], one["according_to"]) for one in school} == {
        (str(family.child), "2016-05-04", OAKFIELD.id),
        (str(family.parent), "1988-01-02", OAKFIELD.id),
    }
    for by in (OAKFIELD, HILLTOP):
        await share(room[by], EARLY_HELP, [family.child], ["identity_contact"])
    seen = (await room[EARLY_HELP].get(PATH, params=both)).json()["birthdays"]
    assert [(one["date_of_birth"], one["according_to"]) for one in seen] == [
        ("2015-05-04", HILLTOP.id),
        ("2016-05-04", OAKFIELD.id),
    ]


async def test_somebody_it_may_not_see_is_nobody(room: Room) -> None:
    family = await a_family(room)
    answers = [await room[HOUSING].get(PATH, params={"person": str(one)}) for one in (family.child, uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


async def test_who_is_left_out_was_asked_for_in_vain_and_whom_it_works_with_was_not(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family, nobody = await a_family(room), uuid4()
    asked = {"person": [str(one) for one in (family.child, family.household, nobody)]}
    assert len((await room[OAKFIELD].get(PATH, params=asked)).json()["birthdays"]) == 1
    refused = await administrator.fetch(
        "select subject from hub.disclosure where outcome = 'refused' and subject = any($1)",
        [family.child, family.household, nobody],
    )
    assert [row["subject"] for row in refused] == [nobody]
