"""What the hub says about why somebody is or is not seen, and that it is what they see."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest

from deploy.demo.partnership import EARLY_HELP, HOUSING, OAKFIELD, POLICE
from deploy.local import Running
from hub.caller import AgencyId
from hub.heard import LONDON
from tests.hub.explaining import CATEGORY, Case, known_case
from tests.people import Room, a_family, a_team, share

NOW = datetime.now(UTC)


@pytest.fixture
async def case(room: Room) -> Case:
    """A school's family, known to the early help team."""
    return await known_case(room)


async def _withdrawn(case: Case) -> None:
    await case.withdraw(await case.give())


async def _one_of_two_withdrawn(case: Case) -> None:
    await case.give()
    await _withdrawn(case)


async def _given_then_restricted(case: Case) -> None:
    await case.give()
    await case.restrict()


async def _restricted_and_lifted(case: Case) -> None:
    await case.give()
    restriction = await case.restrict()
    reason = {"reason": "The relative left."}
    await case.room[EARLY_HELP].made(f"/sharing/restrictions/{restriction}/lift", reason)


async def _nothing(_: Case) -> None:
    """Nobody decided anything."""


DAY = timedelta(days=1)
STATES: dict[str, tuple[Callable[[Case], Awaitable[object]], list[str]]] = {
    "nothing decided": (_nothing, ["no_decision"]),
    "given": (lambda c: c.give(), ["shared"]),
    "given twice": (_one_of_two_withdrawn, ["shared"]),
    "withdrawn": (_withdrawn, ["withdrawn"]),
    "decided not to": (lambda c: c.give(share=False), ["decided_not_to_share"]),
    "not yet begun": (lambda c: c.give(starts=str(NOW + DAY)), ["not_yet_begun"]),
    "expired": (lambda c: c.give(starts=str(NOW - 2 * DAY), ends=str(NOW - DAY)), ["expired"]),
    "other purpose": (lambda c: c.give("safeguarding"), ["shared_for_another_purpose"]),
    "restricted": (_given_then_restricted, ["restricted"]),
    "restriction lifted": (_restricted_and_lifted, ["shared"]),
    "restriction ended": (lambda c: c.restrict(ends=str(NOW - DAY + 2 * DAY)), ["restricted"]),
}


@pytest.mark.parametrize("state", STATES)
async def test_says_what_is_seen_and_why(case: Case, state: str) -> None:
    happen, whys = STATES[state]
    await happen(case)
    said = await case.explained()
    assert [reason["why"] for reason in said["reasons"]] == whys
    assert said["visible"] is await case.seen()
    assert all(reason["words"].endswith(".") for reason in said["reasons"])


async def test_names_the_basis_and_the_end_of_what_is_shared(case: Case) -> None:
    ends = (NOW + DAY).replace(microsecond=0)
    decision = await case.give(ends=ends.isoformat())
    [reason] = (await case.explained())["reasons"]
    assert (reason["decision"], reason["basis"]) == (decision, "agreement")
    assert reason["at"] == ends.strftime("%Y-%m-%dT%H:%M:%SZ")
    local = ends.astimezone(LONDON)
    assert reason["words"] == (
        "Northshire Housing may see what Northshire Early Help and Oakfield Primary School wrote of this,"
        " for early help with the family's agreement,"
        f" until {local.day} {local:%B %Y at %H:%M}."
    )


async def _grant(administrator: asyncpg.Connection, case: Case, *, over: bool) -> None:
    """An override for one person of housing, as if a second person had been told."""
    await administrator.execute(
        "insert into hub.override_event (override, event, subject, words, categories, purpose, reason_code,"
        " restrictions, second_person, starts, ends, agency, practitioner, client) select $1, 'opened', $2,"
        " 'synthetic', array[$3], 'early_help', 'missing_child', array(select decision from"
        " hub.restriction where $5 and subject = $2 and agency = $4), 'p-2', now(),"
        " now() + interval '1 hour', $4, 'p-1', 'test'",
        *(uuid4(), case.family.household, CATEGORY, HOUSING.id, over),
    )


@pytest.mark.parametrize(
    ("restricted", "over", "why"),
    [(False, False, "overridden"), (True, True, "overridden"), (True, False, "restricted")],
)
async def test_knows_what_an_override_opens_and_to_whom(
    case: Case, administrator: asyncpg.Connection, restricted: bool, over: bool, why: str
) -> None:
    if restricted:
        await case.restrict()
    await _grant(administrator, case, over=over)
    said = await case.explained(practitioner="p-1")
    assert [reason["why"] for reason in said["reasons"]] == [why]
    assert said["visible"] is await case.seen()
    assert not (await case.explained(practitioner="p-2"))["visible"]
    assert not await case.seen("p-2")


