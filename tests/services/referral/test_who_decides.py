"""With whom a referral is: who decides about it, once it was passed on too, and who does not."""

import asyncio
from contextlib import nullcontext
from typing import Any

import asyncpg
import httpx
import pytest

from deploy.demo.partnership import DPO, EARLY_HELP, HOUSING, MASH, OAKFIELD, POLICE, Agency
from deploy.local import Running
from hub.policy import SERVICE_ROLES
from tests.people import Family, Room, a_team, share
from tests.policy.ledger import Asking, asking
from tests.services.referral.test_referral_life import AMBER, step, submitted

TOLD: dict[str, Any] = {"feedback": "Synthetic."}
SHARING = {"basis": "agreement", "given_by": "Robin Synthetic, mother", "reason": "She agreed."}
PASSED_ON: dict[str, Any] = {"passed_to": EARLY_HELP.id, "sharing": SHARING}
EVERYTHING = ["existence", "identity_contact", "family_household", "request_for_help", "safeguarding_concern"]


@pytest.fixture
def service(database_url: str, server: dict[str, Any]) -> str:
    """The database as the referral service's own role."""
    place = database_url.rpartition("@")[2]
    return f"postgresql://{SERVICE_ROLES['referral']}:{server['roles']['referral']}@{place}"


async def _passed_on(room: Room) -> tuple[Family, str]:
    """A referral that the MASH has passed on to early help."""
    family, referral = await submitted(room)
    assert (await step(room, referral, "triage", **AMBER, **PASSED_ON)).status_code == 200
    return family, referral


def _refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


@pytest.mark.parametrize(
    ("verb", "body"),
    [("acknowledge", {}), ("triage", AMBER), ("step-up", TOLD), ("step-down", TOLD), ("close", TOLD)],
)
async def test_an_agency_that_merely_sees_a_referral_decides_nothing(
    room: Room, verb: str, body: dict[str, Any]
) -> None:
    family, referral = await submitted(room)
    assert _refused(await step(room, referral, verb, EARLY_HELP, **body)) == (404, "not-found")
    await share(room[OAKFIELD], EARLY_HELP, [family.household], EVERYTHING)
    assert (await room[EARLY_HELP].get(f"/referral/referrals/{referral}")).status_code == 200
    answer = await step(room, referral, verb, EARLY_HELP, **body)
    assert _refused(answer) == (403, "only-the-receiver-decides")
    assert answer.json()["detail"] == f"It is with {MASH.id}."
    assert await _moves(room, referral) == ["submitted"]


async def test_once_it_is_passed_on_the_next_agency_decides_and_the_receiver_no_longer_does(
    room: Room,
) -> None:
    _, referral = await _passed_on(room)
    assert _refused(await step(room, referral, "close", **TOLD)) == (403, "only-the-receiver-decides")
    up = await step(room, referral, "step-up", EARLY_HELP, **TOLD)
    assert up.status_code == 200
    assert _refused(await step(room, referral, "step-down", **TOLD)) == (403, "only-the-receiver-decides")
    for verb in ("step-down", "close"):
        assert (await step(room, referral, verb, EARLY_HELP, **TOLD)).status_code == 200
    seen = (await room[OAKFIELD].get(f"/referral/referrals/{referral}")).json()
    assert [(m["status"], m["passed_to"], m["by"]) for m in seen["moves"]] == [
        ("submitted", None, OAKFIELD.id),
        ("early_help", EARLY_HELP.id, MASH.id),
        ("social_care", None, EARLY_HELP.id),
        ("early_help", None, EARLY_HELP.id),
        ("closed", None, EARLY_HELP.id),
    ]


async def test_the_receiver_steps_up_what_it_passed_on_and_has_it_again(room: Room) -> None:
    _, referral = await _passed_on(room)
    assert (await step(room, referral, "step-up", **TOLD)).status_code == 200
    answer = await step(room, referral, "step-down", EARLY_HELP, **TOLD)
    assert _refused(answer) == (403, "only-the-receiver-decides")
    down = await step(room, referral, "step-down", **TOLD, **PASSED_ON)
    assert down.status_code == 200
    assert (await step(room, referral, "close", EARLY_HELP, **TOLD)).status_code == 200


