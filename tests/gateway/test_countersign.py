"""An author lets another's decision open its own records too, or keeps them out of it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest

from deploy.demo.partnership import CHARITY, HILLTOP, HOUSING, MASH, NURSING, OAKFIELD
from deploy.local import Running
from tests.gateway.accounts import WORD, Child, known_twice, told
from tests.gateway.agreeing import Two, joined, two_agencies
from tests.gateway.deciding import history, refused, step
from tests.people import Room, a_family, share

WHO = ["identity_contact"]


async def asked(room: Room, **more: Any) -> tuple[Child, str]:
    """Hilltop shares with the MASH, and asks Oakfield to countersign."""
    child = await known_twice(room)
    more = {"countersigners": [OAKFIELD.id], **more}
    return child, await share(room[HILLTOP], MASH, [child.id], WHO, **more)


async def test_it_opens_what_the_author_wrote_and_its_recorder_is_told(room: Room) -> None:
    child, decision = await asked(room)
    assert await told(room[OAKFIELD], decision) == ["decision.asks_for_your_records"]
    assert await child.seen_by(room[MASH]) == {HILLTOP.id}
    said = await history(room[OAKFIELD], decision)
    assert (said["decision"]["agency"], said["decision"]["opens_records_of"]) == (MASH.id, [])
    assert (await room[OAKFIELD].post(step(decision, "countersign"), WORD)).status_code == 204
    assert await child.seen_by(room[MASH]) == {HILLTOP.id, OAKFIELD.id}
    assert await told(room[HILLTOP], decision) == ["decision.countersigned"]
    read = await history(room[HILLTOP], decision)
    assert (read["decision"]["countersigners"], read["decision"]["opens_records_of"]) == (
        [OAKFIELD.id],
        [HILLTOP.id, OAKFIELD.id],
    )
    assert [(e["event"], e["recorded_by"]) for e in read["history"]] == [
        ("given", HILLTOP.id),
        ("countersigned", OAKFIELD.id),
    ]


async def test_who_receives_is_not_told_who_was_asked_or_said_so(room: Room) -> None:
    _, decision = await asked(room)
    await room[OAKFIELD].made(step(decision, "countersign"), WORD)
    read = await history(room[MASH], decision)
    assert (read["decision"]["countersigners"], read["decision"]["opens_records_of"]) == (None, [])
    assert [e["event"] for e in read["history"]] == ["given"]


async def test_it_may_decline_and_change_its_mind(room: Room) -> None:
    child, decision = await asked(room)
    for verb, seen in (("decline", {HILLTOP.id}), ("countersign", {HILLTOP.id, OAKFIELD.id})) * 2:
        assert (await room[OAKFIELD].post(step(decision, verb), WORD)).status_code == 204
        assert await child.seen_by(room[MASH]) == seen
    declined, countersigned = "decision.declined", "decision.countersigned"
    assert await told(room[HILLTOP], decision) == [declined, countersigned, declined, countersigned]


async def test_the_familys_receipt_is_enough_to_countersign_an_agreement_by(room: Room) -> None:
    """Nobody asked Oakfield: the family brought the id."""
    child, decision = await asked(room, countersigners=[])
    assert (await room[OAKFIELD].get(f"/sharing/decisions/{decision}")).status_code == 404
    await room[OAKFIELD].made(step(decision, "countersign"), WORD)
    assert await child.seen_by(room[MASH]) == {HILLTOP.id, OAKFIELD.id}
    assert (await history(room[OAKFIELD], decision))["decision"]["opens_records_of"] == [OAKFIELD.id]


async def test_the_consent_says_whose_records_it_opens(room: Room) -> None:
    _, decision = await asked(room)
    await room[OAKFIELD].made(step(decision, "countersign"), WORD)
    consent = await room[HILLTOP].get(f"/sharing/decisions/{decision}/consent", params={"fhir": "5.0"})
    named = [one["identifier"]["value"] for one in consent.json()["controller"]]
    assert named == [HILLTOP.id, OAKFIELD.id]


async def test_a_withdrawal_ends_it_for_every_author(room: Room) -> None:
    child, decision = await asked(room)
    await room[OAKFIELD].made(step(decision, "countersign"), WORD)
    await room[HILLTOP].made(step(decision, "withdraw"), {"reason": "They changed their mind."})
    assert await child.seen_by(room[MASH]) == set()
    assert await refused(room[OAKFIELD], step(decision, "countersign"), WORD) == (
        409,
        "decision-move-not-allowed",
    )


async def test_it_goes_as_far_as_what_was_countersigned_and_no_further(
    room: Room, administrator: asyncpg.Connection
) -> None:
    soon = datetime.now(UTC) + timedelta(days=2)
    child, decision = await asked(room, ends=soon.isoformat())
    await room[OAKFIELD].made(step(decision, "countersign"), WORD)
    wider = {"categories": [*WHO, "home_address"], "ends": (soon + timedelta(days=90)).isoformat()}
    await room[HILLTOP].made(step(decision, "vary"), {**wider, "reason": "They need more help."})
    assert await told(room[OAKFIELD], decision) == ["decision.asks_for_your_records"] * 2
    shares = await administrator.fetch(
        "select author, category, ends from hub.share where decision = $1 order by 1, 2", decision
    )
    assert [(row["author"], row["category"], row["ends"] == soon) for row in shares] == [
        (HILLTOP.id, "home_address", False),
        (HILLTOP.id, "identity_contact", False),
        (OAKFIELD.id, "identity_contact", True),
    ]
    person = (await room[MASH].get(f"/referral/people/{child.id}")).json()
    assert (len(person["identities"]), person["addresses"]) == (2, [])
    await room[OAKFIELD].made(step(decision, "countersign"), WORD)
    assert (await room[MASH].get(f"/referral/people/{child.id}")).json()["addresses"]


async def test_it_begins_no_earlier_than_what_was_countersigned(room: Room) -> None:
    later = datetime.now(UTC) + timedelta(days=30)
    child, decision = await asked(room, starts=later.isoformat())
    await room[OAKFIELD].made(step(decision, "countersign"), WORD)
    now = {"starts": datetime.now(UTC).isoformat(), "reason": "It is needed at once."}
    await room[HILLTOP].made(step(decision, "vary"), now)
    assert await child.seen_by(room[MASH]) == {HILLTOP.id}


async def test_who_answered_unasked_reads_what_it_answered_and_no_more(room: Room) -> None:
    _, decision = await asked(room, countersigners=[NURSING.id])
    for verb, opens in (("countersign", [OAKFIELD.id]), ("decline", [])):
        await room[OAKFIELD].made(step(decision, verb), WORD)
        read = await history(room[OAKFIELD], decision)
        assert (read["decision"]["standing"], read["decision"]["countersigners"]) == ("given", None)
        assert read["decision"]["opens_records_of"] == opens
        assert read["history"][0]["recorded_by"] == HILLTOP.id


async def test_its_own_agreement_between_organisations_backs_it_and_ends_it(
    room: Room, hub: Running, http: httpx.AsyncClient
) -> None:
    two: Two = await two_agencies(hub, http)
    other = await joined(hub, http, OAKFIELD)
    family = await a_family(Room({OAKFIELD.id: two.school}))
    same = {"upn": family.upn, "given_name": "Sky", "family_name": "Other", "date_of_birth": "2016-05-04"}
    await other.made("/referral/people", same)
    await two.signed()
    decision = await share(
        two.school, two.housing.agency, [family.child], WHO, countersigners=[other.agency.id]
    )
    assert await refused(other, step(decision, "countersign"), WORD) == (403, "agreement-missing")
    theirs = Two(other, two.housing)
    drafted = await theirs.signed()
    await other.made(step(decision, "countersign"), WORD)
    path = f"/referral/people/{family.child}"
    assert len((await two.housing.get(path)).json()["identities"]) == 2
    await theirs.end(drafted, other)
    [left] = (await two.housing.get(path)).json()["identities"]
    assert left["according_to"] == two.school.agency.id


async def test_an_agreement_that_its_author_ended_is_not_found_anew(
    room: Room, hub: Running, http: httpx.AsyncClient
) -> None:
    two: Two = await two_agencies(hub, http)
    other = await joined(hub, http, OAKFIELD)
    theirs = Two(other, two.housing)
    family = await a_family(Room({OAKFIELD.id: two.school}))
    same = {"upn": family.upn, "given_name": "Sky", "family_name": "Other", "date_of_birth": "2016-05-04"}
    await other.made("/referral/people", same)
    await two.signed()
    drafted = await theirs.signed()
    decision = await share(
        two.school, two.housing.agency, [family.child], WHO, countersigners=[other.agency.id]
    )
    await other.made(step(decision, "countersign"), WORD)
    await theirs.end(drafted, other)
    await theirs.signed()
    later = (datetime.now(UTC) + timedelta(days=30)).isoformat()
    await two.school.made(step(decision, "vary"), {"ends": later, "reason": "Not for so long."})
    seen = (await two.housing.get(f"/referral/people/{family.child}")).json()["identities"]
    assert [one["according_to"] for one in seen] == [two.school.agency.id]


async def test_who_countersigned_unasked_may_decline_when_it_works_with_them_no_more(room: Room) -> None:
    family = await a_family(room)
    shown = await share(room[OAKFIELD], HOUSING, [family.child], ["existence"])
    decision = await share(room[OAKFIELD], MASH, [family.child], WHO)
    await room[HOUSING].made(step(decision, "countersign"), WORD)
    await room[OAKFIELD].made(step(shown, "withdraw"), {"reason": "They changed their mind."})
    assert (await room[HOUSING].post(step(decision, "decline"), WORD)).status_code == 204


@pytest.mark.parametrize("verb", ["countersign", "decline"])
async def test_neither_who_recorded_it_nor_who_receives_countersigns(room: Room, verb: str) -> None:
    _, decision = await asked(room)
    assert await refused(room[HILLTOP], step(decision, verb), WORD) == (409, "opens-yours-already")
    assert await refused(room[MASH], step(decision, verb), WORD) == (403, "decision-in-own-favour")


@pytest.mark.parametrize("verb", ["countersign", "decline"])
async def test_to_who_has_nothing_to_do_with_it_it_is_not_there(room: Room, verb: str) -> None:
    _, decision = await asked(room)
    answers = [await room[HOUSING].post(step(one, verb), WORD) for one in (decision, uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


async def test_who_is_asked_about_somebody_it_does_not_know_opens_nothing(room: Room) -> None:
    _, decision = await asked(room, countersigners=[NURSING.id])
    assert await told(room[NURSING], decision) == ["decision.asks_for_your_records"]
    assert await refused(room[NURSING], step(decision, "countersign"), WORD) == (403, "not-involved")
    assert (await room[NURSING].post(step(decision, "decline"), WORD)).status_code == 204


async def test_a_proposal_is_not_countersigned_before_the_family_has_answered(room: Room) -> None:
    child, decision = await asked(room, event="proposed")
    assert await told(room[OAKFIELD], decision) == []
    assert (await room[OAKFIELD].post(step(decision, "countersign"), WORD)).status_code == 404
    answer = {"reason": "They agree.", "giver": {"name": "Robin Synthetic", "capacity": "pr_holder"}}
    await room[HILLTOP].made(step(decision, "give"), answer)
    assert await told(room[OAKFIELD], decision) == ["decision.asks_for_your_records"]
    await room[OAKFIELD].made(step(decision, "countersign"), WORD)
    assert await child.seen_by(room[MASH]) == {HILLTOP.id, OAKFIELD.id}


async def test_who_does_not_exist_is_not_asked(room: Room) -> None:
    child = await known_twice(room)
    body = {
        "agency": MASH.id,
        "subjects": [str(child.id)],
        "categories": WHO,
        "purpose": "early_help",
        "basis": "agreement",
        "given_by": "Robin Synthetic, mother",
        "reason": "They asked for help.",
        "countersigners": ["nobody-at-all"],
    }
    assert await refused(room[HILLTOP], "/sharing/decisions", body) == (422, "agency-unknown")


async def test_an_author_from_whom_the_person_is_hidden_is_not_asked(room: Room) -> None:
    child = await known_twice(room)
    hiding = {
        "hidden_from": OAKFIELD.id,
        "subjects": [str(child.id)],
        "categories": ["existence"],
        "kind": "no_contact_order",
        "court_reference": "BS-26-1",
        "reason": "It would not be safe.",
    }
    await room[HILLTOP].made("/sharing/restrictions", hiding)
    decision = await share(room[HILLTOP], MASH, [child.id], WHO, countersigners=[OAKFIELD.id])
    assert await told(room[OAKFIELD], decision) == []


BY_SQL = """
insert into hub.decision_event (decision, event, agency, purpose, basis, categories, subjects, asked, reason,
  recorded_by)
select decision, 'countersigned', agency, purpose, basis, categories, subjects, asked, 'synthetic', $2
from hub.decision_event where decision = $1 and event = 'given'"""


async def test_postgresql_lets_nobody_else_countersign(room: Room, administrator: asyncpg.Connection) -> None:
    _, decision = await asked(room)
    for agency in (CHARITY.id, MASH.id, HILLTOP.id):
        async with administrator.transaction():
            for name in ("client", "practitioner", "purpose", "audience"):
                await administrator.execute(f"select set_config('hub.{name}', '', true)")
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="not theirs"):
                await administrator.execute(BY_SQL, decision, agency)
