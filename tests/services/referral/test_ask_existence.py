"""Is anyone working with this child, and who leads? Told to the entitled, and to nobody else even that."""

import time
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest

from deploy.demo.partnership import (
    DPO,
    EARLY_HELP,
    HILLTOP,
    HOUSING,
    MASH,
    NURSING,
    OAKFIELD,
    POLICE,
    Agency,
)
from services.referral.rules.fishing import WINDOW
from tests.gateway import glass
from tests.pages import every
from tests.people import Family, Partner, Room, a_family, fresh_upn, share

PAIRS = 120
UNLIKE = {"date", "x-request-id", "ratelimit"}


async def asks(partner: Partner, **about: Any) -> httpx.Response:
    """What an agency asks the register."""
    return await partner.post("/referral/existence", about)


async def involved(partner: Partner, **about: Any) -> list[dict[str, Any]]:
    """Who is involved, as far as an agency is told."""
    answer = await asks(partner, **about)
    assert answer.status_code == 200, answer.text
    return answer.json()["involved"]


async def nursing_may_know(room: Room) -> Family:
    """A family of which school nursing may know that somebody works with the child."""
    family = await a_family(room)
    await share(room[OAKFIELD], NURSING, [family.child], ["existence"])
    return family


@pytest.fixture(autouse=True)
async def fresh_hour(administrator: asyncpg.Connection, room: Room) -> None:
    """Every test begins with a whole hour's look-ups."""
    await administrator.execute("delete from referral.look_up")


async def test_an_entitled_agency_learns_who_works_with_a_child(room: Room) -> None:
    family = await nursing_may_know(room)
    [school] = await involved(room[NURSING], upn=family.upn)
    assert school.pop("since")
    assert school == {
        "person": str(family.child),
        "agency": OAKFIELD.id,
        "agency_name": OAKFIELD.name,
        "agency_type": "school",
        "role": "keeps a record",
        "lead": False,
        "contact": None,
    }


async def test_it_learns_who_leads_and_whom_to_call(room: Room) -> None:
    family = await nursing_may_know(room)
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["existence", "identity_contact"])
    mine = {"role": "family support worker", "lead": True, "contact": "Duty desk, extension 4"}
    await room[EARLY_HELP].made(f"/referral/people/{family.child}/involvement", mine)
    await share(room[EARLY_HELP], NURSING, [family.child], ["existence"])
    leader, school = await involved(room[NURSING], upn=family.upn)
    assert (leader["agency"], leader["lead"], leader["contact"]) == (EARLY_HELP.id, True, mine["contact"])
    assert leader["role"] == mine["role"]
    assert school["agency"] == OAKFIELD.id


async def test_an_involvement_that_ended_is_told_no_more(room: Room) -> None:
    family = await nursing_may_know(room)
    path = f"/referral/people/{family.child}/involvement"
    made = await room[OAKFIELD].made(path, {"role": "pastoral lead"})
    roles = {item["role"] for item in await involved(room[NURSING], upn=family.upn)}
    assert roles == {"keeps a record", "pastoral lead"}
    for _ in range(2):
        answer = await room[OAKFIELD].post(f"{path}/{made['involvement']}/end")
        assert (answer.status_code, answer.content) == (204, b"")
    roles = {item["role"] for item in await involved(room[NURSING], upn=family.upn)}
    assert roles == {"keeps a record"}


async def test_raising_a_concern_is_being_involved_once(room: Room) -> None:
    upn = fresh_upn()
    concern = {
        "upn": upn,
        "kind": "neglect",
        "narrative": "Came without a coat.",
        "occurred_at": "2026-11-20T09:00:00Z",
    }
    await room[HILLTOP].made("/referral/concerns", concern)
    person = (await room[HILLTOP].made("/referral/concerns", concern))["person"]
    await share(room[HILLTOP], NURSING, [UUID(person)], ["existence"])
    assert [item["role"] for item in await involved(room[NURSING], upn=upn)] == ["raised a concern"]


