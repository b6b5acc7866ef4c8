"""Who looked, as a family may know: everything that was shown, but what a manager holds back for safety."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from deploy.demo.partnership import DPO, EARLY_HELP, HOUSING, MASH, OAKFIELD, POLICE
from tests.people import Family, Partner, Room, a_family, share

PATH = "/disclosures/for-the-family"
ALLOWED = """
select count(*) from hub.disclosure where subject = $1 and outcome = 'shown' and row_count > 0
  and not (audience && $2)"""


async def known_family(room: Room) -> Family:
    """A family whose case the early help team and housing have looked at, and the police have not."""
    family = await a_family(room)
    await share(room[OAKFIELD], EARLY_HELP, [family.household], ["existence", "family_household"])
    await share(room[OAKFIELD], HOUSING, [family.household], ["family_household"])
    for agency in (EARLY_HELP, HOUSING, POLICE):
        await room[agency].get(f"/referral/households/{family.household}/case")
    return family


async def seen(partner: Partner, subject: UUID) -> dict[str, Any]:
    """What the family is shown."""
    answer = await partner.get(PATH, params={"subject": str(subject), "limit": 100})
    assert answer.status_code == 200, answer.text
    return answer.json()


def until(**later: float) -> str:
    """A moment from now on."""
    return (datetime.now(UTC) + timedelta(**later)).isoformat()


async def hold(room: Room, family: Family, **more: Any) -> str:
    """The early help team's manager holds back, as a person; the id."""
    held = {"subject": str(family.household), "until": until(days=30), "reason": "He reads her post.", **more}
    return (await room[EARLY_HELP].made("/disclosures/held-back", held))["held_back"]


async def test_count_equals_what_was_shown_less_what_is_held_back(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family = await known_family(room)
    for held in ((), (HOUSING.id,)):
        for looker in held:
            await hold(room, family, looker=looker)
        allowed = await administrator.fetchval(ALLOWED, family.household, list(held))
        shown = await seen(room[EARLY_HELP], family.household)
        assert shown["about"]["entries"] == len(shown["disclosures"]) == allowed
        assert not {one["agency"] for one in shown["disclosures"]} & {*held, POLICE.id}
    assert allowed > 0


async def test_names_agencies_and_reasons_but_no_practitioner(room: Room) -> None:
    family = await known_family(room)
    look = next(
        one
        for one in (await seen(room[EARLY_HELP], family.household))["disclosures"]
        if one["agency"] == HOUSING.id
    )
    assert (look["agency_name"], look["purpose"]) == (HOUSING.name, "early_help")
    assert look["categories"] == ["family_household"]
    assert not look.keys() & {"practitioner", "client", "request"}


async def lookers(room: Room, family: Family) -> set[str]:
    """Whose looks the family is shown."""
    shown = await seen(room[DPO], family.household)
    assert shown["about"]["entries"] == len(shown["disclosures"])
    return {one["agency"] for one in shown["disclosures"]} - {DPO.id}


async def test_every_other_s_can_be_held_back_and_shown_again_and_the_agencies_log_stays_whole(
    room: Room,
) -> None:
    family = await known_family(room)
    everybody = await lookers(room, family)
    assert everybody >= {EARLY_HELP.id, HOUSING.id}
    held = await hold(room, family)
    assert await lookers(room, family) == {EARLY_HELP.id}
    log = await room[EARLY_HELP].get("/disclosures", params={"subject": str(family.household)})
    assert log.json()["disclosures"]
    listed = await room[EARLY_HELP].get("/disclosures/held-back", params={"subject": str(family.household)})
    assert [one["held_back"] for one in listed.json()["held_back"]] == [held]
    for _ in range(2):
        await room[EARLY_HELP].made(f"/disclosures/held-back/{held}/show", {"reason": "She is safe now."})
    assert await lookers(room, family) == everybody


async def test_an_agency_s_own_looks_are_held_back_by_oversight_alone(room: Room) -> None:
    family = await known_family(room)
    own = {
        "subject": str(family.household),
        "looker": EARLY_HELP.id,
        "until": until(days=30),
        "reason": "No.",
    }
    answer = await room[EARLY_HELP].post("/disclosures/held-back", own)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/own-looks-stay-shown")
    await room[DPO].made("/disclosures/held-back", own)
    assert EARLY_HELP.id not in await lookers(room, family)
    del own["looker"]
    await room[DPO].made("/disclosures/held-back", own)
    assert await lookers(room, family) == set()


async def test_an_agency_s_own_looks_do_not_hide_behind_a_guest_whose_looks_are_held_back(room: Room) -> None:
    family = await known_family(room)
    held = {"subject": str(family.household), "looker": HOUSING.id, "until": until(days=30), "reason": "No."}
    await room[EARLY_HELP].made("/disclosures/held-back", held)
    case, guest = f"/referral/households/{family.household}/case", {"audience": HOUSING.id}
    assert (await room[EARLY_HELP].get(case, headers=guest)).status_code == 200
    asked = {"subject": str(family.household), "limit": 1}
    [look] = (await room[DPO].get(PATH, params=asked)).json()["disclosures"]
    assert (look["agency"], look["seen_by"]) == (EARLY_HELP.id, [EARLY_HELP.id])


async def test_oversight_is_told_of_what_is_held_back(room: Room) -> None:
    family = await known_family(room)
    held = await hold(room, family)
    inbox = (await room[DPO].get("/notices", params={"limit": 100})).json()["notices"]
    assert [one["kind"] for one in inbox if one["about"] == held] == ["looks.held_back"]
    [told] = (await room[DPO].get("/disclosures/held-back", params={"subject": held})).json()["held_back"]
    assert told["subject"] == str(family.household)


async def test_holds_back_for_no_longer_than_90_days(room: Room) -> None:
    family = await known_family(room)
    for moment in (until(days=91), until(days=-1)):
        held = {"subject": str(family.household), "until": moment, "reason": "Too long."}
        answer = await room[EARLY_HELP].post("/disclosures/held-back", held)
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/holding-not-now")


async def test_is_for_managers_of_agencies_that_work_with_the_family(room: Room) -> None:
    family = await known_family(room)
    held = {"subject": str(family.household), "until": until(days=9), "reason": "We would like to."}
    unscoped = await room[HOUSING].post("/disclosures/held-back", held)
    assert (unscoped.status_code, unscoped.json()["type"]) == (403, "/problems/scope-missing")
    stranger = await room[MASH].post("/disclosures/held-back", held)
    assert (stranger.status_code, stranger.json()["type"]) == (403, "/problems/not-involved")
    theirs = await hold(room, family)
    ending = await room[MASH].post(f"/disclosures/held-back/{theirs}/show", {"reason": "Let them."})
    assert ending.status_code == 404


async def test_somebody_else_s_family_does_not_exist(room: Room) -> None:
    family = await known_family(room)
    answers = [await room[MASH].get(PATH, params={"subject": str(s)}) for s in (family.household, uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert (await seen(room[DPO], family.household))["about"]["entries"] > 0


async def test_that_a_copy_was_gathered_does_not_name_the_family_in_anybodys_log(room: Room) -> None:
    family = await a_family(room)
    asks = {"subject": str(family.child), "asked_by": "Sky", "capacity": "self", "received_on": "2026-10-31"}
    await room[DPO].made("/rights/access-requests", asks)
    for subject in (family.household, family.parent, family.child):
        answer = await seen(room[DPO], subject)
        looks = [one for one in answer["disclosures"] if one["agency"] == DPO.id]
        assert looks, subject
        assert {agency for one in looks for agency in one["seen_by"]} == {DPO.id}
