"""Refusals name the field and the reason: ends in the past, records that nobody keeps, unknown parties."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from deploy.demo.partnership import DPO, HOUSING, MASH, OAKFIELD
from tests.gateway.deciding import body, decided, step
from tests.people import Family, Room, a_family

PAST = "2020-01-01T00:00:00Z"
OVER = {"pointer": "/ends", "detail": "must be after it starts"}


def hiding(family: Family, **more: Any) -> dict[str, Any]:
    """What a restriction and a seal have in common."""
    return {"subjects": [str(family.child)], "reason": "To keep her safe.", "ends": PAST, **more}


async def errors(room: Room, agency: Any, path: str, said: Any) -> list[dict[str, str]]:
    """What a refusal says is wrong, and where."""
    answer = await room[agency].post(path, said)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/payload-not-valid"), answer.text
    return answer.json()["errors"]


async def test_nothing_ends_before_it_begins_now(room: Room) -> None:
    family = await a_family(room)
    over = body(family, HOUSING.id, ends=PAST)
    assert await errors(room, OAKFIELD, "/sharing/decisions", over) == [OVER]
    hidden = hiding(family, hidden_from=HOUSING.id, categories=["home_address"])
    assert await errors(room, OAKFIELD, "/sharing/restrictions", hidden) == [OVER]
    sealed = hiding(family, named=[OAKFIELD.id], text=["77 Marigold Wynd"])
    assert await errors(room, OAKFIELD, "/sharing/seals", sealed) == [OVER]
    old = await decided(room[OAKFIELD], family, HOUSING.id)
    instead = {"reason": "They changed their mind.", "decision": over}
    found = await errors(room, OAKFIELD, step(old, "supersede"), instead)
    assert found == [{**OVER, "pointer": "/decision/ends"}]


async def test_nothing_is_supposed_to_end_before_it_begins_now(room: Room) -> None:
    family = await a_family(room)
    supposed = {"agency": HOUSING.id, "categories": ["existence"], "basis": "agreement", "ends": PAST}
    said = {"agency": HOUSING.id, "subjects": [str(family.child)], "decisions": [supposed]}
    found = await errors(room, DPO, "/sharing/simulate/joining", said)
    assert found == [{**OVER, "pointer": "/decisions/0/ends"}]


def correction(family: Family, **more: Any) -> dict[str, Any]:
    """The family disputes what the school's account of the child says."""
    return {
        "subject": str(family.child),
        "category": "identity_contact",
        "record": str(family.child),
        "held_by": OAKFIELD.id,
        "disputed": "The birthday is wrong.",
        "correction": "She was born on 5 May 2016.",
        **more,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"record": str(uuid4())},
        {"subject": str(uuid4())},
        {"held_by": HOUSING.id},
        {"category": "education_attendance"},
    ],
)
async def test_a_record_that_nobody_keeps_about_them_is_not_corrected(
    room: Room, wrong: dict[str, str]
) -> None:
    family = await a_family(room)
    answer = await room[DPO].post("/rights/corrections", correction(family, **wrong))
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
    found = await room[OAKFIELD].get("/rights/corrections", params={"for": OAKFIELD.id})
    subjects = {one["subject"] for one in found.json()["corrections"]}
    assert not subjects & {str(family.child), wrong.get("subject")}
    assert (await room[DPO].post("/rights/corrections", correction(family))).status_code == 201


async def test_nothing_is_held_or_restricted_about_nobody(room: Room) -> None:
    family = await a_family(room)
    hold = {"subject": str(uuid4()), "kind": "inquiry", "reason": "An inquiry asked."}
    restriction = {"subjects": [str(family.child), str(uuid4())], "asked_by": "Robin", "reason": "She asked."}
    for path, said in (("/retention/holds", hold), ("/rights/restrictions", restriction)):
        answer = await room[DPO].post(path, said)
        assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found"), path
    for subject in (family.child, family.household):
        assert (
            await room[DPO].post("/retention/holds", {**hold, "subject": str(subject)})
        ).status_code == 201


async def test_a_hold_lasts_until_a_day_to_come(room: Room) -> None:
    family = await a_family(room)
    hold = {"subject": str(family.child), "kind": "inquiry", "reason": "An inquiry asked."}
    said = {**hold, "until": (date.today() - timedelta(days=2)).isoformat()}  # noqa: DTZ011
    found = await errors(room, DPO, "/retention/holds", said)
    assert found == [{"pointer": "/until", "detail": "is not in the future"}]


async def test_a_rule_with_a_party_that_nobody_knows_is_refused(room: Room) -> None:
    agreement = {"parties": ["nobody-we-know", HOUSING.id], "categories": ["existence"]}
    rule = {"agreement": {**agreement, "purposes": ["early_help"]}}
    answer = await room[DPO].post("/sharing/simulate/rule", rule)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/party-unknown")
    assert answer.json()["detail"] == "Not agencies of this partnership: nobody-we-know."


async def test_too_short_a_text_is_counted_in_characters(room: Room) -> None:
    family = await a_family(room)
    override = {"subject": str(family.child), "reason": "no", "words": "short"}
    answer = await room[MASH].post("/sharing/overrides", override)
    details = " ".join(one["detail"] for one in answer.json()["errors"])
    assert "10 characters" in details, details
    assert "items" not in details


async def test_our_own_sentences_carry_no_prefix(room: Room) -> None:
    family = await a_family(room)
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    not_given = body(family, HOUSING.id, share=False, event="given", starts=tomorrow)
    [error] = await errors(room, OAKFIELD, "/sharing/decisions", not_given)
    assert error["detail"] == "a decision not to share is not given"
