"""A family rises on the caseload of an agency that sees why, and stands still for what is hidden from it."""

from dataclasses import replace
from typing import Any

import asyncpg

from deploy.demo.partnership import EARLY_HELP, HOUSING, MASH, NURSING, OAKFIELD, Agency
from deploy.local import Running
from tests.gateway.accounts import WORD
from tests.people import Family, Room, a_family, a_team, share
from tests.services.referral.test_referral_life import request_of, submitted

NAMED, ASKED = ["existence", "family_household"], "request_for_help"


async def _case(room: Room, *categories: str) -> Family:
    """A school's family, of which housing sees the household."""
    family = await a_family(room)
    await share(room[OAKFIELD], HOUSING, [family.household, family.child], [*NAMED, *categories])
    return family


async def _hidden(room: Room, family: Family, **more: Any) -> str:
    body = {
        "hidden_from": HOUSING.id,
        "subjects": [str(family.household)],
        "categories": [ASKED],
        "reason": "A relative works there.",
        **more,
    }
    return (await room[OAKFIELD].made("/sharing/restrictions", body))["restriction"]


async def _stands(room: Room, family: Family, agency: Agency = HOUSING) -> str:
    """When the caseload says that something last changed for this family."""
    page = (await room[agency].get("/referral/households")).json()["households"]
    return next(one["updated_at"] for one in page if one["household"] == str(family.household))


async def _asks(room: Room, family: Family, by: Agency = OAKFIELD, **more: Any) -> str:
    made = await room[by].made("/referral/referrals", request_of(family, **more))
    return made["referral"]["referral"]


async def test_it_rises_for_what_the_agency_sees(room: Room) -> None:
    family = await _case(room, ASKED)
    before = await _stands(room, family)
    referral = await _asks(room, family)
    assert (await room[HOUSING].get(f"/referral/referrals/{referral}")).status_code == 200
    assert await _stands(room, family) > before


async def test_it_stands_still_for_what_is_hidden_from_it_and_when_that_begins_or_ends(room: Room) -> None:
    family = await _case(room, ASKED)
    before = await _stands(room, family)
    restriction = await _hidden(room, family)
    assert await _stands(room, family) == before
    referral = await _asks(room, family)
    assert (await room[HOUSING].get(f"/referral/referrals/{referral}")).status_code == 404
    assert await _stands(room, family) == before
    assert await _stands(room, family, OAKFIELD) > before
    await room[OAKFIELD].post(f"/sharing/restrictions/{restriction}/lift", {"reason": "It is over."})
    assert (await room[HOUSING].get(f"/referral/referrals/{referral}")).status_code == 200
    assert await _stands(room, family) == before


async def test_it_stands_still_for_what_is_hidden_from_everybody_not_named(room: Room) -> None:
    family = await _case(room, ASKED)
    await _hidden(room, family, **{"hidden_from": None, "except": [OAKFIELD.id, MASH.id]})
    before = await _stands(room, family)
    await _asks(room, family)
    assert await _stands(room, family) == before


async def test_it_stands_still_for_what_is_hidden_from_one_person_there(room: Room) -> None:
    """All of an agency's people read the same caseload."""
    family = await _case(room, ASKED)
    await _hidden(room, family, practitioner="p-9")
    before = await _stands(room, family)
    await _asks(room, family)
    assert await _stands(room, family) == before


async def test_what_an_agency_hides_from_its_own_person_is_contact_all_the_same(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family = await _case(room)
    await _hidden(room, family, hidden_from=OAKFIELD.id, practitioner="p-9")
    before = await _stands(room, family, OAKFIELD)
    await _asks(room, family)
    assert await _stands(room, family, OAKFIELD) == before
    contact = await administrator.fetchval("select hub.last_contact(array[$1::uuid])", family.household)
    assert contact.isoformat() > before


async def test_it_stands_still_for_what_only_a_team_sees(room: Room, hub: Running) -> None:
    family = await _case(room)
    duty = await a_team(hub.settings["gateway"], HOUSING, "duty")
    await share(room[OAKFIELD], replace(HOUSING, id=duty), [family.household], [ASKED])
    before = await _stands(room, family)
    referral = await _asks(room, family)
    assert (await room[HOUSING].get(f"/referral/referrals/{referral}")).status_code == 404
    assert await _stands(room, family) == before


async def test_one_authors_share_does_not_raise_it_for_another_author(room: Room) -> None:
    family = await _case(room, ASKED)
    await share(room[OAKFIELD], EARLY_HELP, [family.household, family.child], NAMED)
    before = await _stands(room, family)
    referral = await _asks(room, family, EARLY_HELP)
    assert (await room[HOUSING].get(f"/referral/referrals/{referral}")).status_code == 404
    assert await _stands(room, family) == before


async def test_a_decision_of_which_everything_is_hidden_does_not_raise_it(room: Room) -> None:
    family = await _case(room)
    await _hidden(room, family)
    before = await _stands(room, family)
    decision = await share(room[OAKFIELD], HOUSING, [family.household], [ASKED])
    assert (await room[HOUSING].get(f"/sharing/decisions/{decision}")).status_code == 404
    assert await _stands(room, family) == before
    await share(room[OAKFIELD], HOUSING, [family.household], [ASKED, "housing_tenancy"])
    assert await _stands(room, family) > before


async def test_a_countersignature_raises_it_only_for_what_they_see(room: Room) -> None:
    family = await _case(room)
    await share(room[OAKFIELD], NURSING, [family.household], NAMED)
    await _hidden(room, family)
    for category, rises in ((ASKED, False), ("housing_tenancy", True)):
        decision = await share(
            room[OAKFIELD], HOUSING, [family.household], [category], countersigners=[NURSING.id]
        )
        before = await _stands(room, family)
        await room[NURSING].made(f"/sharing/decisions/{decision}/countersign", WORD)
        assert (await _stands(room, family) > before) == rises


async def test_the_receiver_of_a_referral_sees_it_rise(room: Room) -> None:
    family, _ = await submitted(room)
    before = await _stands(room, family, MASH)
    await _asks(room, family)
    assert await _stands(room, family, MASH) > before