async def test_a_name_and_a_birthday_do_as_well_however_they_are_written(room: Room) -> None:
    family_name = (
        f"O'Neil-{fresh_upn()[0]}synthetic{uuid4().hex.translate(str.maketrans('0123456789', 'ghijklmnop'))}"
    )
    person = {"given_name": "Zoë", "family_name": family_name, "date_of_birth": "2015-02-03"}
    made = await room[OAKFIELD].made("/referral/people", person)
    await share(room[OAKFIELD], NURSING, [UUID(made["person"])], ["existence"])
    plain = {**person, "given_name": "ZOE", "family_name": family_name.replace("'", "").replace("-", " ")}
    assert [item["person"] for item in await involved(room[NURSING], **plain)] == [made["person"]]
    assert await involved(room[NURSING], **{**plain, "date_of_birth": "2015-02-04"}) == []


async def test_an_nhs_number_does_as_well(room: Room) -> None:
    person = {
        "given_name": "Ash",
        "family_name": "Synthetic",
        "date_of_birth": "2014-01-01",
        "nhs_number": "999 000 0026",
    }
    made = await room[OAKFIELD].made("/referral/people", person)
    await share(room[OAKFIELD], NURSING, [UUID(made["person"])], ["existence"])
    assert len(await involved(room[NURSING], nhs_number="9990000026")) == 1


async def test_it_is_told_from_the_decision_on_until_its_withdrawal(room: Room) -> None:
    family = await a_family(room)
    assert await involved(room[NURSING], upn=family.upn) == []
    decision = await share(room[OAKFIELD], NURSING, [family.child], ["existence"])
    assert len(await involved(room[NURSING], upn=family.upn)) == 1
    await room[OAKFIELD].made(f"/sharing/decisions/{decision}/withdraw", {"reason": "Changed their mind."})
    assert await involved(room[NURSING], upn=family.upn) == []


async def test_other_categories_do_not_tell_it(room: Room) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], NURSING, [family.child], ["identity_contact", "safeguarding_concern"])
    assert await involved(room[NURSING], upn=family.upn) == []


async def test_hidden_and_unknown_are_answered_byte_for_byte_alike(room: Room) -> None:
    family = await a_family(room)
    hidden, unknown = [await asks(room[POLICE], upn=upn) for upn in (family.upn, fresh_upn())]
    assert (hidden.status_code, hidden.content) == (200, unknown.content)
    assert [
        {name: value for name, value in answer.headers.items() if name not in UNLIKE}
        for answer in (hidden, unknown)
    ] == [{name: value for name, value in hidden.headers.items() if name not in UNLIKE}] * 2
    assert sorted(hidden.headers) == sorted(unknown.headers)


async def test_hidden_and_unknown_take_the_same_time(room: Room) -> None:
    pair = ((await a_family(room)).upn, fresh_upn())
    differences = [await _apart(room, pair, turn) for turn in range(PAIRS)]
    # A sign test: however busy the machine, only a median beyond a millisecond makes this many of them.
    most = PAIRS / 2 + 3.3 * (PAIRS / 4) ** 0.5
    assert sum(difference > 0.001 for difference in differences) < most
    assert sum(difference < -0.001 for difference in differences) < most


async def _apart(room: Room, pair: tuple[str, str], turn: int) -> float:
    """How much longer the first of a pair took than the second, asked one right after the other."""
    took = [0.0, 0.0]
    for which in (turn % 2, 1 - turn % 2):
        began = time.perf_counter()
        await asks(room[POLICE], upn=pair[which])
        took[which] = time.perf_counter() - began
    return took[0] - took[1]


async def test_every_look_up_leaves_a_trace_of_its_digest_alone(
    room: Room, administrator: asyncpg.Connection
) -> None:
    before = await administrator.fetchval("select clock_timestamp()")
    family = await nursing_may_know(room)
    for upn in (family.upn, fresh_upn()):
        await asks(room[NURSING], upn=upn)
    rows = await administrator.fetch(
        "select subject, outcome, reason, row_count from hub.disclosure where at > $1 and agency = $2"
        " and operation = 'referral POST /existence' order by at",
        before,
        NURSING.id,
    )
    told, empty = [row for row in rows if row["subject"] is None]
    assert (told["outcome"], told["row_count"], empty["outcome"]) == ("shown", 1, "refused")
    assert [row["subject"] for row in rows if row["subject"]] == [family.child]
    for row in (told, empty):
        digest = row["reason"].removeprefix("look-up ")
        assert len(bytes.fromhex(digest)) == 32
    assert told["reason"] != empty["reason"]