async def test_a_team_that_it_is_passed_to_decides_as_its_agency(room: Room, hub: Running) -> None:
    family, referral = await submitted(room)
    await share(room[OAKFIELD], EARLY_HELP, [family.household], EVERYTHING)
    duty = await a_team(hub.settings["gateway"], EARLY_HELP, "duty")
    body: dict[str, Any] = {**AMBER, **PASSED_ON, "passed_to": duty}
    assert (await step(room, referral, "triage", **body)).status_code == 200
    assert (await step(room, referral, "close", EARLY_HELP, **TOLD)).status_code == 200


async def _listed(room: Room, agency: Agency) -> list[str]:
    """The referrals on an agency's list, newest first, a page of two after the other."""
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await room[agency].get("/referral/referrals", params={"limit": 2, **cursor})).json()
        found += [one["referral"] for one in page["referrals"]]
        if page["next"] is None:
            return found
        cursor = {"cursor": page["next"]}


async def test_whoever_it_is_passed_to_finds_it_on_its_list_and_so_does_the_receiver(room: Room) -> None:
    passed = [(await _passed_on(room))[1] for _ in range(3)]
    _, kept = await submitted(room)
    assert [one for one in await _listed(room, EARLY_HELP) if one in {*passed, kept}] == passed[::-1]
    for agency in (MASH, OAKFIELD):
        assert (await _listed(room, agency))[:4] == [kept, *passed[::-1]]
    assert not {*passed, kept} & {*await _listed(room, POLICE)}


async def test_what_is_passed_to_a_team_is_on_its_agencys_list_as_far_as_it_is_shown(
    room: Room, hub: Running
) -> None:
    family, referral = await submitted(room)
    duty = await a_team(hub.settings["gateway"], EARLY_HELP, "duty")
    body: dict[str, Any] = {**AMBER, **PASSED_ON, "passed_to": duty}
    assert (await step(room, referral, "triage", **body)).status_code == 200
    assert referral not in await _listed(room, EARLY_HELP)
    await share(room[OAKFIELD], EARLY_HELP, [family.household], EVERYTHING)
    assert referral in await _listed(room, EARLY_HELP)


