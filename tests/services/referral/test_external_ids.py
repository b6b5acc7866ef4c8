"""One external_id is one concern: sent again it is had already, and another one is refused, never lost."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from deploy.demo.partnership import DPO, HILLTOP, MASH, OAKFIELD
from tests.gateway.erasing import erased, long_ago
from tests.gateway.test_rights_correct_records import wrong
from tests.people import Family, Room, a_family, fresh_upn, share

PATH = "/referral/concerns"
WORDS = "Another concern was received under this external_id"
STORED = "select count(*) from referral.concern where agency = 'oakfield-primary' and external_id = $1"


def _concern(**more: Any) -> dict[str, Any]:
    return {
        "upn": fresh_upn(),
        "external_id": f"CP-{uuid4()}",
        "kind": "welfare",
        "narrative": "Came without a coat.",
        "words_of_the_child": "I'm cold.",
        "reporter_role": "teacher",
        "occurred_at": "2026-11-19T08:40:00Z",
        **more,
    }


def _line(concern: dict[str, Any]) -> dict[str, Any]:
    """The same, as a line of an export."""
    return {{"kind": "category", "school_rag": "rag"}.get(name, name): said for name, said in concern.items()}


async def _send_file(room: Room, *concerns: dict[str, Any]) -> dict[str, Any]:
    file = "\n".join(json.dumps(_line(one)) for one in concerns)
    headers = {"content-type": "application/x-ndjson"}
    answer = await room[OAKFIELD].ask("POST", f"{PATH}/batch", content=file, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _refused(room: Room, concern: dict[str, Any]) -> None:
    answer = await room[OAKFIELD].post(PATH, concern)
    assert (answer.status_code, answer.json()) == (
        409,
        {
            "type": "/problems/external-id-reused",
            "title": WORDS,
            "status": 409,
            "detail": "This one was not stored: send it under an external_id of its own.",
        },
    )
    report = await _send_file(room, concern)
    assert report["counts"] == {"received": 0, "already_had": 0, "bad": 1}
    [fault] = report["bad"][0]["errors"]
    assert (fault["pointer"], fault["detail"].startswith(WORDS)) == ("/external_id", True)


async def _had(room: Room, concern: dict[str, Any], first: dict[str, Any]) -> None:
    """It is answered as the first time, and the batch counts it as had."""
    assert await room[OAKFIELD].made(PATH, concern) == first
    report = await _send_file(room, concern)
    assert report["already_had"] == [{"line": 1, "concern": first["concern"]}]


async def test_the_same_concern_sent_again_is_one_concern(
    room: Room, administrator: asyncpg.Connection
) -> None:
    concern = _concern(school_rag="amber", recorded_at="2026-11-19T09:00:00Z")
    first = await room[OAKFIELD].made(PATH, concern)
    await _had(room, concern, first)
    assert await administrator.fetchval(STORED, concern["external_id"]) == 1


async def test_it_is_compared_as_it_would_be_stored(room: Room) -> None:
    concern = _concern()
    first = await room[OAKFIELD].made(PATH, concern)
    spoken = {"upn": f" {concern['upn'].lower()} ", "narrative": "  Came without a coat.\n"}
    same = {**concern, **spoken, "occurred_at": "2026-11-19T10:40:00+02:00", "immediate_action": None}
    assert await room[OAKFIELD].made(PATH, same) == first
    in_a_file = {**concern, "occurred_at": "2026-11-19T08:40", "immediate_action": ""}
    await _send_file(room, in_a_file)
    assert (await _send_file(room, in_a_file))["counts"]["already_had"] == 1


@pytest.mark.parametrize(
    "other",
    [
        {"narrative": "ANOTHER child."},
        {"kind": "neglect"},
        {"words_of_the_child": None},
        {"immediate_action": "Lent a coat."},
        {"reporter_role": "caretaker"},
        {"school_rag": "red"},
        {"occurred_at": "2026-11-19T08:41:00Z"},
        {"recorded_at": "2026-11-19T09:00:00Z"},
    ],
)
async def test_whatever_a_sender_says_makes_it_another_concern(
    room: Room, administrator: asyncpg.Connection, other: dict[str, Any]
) -> None:
    concern = _concern()
    first = await room[OAKFIELD].made(PATH, concern)
    await _refused(room, {**concern, **other})
    assert await administrator.fetchval(STORED, concern["external_id"]) == 1
    await _had(room, concern, first)


async def test_another_child_is_another_concern_and_nothing_of_it_is_stored(
    room: Room, administrator: asyncpg.Connection
) -> None:
    concern, family = _concern(), await a_family(room)
    await room[OAKFIELD].made(PATH, concern)
    people = "select (select count(*) from referral.person), (select count(*) from referral.person_key)"
    before = await administrator.fetchrow(people)
    for upn in (family.upn, fresh_upn()):
        await _refused(room, {**concern, "upn": upn})
    assert await administrator.fetchrow(people) == before
    kept = "select count(*) from referral.concern where subject = $1"
    assert await administrator.fetchval(kept, family.child) == 0


async def test_two_numbers_that_mean_one_child_to_the_agency_are_one_child(room: Room) -> None:
    temporary, permanent = fresh_upn(), fresh_upn()
    known = {"given_name": "Sky", "family_name": "Synthetic", "date_of_birth": "2016-05-04"}
    nhs = "9434765919"
    for upn in (temporary, permanent):
        await room[OAKFIELD].made("/referral/people", {"upn": upn, "nhs_number": nhs, **known})
    concern = _concern(upn=temporary)
    first = await room[OAKFIELD].made(PATH, concern)
    await _had(room, {**concern, "upn": permanent}, first)


async def test_an_external_id_is_the_agencys_own(room: Room) -> None:
    concern = _concern()
    ours = await room[OAKFIELD].made(PATH, concern)
    theirs = await room[HILLTOP].made(PATH, {**concern, "upn": fresh_upn()})
    assert ours["concern"] != theirs["concern"]


async def test_a_refused_one_leaves_its_key_free_and_is_taken_under_its_own_number(room: Room) -> None:
    concern, key = _concern(), {"idempotency-key": str(uuid4())}
    first = await room[OAKFIELD].made(PATH, concern)
    other = {**concern, "narrative": "Another."}
    refused = await room[OAKFIELD].post(PATH, other, headers=key)
    assert refused.status_code == 409
    made = await room[OAKFIELD].made(PATH, {**other, "external_id": f"b/{uuid4()}"}, headers=key)
    assert made["concern"] != first["concern"]


async def test_a_file_that_uses_a_number_twice_keeps_its_good_lines(
    room: Room, administrator: asyncpg.Connection
) -> None:
    one, two = _concern(), _concern()
    report = await _send_file(room, one, {**one, "upn": fresh_upn()}, one, two)
    assert report["counts"] == {"received": 2, "already_had": 1, "bad": 1}
    assert [line["line"] for line in (*report["received"], *report["already_had"])] == [1, 4, 3]
    assert report["bad"][0]["line"] == 2
    for concern in (one, two):
        assert await administrator.fetchval(STORED, concern["external_id"]) == 1


async def test_of_ten_others_at_once_one_is_taken_and_nine_are_refused(
    room: Room, administrator: asyncpg.Connection
) -> None:
    concern = _concern()
    sent = [{**concern, "upn": fresh_upn(), "narrative": f"Child {number}."} for number in range(10)]
    answers = await asyncio.gather(*(room[OAKFIELD].post(PATH, one) for one in sent))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 9
    assert await administrator.fetchval(STORED, concern["external_id"]) == 1


async def test_ten_repeats_at_once_are_one_concern(room: Room, administrator: asyncpg.Connection) -> None:
    concern = _concern()
    answers = await asyncio.gather(*(room[OAKFIELD].post(PATH, concern) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert await administrator.fetchval(STORED, concern["external_id"]) == 1


TAKEN = """
insert into referral.concern (id, subject, category, agency, external_id, kind, narrative, words_of_the_child,
  reporter_role, occurred_at, received_at)