@pytest.mark.parametrize("person", ["p-1", "p-2", ""])
async def test_knows_whom_a_restriction_names(
    case: Case, administrator: asyncpg.Connection, person: str
) -> None:
    await case.give()
    await administrator.execute(
        "insert into hub.restriction (subject, category, agency, practitioner, decision, ends)"
        " values ($1, $2, $3, 'p-1', $4, 'infinity')",
        *(case.family.household, CATEGORY, HOUSING.id, uuid4()),
    )
    said = await case.explained(practitioner=person)
    assert said["visible"] is (person == "p-2")
    assert said["visible"] is await case.seen(person)


async def test_knows_what_is_sealed_from_everybody(case: Case, administrator: asyncpg.Connection) -> None:
    await case.give()
    await administrator.execute(
        "insert into hub.restriction (subject, category, agency, decision, ends)"
        " values ($1, $2, '*', $3, 'infinity')",
        *(case.family.household, CATEGORY, uuid4()),
    )
    said = await case.explained()
    assert (said["visible"], [reason["why"] for reason in said["reasons"]]) == (False, ["no_decision"])
    assert not await case.seen()


async def test_keeps_a_restriction_until_it_is_lifted(case: Case) -> None:
    await _given_then_restricted(case)
    about = {"subject": str(case.family.household)}
    page = (await case.room[EARLY_HELP].get("/sharing/decisions", params=about)).json()
    [restriction] = [one for one in page["decisions"] if one["event"] == "restricted"]
    assert restriction["ends"] is None


async def test_does_not_tell_an_agency_of_a_restriction_against_it(case: Case) -> None:
    """The early help team is the one it is hidden from here, and asks about itself."""
    room, subject = case.room, [case.family.household]
    await share(room[OAKFIELD], EARLY_HELP, subject, ["housing_tenancy"])
    body = {
        "hidden_from": EARLY_HELP.id,
        "subjects": [str(subject[0])],
        "categories": ["housing_tenancy"],
        "reason": "A relative works in the team.",
    }
    await room[OAKFIELD].made("/sharing/restrictions", body)
    said = await case.explained(agency=EARLY_HELP.id, category="housing_tenancy")
    assert (said["visible"], [reason["why"] for reason in said["reasons"]]) == (False, ["no_decision"])


async def test_explains_nobody_who_is_not_on_the_caseload(room: Room) -> None:
    family = await a_family(room)
    for subject in (family.household, uuid4()):
        asked = {"agency": HOUSING.id, "subject": str(subject), "category": CATEGORY}
        answer = await room[EARLY_HELP].get("/sharing/explain", params=asked)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")


async def test_needs_an_agency_of_the_partnership(case: Case) -> None:
    asked = {"agency": "nobody", "subject": str(case.family.household), "category": CATEGORY}
    answer = await case.room[EARLY_HELP].get("/sharing/explain", params=asked)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/agency-unknown")


async def test_needs_its_scope(case: Case) -> None:
    asked = {"agency": HOUSING.id, "subject": str(case.family.household), "category": CATEGORY}
    answer = await case.room[POLICE].get("/sharing/explain", params=asked)
    assert answer.status_code == 403


async def test_explaining_leaves_a_trace(case: Case) -> None:
    await case.explained()
    asked = {"subject": str(case.family.household)}
    page = (await case.room[EARLY_HELP].get("/disclosures", params=asked)).json()
    assert page["disclosures"][0]["operation"] == "gateway GET /sharing/explain"


async def test_names_who_in_the_room_may_not_see_it(case: Case) -> None:
    await case.give()
    said = await case.explained(room=POLICE.id)
    assert not said["visible"]
    assert [(reason["agency"], reason["why"]) for reason in said["reasons"]] == [
        (POLICE.id, "somebody_else_in_the_room"),
        (POLICE.id, "no_decision"),
    ]
    assert said["reasons"][0]["words"] == "Northshire Police is in the room, and may not see this."


async def test_names_the_team_that_it_is_shared_with(case: Case, hub: Running) -> None:
    duty = replace(HOUSING, id=AgencyId(await a_team(hub.settings["gateway"], HOUSING, "duty")))
    await share(case.room[EARLY_HELP], duty, [case.family.household], [CATEGORY])
    [reason] = (await case.explained())["reasons"]
    assert reason["words"] == "The team duty of Northshire Housing may see this; others there may not."
    assert (await case.explained(team="duty"))["visible"]
    answer = await case.room[EARLY_HELP].get("/sharing/explain", params=case.asked() | {"team": "made-up"})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/agency-unknown")