async def test_a_correction_says_to_whom_it_was_passed_and_not_what_follows_from_that(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family, referral = await _passed_on(room)
    which = "select id from referral.move where referral = cast($1 as uuid) and passed_to is not null"
    said = {
        "subject": str(family.household),
        "category": "request_for_help",
        "record": str(await administrator.fetchval(which, referral)),
        "disputed": "To whom it went.",
    }
    for fields, status in (({"passed_to_agency": HOUSING.id}, 422), ({"passed_to": HOUSING.id}, 201)):
        body = {**said, "correction": "Housing took it on.", "fields": fields}
        assert (await room[DPO].post("/rights/corrections", body)).status_code == status
    assert referral not in await _listed(room, EARLY_HELP)


@pytest.mark.parametrize(
    "body",
    [{"passed_to": EARLY_HELP.id}, {"sharing": SHARING}, {**PASSED_ON, "passed_to": "type:housing"}],
    ids=["unseen by the next", "to nobody", "to nobody in particular"],
)
async def test_it_is_passed_on_to_one_agency_that_will_see_it_or_not_at_all(
    room: Room, body: dict[str, Any]
) -> None:
    _, referral = await submitted(room)
    assert _refused(await step(room, referral, "triage", **AMBER, **body)) == (422, "payload-not-valid")


async def test_it_is_not_passed_on_to_a_team_that_is_not_there(room: Room) -> None:
    _, referral = await submitted(room)
    body = {**AMBER, **PASSED_ON, "passed_to": f"{EARLY_HELP.id}/made-up"}
    answer = await step(room, referral, "triage", **body)
    assert _refused(answer) == (422, "agency-unknown")
    assert "made-up" in answer.json()["detail"]
    assert await _moves(room, referral) == ["submitted"]


@pytest.mark.parametrize("second", [MASH, EARLY_HELP], ids=["the receiver", "whom it was passed to"])
async def test_of_two_who_decide_at_once_one_learns_where_it_stands(room: Room, second: Agency) -> None:
    for _ in range(4):
        _, referral = await _passed_on(room)
        answers = await asyncio.gather(
            step(room, referral, "step-up", EARLY_HELP, **TOLD),
            step(room, referral, "step-up", second, **TOLD),
        )
        assert sorted(answer.status_code for answer in answers) in ([200, 409], [200, 403])
        [lost] = [answer for answer in answers if answer.status_code != 200]
        assert _refused(lost)[1] in ("move-not-allowed", "only-the-receiver-decides")


async def test_a_decision_and_a_withdrawal_at_once_are_one_of_them(room: Room) -> None:
    for _ in range(4):
        _, referral = await submitted(room)
        answers = await asyncio.gather(
            step(room, referral, "triage", **AMBER, **PASSED_ON),
            step(room, referral, "withdraw", OAKFIELD, **TOLD),
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        assert [_refused(a)[1] for a in answers if a.status_code == 409] == ["move-not-allowed"]


async def _moves(room: Room, referral: str) -> list[str]:
    seen = (await room[OAKFIELD].get(f"/referral/referrals/{referral}")).json()
    return [move["status"] for move in seen["moves"]]


async def _waiting(administrator: asyncpg.Connection) -> None:
    waits = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    for _ in range(500):
        if await administrator.fetchval(waits):
            return
        await asyncio.sleep(0.02)
    pytest.fail("nobody waits")


async def test_it_decides_on_what_is_so_once_nobody_takes_sharing_away(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family, referral = await submitted(room)
    async with administrator.transaction():
        await administrator.execute(
            "select pg_advisory_xact_lock(hashtextextended($1::text, 0))", str(family.household)
        )
        deciding = asyncio.create_task(step(room, referral, "triage", **AMBER))
        await _waiting(administrator)
        await administrator.execute(
            "insert into referral.move (id, subject, category, agency, referral, number, status, referrer,"
            " at) select gen_random_uuid(), subject, category, agency, referral, 2, 'withdrawn', referrer,"
            " now() from referral.move where referral = cast($1 as uuid)",
            referral,
        )
    answer = await deciding
    assert _refused(answer) == (409, "move-not-allowed")
    assert answer.json()["detail"] == "It stands at withdrawn and cannot go to early_help."


MOVED = """
insert into referral.move (id, subject, category, referral, number, status, referrer, at)
values (gen_random_uuid(), $2, 'request_for_help', cast($1 as uuid), 3, $3, 'oakfield-primary', now())"""
TRIAGED = """
insert into referral.triage (id, subject, category, referral, scheme, rag, level_of_need, rationale, at)
values (gen_random_uuid(), $2, 'professional_notes', cast($1 as uuid), 'mash', 'green', 1, 'Test.', now())"""


@pytest.mark.parametrize(
    ("agency", "statement", "more", "allowed"),
    [
        (MASH, MOVED, ["closed"], False),
        (MASH, MOVED, ["social_care"], True),
        (MASH, MOVED, ["withdrawn"], False),
        (MASH, TRIAGED, [], True),
        (EARLY_HELP, MOVED, ["closed"], True),
        (EARLY_HELP, MOVED, ["withdrawn"], False),
        (EARLY_HELP, MOVED, ["submitted"], False),
        (EARLY_HELP, TRIAGED, [], False),
        (OAKFIELD, MOVED, ["closed"], False),
        (OAKFIELD, MOVED, ["social_care"], False),
        (OAKFIELD, MOVED, ["withdrawn"], True),
        (POLICE, MOVED, ["closed"], False),
    ],
)
async def test_the_wall_behind_it_says_the_same(
    room: Room, service: str, agency: Agency, statement: str, more: list[str], allowed: bool
) -> None:
    family, referral = await _passed_on(room)
    async with asking(service, Asking(agency.id)) as connection:
        with nullcontext() if allowed else pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement, referral, family.household, *more)