async def test_fishing_is_refused_and_raises_one_alarm(room: Room, administrator: asyncpg.Connection) -> None:
    first = await asks(room[NURSING], upn=fresh_upn())
    assert first.headers["ratelimit-policy"] == '"look-ups";q=60;w=3600'
    assert first.headers["ratelimit"].startswith('"look-ups";r=59;t=3')
    known = fresh_upn()
    for _ in range(3):
        again = await asks(room[NURSING], upn=known)
        assert again.headers["ratelimit"].startswith('"look-ups";r=58;')
    for _ in range(57):
        await asks(room[NURSING], upn=fresh_upn())
    last = await asks(room[NURSING], upn=fresh_upn())
    assert last.headers["ratelimit"].startswith('"look-ups";r=0;')
    alarms, told = await _alarms(administrator), set(await _told(room, DPO))
    for _ in range(2):
        refused = await asks(room[NURSING], upn=fresh_upn())
        assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many-look-ups")
        assert 0 < int(refused.headers["retry-after"]) <= WINDOW.total_seconds()
        assert refused.headers["ratelimit"] == f'"look-ups";r=0;t={refused.headers["retry-after"]}'
    assert await _alarms(administrator) == alarms + 1
    [look] = set(await _told(room, DPO)) - told
    said = await administrator.fetchrow(
        "select agency, outcome, categories from hub.disclosure where id = $1", UUID(look)
    )
    assert said is not None
    assert tuple(said) == (NURSING.id, "refused", ["existence"])
    assert await _told(room, NURSING) == []
    assert (await asks(room[NURSING], upn=known)).status_code == 200
    assert (await asks(room[POLICE], upn=fresh_upn())).status_code == 200
    traced = await administrator.fetchval(
        "select count(*) from hub.disclosure d join referral.look_up l on l.client = d.client"
        " and d.reason = 'look-up ' || encode(l.digest, 'hex') where l.refused and d.outcome = 'refused'"
    )
    assert traced == 2
    await administrator.execute("update referral.look_up set at = at - interval '1 hour'")
    assert (await asks(room[NURSING], upn=fresh_upn())).status_code == 200


async def _alarms(administrator: asyncpg.Connection) -> int:
    return await administrator.fetchval(
        "select count(*) from hub.event where type = 'alarm.too_many_look_ups' and agency = $1", NURSING.id
    )


async def _told(room: Room, agency: Agency) -> list[str]:
    """The refused look-ups that an agency was told of."""
    notices = await every(room[agency], "/notices", "notices", limit=100)
    return [one["about"] for one in notices if one["kind"] == "alarm.too_many_look_ups"]


async def test_a_client_without_the_scope_is_refused(room: Room) -> None:
    answer = await asks(room[HOUSING], upn=fresh_upn())
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/scope-missing")


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"upn": "A950000178301", "nhs_number": "9990000026"},
        {"given_name": "Sky", "family_name": "Synthetic"},
        {"given_name": "Sky", "date_of_birth": "2016-05-04", "upn": "A950000178301"},
    ],
)
async def test_a_question_that_is_not_one_is_refused(room: Room, wrong: dict[str, Any]) -> None:
    answer = await asks(room[MASH], **wrong)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/payload-not-valid")


async def test_nobody_says_they_work_with_somebody_they_may_not_know_of(room: Room) -> None:
    family = await a_family(room)
    answers = [
        await room[HOUSING].post(f"/referral/people/{person}/involvement", {"role": "housing officer"})
        for person in (family.child, uuid4())
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


async def test_nobody_ends_another_agency_s_involvement(room: Room) -> None:
    family = await nursing_may_know(room)
    path = f"/referral/people/{family.child}/involvement"
    made = await room[OAKFIELD].made(path, {"role": "pastoral lead"})
    answer = await room[NURSING].post(f"{path}/{made['involvement']}/end")
    assert answer.status_code == 404
    assert len(await involved(room[NURSING], upn=family.upn)) == 2


async def test_an_override_of_existence_opens_it_to_one_person(room: Room) -> None:
    family = await a_family(room)
    await glass.opened(room[POLICE], family.child, categories=["existence"], purpose="early_help")
    body = {"upn": family.upn}
    told = await room[POLICE].post("/referral/existence", body, headers=glass.SERGEANT)
    other = await room[POLICE].post("/referral/existence", body, headers=glass.COLLEAGUE)
    assert (len(told.json()["involved"]), other.json()["involved"]) == (1, [])