values ($1, $2, 'safeguarding_concern', 'oakfield-primary', $3, 'welfare', $4, 'I''m cold.', 'teacher',
  '2026-11-19T08:40:00Z', now())"""


WAITING = (
    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
)


async def _two_wait(administrator: asyncpg.Connection) -> None:
    for _ in range(500):
        if await administrator.fetchval(WAITING) == 2:
            return
        await asyncio.sleep(0.02)
    pytest.fail("Nobody waits for whoever took the number.")


@pytest.mark.parametrize("narrative", ["Came without a coat.", "Another."])
async def test_who_loses_the_number_while_writing_looks_at_what_won(
    room: Room, administrator: asyncpg.Connection, narrative: str
) -> None:
    family, winner, key = await a_family(room), uuid4(), {"idempotency-key": str(uuid4())}
    concern = _concern(upn=family.upn)
    async with administrator.transaction():
        await administrator.execute(TAKEN, winner, family.child, concern["external_id"], narrative)
        one = asyncio.create_task(room[OAKFIELD].post(PATH, concern, headers=key))
        file = asyncio.create_task(_send_file(room, concern))
        await _two_wait(administrator)
    answer, report = await one, await file
    alike = narrative == concern["narrative"]
    assert answer.status_code == (201 if alike else 409)
    assert report["counts"] == {"received": 0, "already_had": int(alike), "bad": int(not alike)}
    if alike:
        again = await room[OAKFIELD].post(PATH, concern, headers=key)
        assert answer.json() == again.json() == {"concern": str(winner), "person": str(family.child)}
    assert await administrator.fetchval(STORED, concern["external_id"]) == 1


async def test_what_was_corrected_since_stays_so_and_either_wording_is_a_repeat(room: Room) -> None:
    family = await a_family(room)
    concern = _concern(upn=family.upn)
    first = await room[OAKFIELD].made(PATH, concern)
    for fields in ({"narrative": "Came without shoes."}, {"narrative": "Came barefoot.", "kind": "neglect"}):
        about = {"category": "safeguarding_concern", "record": first["concern"], "fields": fields}
        await room[DPO].made("/rights/corrections", wrong(family, **about))
    await _had(room, concern, first)
    await _had(room, {**concern, "kind": "neglect", "narrative": "Came barefoot."}, first)
    await _refused(room, {**concern, "narrative": "Came late."})
    shown = (await room[OAKFIELD].get(f"{PATH}/{first['concern']}")).json()
    assert shown["concern"]["narrative"] == "Came barefoot."


async def test_what_is_restricted_since_is_answered_as_before(room: Room) -> None:
    family = await a_family(room)
    concern = _concern(upn=family.upn)
    first = await room[OAKFIELD].made(PATH, concern)
    restriction = {"subjects": [str(family.child)], "asked_by": "Robin Synthetic", "reason": "Contested."}
    await room[DPO].made("/rights/restrictions", restriction)
    await _had(room, concern, first)
    await _refused(room, {**concern, "narrative": "Another."})
    assert (await room[OAKFIELD].get(f"{PATH}/{first['concern']}")).status_code == 404


async def _forgotten(room: Room, administrator: asyncpg.Connection) -> tuple[Family, dict[str, Any], Any]:
    """A child erased with its concern; the concern as it was sent, and its answer."""
    family = await a_family(room)
    concern = _concern(upn=family.upn)
    first = await room[OAKFIELD].made(PATH, concern)
    await long_ago(administrator, family.household, family.child, family.parent)
    await erased(room, family.household)
    assert await administrator.fetchval(STORED, concern["external_id"]) == 0
    return family, concern, first


async def test_nothing_comes_in_under_an_erased_ones_number_be_it_a_repeat_or_another(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family, concern, _ = await _forgotten(room, administrator)
    other = await a_family(room)
    for sent in (
        concern,
        {**concern, "upn": other.upn},
        {**concern, "upn": fresh_upn(), "narrative": "Else."},
    ):
        await _refused(room, sent)
    assert await administrator.fetchval(STORED, concern["external_id"]) == 0
    left = "select count(*) from referral.person_key where person = $1"
    assert await administrator.fetchval(left, family.child) == 0


async def test_nothing_that_was_said_outlives_its_erasure(
    room: Room, administrator: asyncpg.Connection
) -> None:
    _, concern, _ = await _forgotten(room, administrator)
    sql = "select * from referral.spent_number where digest = sha256(convert_to($1, 'UTF8'))"
    [kept] = await administrator.fetch(sql, concern["external_id"])
    assert set(kept.keys()) == {"agency", "digest"}


async def test_it_is_shown_to_its_sender_alone(room: Room) -> None:
    family = await a_family(room)
    concern = _concern(upn=family.upn, narrative="x" * 20_000)
    made = await room[OAKFIELD].made(PATH, concern)
    await share(room[OAKFIELD], MASH, [family.child], ["safeguarding_concern"])
    for partner, shown in ((room[OAKFIELD], concern["external_id"]), (room[MASH], None)):
        read = (await partner.get(f"{PATH}/{made['concern']}")).json()["concern"]
        assert (read["external_id"], read["narrative"]) == (shown, concern["narrative"])
