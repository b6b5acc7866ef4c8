"""A decision opens what its recorder wrote and could itself see; nobody's word opens more than that."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from deploy.demo.partnership import EARLY_HELP, HILLTOP, HOUSING, MASH, OAKFIELD, POLICE
from deploy.local import Running
from hub.caller import AgencyId
from tests.gateway.accounts import WORD, known_twice, told
from tests.gateway.deciding import history, refused, step
from tests.gateway.glass import SERGEANT, opened
from tests.people import Room, a_team, share

WHO = ["identity_contact"]
DUTY = {"basis": "statutory_duty", "detriment_test": "Weighed.", "given_by": None}


async def test_registering_somebody_opens_nothing_that_others_wrote(room: Room) -> None:
    child = await known_twice(room)
    decision = await share(room[HILLTOP], MASH, [child.id], WHO)
    assert await child.seen_by(room[MASH]) == {HILLTOP.id}
    assert await told(room[OAKFIELD], decision) == []


async def test_two_agencies_cannot_open_each_others_sight_by_turns(room: Room) -> None:
    child = await known_twice(room)
    for _ in range(2):
        await share(room[HILLTOP], MASH, [child.id], WHO)
        await share(room[MASH], HILLTOP, [child.id], WHO)
    assert await child.seen_by(room[MASH]) == await child.seen_by(room[HILLTOP]) == {HILLTOP.id}


async def test_what_was_shown_to_an_agency_it_passes_on_and_the_author_is_told(room: Room) -> None:
    child = await known_twice(room)
    await share(room[OAKFIELD], MASH, [child.id], WHO)
    decision = await share(room[MASH], POLICE, [child.id], WHO)
    assert await child.seen_by(room[POLICE]) == {OAKFIELD.id}
    assert await told(room[OAKFIELD], decision) == ["decision.opens_your_records"]
    assert await told(room[HILLTOP], decision) == []
    read = (await room[OAKFIELD].get(f"/sharing/decisions/{decision}")).json()["decision"]
    assert (read["agency"], read["opens_records_of"]) == (POLICE.id, [OAKFIELD.id])
    assert (await room[HILLTOP].get(f"/sharing/decisions/{decision}")).status_code == 404


async def test_what_is_passed_on_under_a_duty_outlives_what_showed_it(room: Room) -> None:
    child = await known_twice(room)
    shown = await share(room[OAKFIELD], MASH, [child.id], WHO)
    await share(room[MASH], POLICE, [child.id], WHO, purpose="safeguarding", **DUTY)
    await room[OAKFIELD].made(step(shown, "withdraw"), {"reason": "They changed their mind."})
    assert await child.seen_by(room[MASH]) == set()
    assert await child.seen_by(room[POLICE], purpose="safeguarding") == {OAKFIELD.id}


async def test_the_author_takes_its_own_out_and_the_rest_stands(room: Room) -> None:
    child = await known_twice(room)
    for school in (OAKFIELD, HILLTOP):
        await share(room[school], MASH, [child.id], WHO)
    decision = await share(room[MASH], POLICE, [child.id], WHO, purpose="safeguarding", **DUTY)
    ending = {"reason": "Not ours to end."}
    assert await refused(room[OAKFIELD], step(decision, "withdraw"), ending) == (
        403,
        "only-the-recorder-changes",
    )
    answer = await room[OAKFIELD].post(step(decision, "decline"), {"reason": "It is not safe for her."})
    assert answer.status_code == 204
    assert await child.seen_by(room[POLICE], purpose="safeguarding") == {HILLTOP.id}
    assert await told(room[MASH], decision) == ["decision.declined"]
    await room[OAKFIELD].made(step(decision, "countersign"), WORD)
    assert await child.seen_by(room[POLICE], purpose="safeguarding") == {OAKFIELD.id, HILLTOP.id}


async def test_what_it_passed_on_does_not_come_back_to_it(room: Room) -> None:
    child = await known_twice(room)
    shown = await share(room[OAKFIELD], MASH, [child.id], WHO)
    await share(room[MASH], POLICE, [child.id], WHO)
    await share(room[POLICE], HOUSING, [child.id], WHO)
    for agency in (POLICE, HOUSING):
        await share(room[agency], MASH, [child.id], WHO)
    await room[OAKFIELD].made(step(shown, "withdraw"), {"reason": "They changed their mind."})
    assert await child.seen_by(room[MASH]) == set()
    assert await child.seen_by(room[HOUSING]) == {OAKFIELD.id}


async def test_it_is_passed_on_for_no_longer_than_it_was_shown(
    room: Room, administrator: asyncpg.Connection
) -> None:
    child, soon = await known_twice(room), datetime.now(UTC) + timedelta(days=1)
    await share(room[OAKFIELD], MASH, [child.id], WHO, ends=soon.isoformat())
    decision = await share(room[MASH], POLICE, [child.id], WHO)
    ends = await administrator.fetch(
        "select ends from hub.share where decision = $1 and author = $2", decision, OAKFIELD.id
    )
    assert [row["ends"] for row in ends] == [soon]


async def test_what_an_author_declined_is_not_passed_on_by_another_decision_either(room: Room) -> None:
    child = await known_twice(room)
    await share(room[OAKFIELD], MASH, [child.id], [*WHO, "existence"])
    decision = await share(room[MASH], POLICE, [child.id], WHO)
    await room[OAKFIELD].made(step(decision, "decline"), {"reason": "It is not safe for her."})
    again = await share(room[MASH], POLICE, [child.id], WHO)
    assert await child.seen_by(room[POLICE]) == set()
    await room[OAKFIELD].made(step(again, "countersign"), WORD)
    assert await child.seen_by(room[POLICE]) == {OAKFIELD.id}


@pytest.mark.parametrize(("declined", "again"), [*itertools.permutations(["agency", "type", "team"], 2)])
async def test_nor_by_one_that_names_the_recipient_otherwise(
    room: Room, hub: Running, declined: str, again: str
) -> None:
    child = await known_twice(room)
    team = await a_team(hub.settings["gateway"], HOUSING, "tenancy")
    names = {"agency": HOUSING.id, "type": f"type:{HOUSING.type}", "team": team}
    await share(room[OAKFIELD], MASH, [child.id], [*WHO, "existence"])
    first, then = [replace(HOUSING, id=AgencyId(names[which])) for which in (declined, again)]
    decision = await share(room[MASH], first, [child.id], WHO)
    await room[OAKFIELD].made(step(decision, "decline"), {"reason": "It is not safe for her."})
    opened_again = await share(room[MASH], then, [child.id], WHO)
    read = await history(room[MASH], opened_again)
    assert OAKFIELD.id not in read["decision"]["opens_records_of"]
    assert await child.seen_by(room[HOUSING]) == set()


async def test_an_author_is_told_whatever_is_hidden_from_it(room: Room) -> None:
    child = await known_twice(room)
    await share(room[OAKFIELD], MASH, [child.id], [*WHO, "existence"])
    hiding = {
        "hidden_from": OAKFIELD.id,
        "subjects": [str(child.id)],
        "categories": ["immigration"],
        "reason": "A relative works there.",
    }
    await room[MASH].made("/sharing/restrictions", hiding)
    decision = await share(room[MASH], POLICE, [child.id], WHO)
    assert await told(room[OAKFIELD], decision) == ["decision.opens_your_records"]


async def test_an_author_is_told_though_nothing_is_open_yet(room: Room) -> None:
    child = await known_twice(room)
    await share(room[OAKFIELD], MASH, [child.id], WHO)
    father = {"name": "Jo Synthetic", "capacity": "pr_holder"}
    await share(room[MASH], POLICE, [child.id], WHO, event="refused", given_by=None, giver=father)
    decision = await share(room[MASH], POLICE, [child.id], WHO)
    assert await child.seen_by(room[POLICE]) == set()
    assert await told(room[OAKFIELD], decision) == ["decision.opens_your_records"]


async def test_what_it_could_no_longer_see_is_not_passed_on(room: Room) -> None:
    child = await known_twice(room)
    await share(room[HILLTOP], MASH, [child.id], ["existence"])
    shown = await share(room[OAKFIELD], MASH, [child.id], WHO)
    await room[OAKFIELD].made(step(shown, "withdraw"), {"reason": "They changed their mind."})
    await share(room[MASH], POLICE, [child.id], WHO)
    assert await child.seen_by(room[POLICE]) == set()


async def test_a_variation_passes_on_what_its_recorder_sees_by_then(room: Room) -> None:
    child = await known_twice(room)
    await share(room[HILLTOP], MASH, [child.id], ["existence"])
    shown = await share(room[OAKFIELD], MASH, [child.id], WHO)
    decision = await share(room[MASH], POLICE, [child.id], WHO)
    await room[OAKFIELD].made(step(shown, "withdraw"), {"reason": "They changed their mind."})
    longer = {"ends": (datetime.now(UTC) + timedelta(days=700)).isoformat(), "reason": "For longer."}
    await room[MASH].made(step(decision, "vary"), longer)
    assert await child.seen_by(room[POLICE]) == set()


async def test_what_is_hidden_from_an_agency_it_does_not_pass_on(room: Room) -> None:
    child = await known_twice(room)
    await share(room[OAKFIELD], EARLY_HELP, [child.id], [*WHO, "existence"])
    hiding = {
        "hidden_from": EARLY_HELP.id,
        "subjects": [str(child.id)],
        "categories": WHO,
        "reason": "A relative works there.",
    }
    await room[OAKFIELD].made("/sharing/restrictions", hiding)
    await share(room[EARLY_HELP], POLICE, [child.id], WHO)
    assert await child.seen_by(room[POLICE]) == set()


async def test_what_an_override_shows_is_not_passed_on(room: Room) -> None:
    child = await known_twice(room)
    await share(room[HILLTOP], POLICE, [child.id], ["existence"])
    await opened(room[POLICE], child.id)
    assert await child.seen_by(room[POLICE], headers=SERGEANT, purpose="safeguarding")
    body = {
        "agency": MASH.id,
        "subjects": [str(child.id)],
        "categories": WHO,
        "purpose": "safeguarding",
        "reason": "They are missing.",
        "basis": "safeguarding",
        "detriment_test": "Weighed.",
    }
    answer = await room[POLICE].post("/sharing/decisions", body, headers=SERGEANT)
    assert answer.status_code == 201
    assert await child.seen_by(room[MASH], purpose="safeguarding") == set()


async def test_what_a_team_was_shown_its_agency_does_not_pass_on(room: Room, hub: Running) -> None:
    child = await known_twice(room)
    duty = replace(MASH, id=AgencyId(await a_team(hub.settings["gateway"], MASH, "duty")))
    await share(room[OAKFIELD], duty, [child.id], WHO)
    await share(room[HILLTOP], MASH, [child.id], ["existence"])
    await share(room[MASH], POLICE, [child.id], WHO)
    assert await child.seen_by(room[POLICE]) == set()
