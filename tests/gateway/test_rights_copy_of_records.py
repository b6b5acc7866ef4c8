"""A copy of one's records: gathered, decided by one person, released by another, and what it never says."""

import json
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from deploy.demo.partnership import DPO, EARLY_HELP
from tests.gateway.family_of_four import (
    FATHER,
    MOTHER,
    POSTCODE,
    REFERRER,
    ROWAN,
    SKY,
    Four,
    a_family_of_four,
    seal_the_refuge,
)
from tests.pages import every
from tests.people import Room, a_family

PATH = "/rights/access-requests"
SECOND = {"practitioner": "p-2"}
LAWS = {"third_party", "serious_harm", "child_abuse_data", "confidential_reference", "legal_privilege"}


def asks(subject: Any, **more: Any) -> dict[str, Any]:
    """The father asks about himself."""
    return {
        "subject": str(subject),
        "asked_by": f"{FATHER} Synthetic",
        "capacity": "self",
        "received_on": "2026-10-31",
        **more,
    }


async def released(room: Room, four: Four) -> str:
    """The father's request, decided as proposed by one person and released by another; its path."""
    made = await room[DPO].made(PATH, asks(four.father))
    path = f"{PATH}/{made['request']['request']}"
    await room[DPO].made(f"{path}/items")
    await room[DPO].made(f"{path}/release", {"reason": "I read all of it."}, headers=SECOND)
    return path


async def test_a_father_receives_nothing_of_the_mothers_no_sealed_address_and_no_referrer(room: Room) -> None:
    four = await a_family_of_four(room)
    await seal_the_refuge(room, four)
    answer = await room[DPO].get(f"{await released(room, four)}/export")
    assert answer.status_code == 200, answer.text
    said = answer.text.lower()
    hidden = (
        MOTHER,
        SKY,
        ROWAN,
        "Marigold",
        POSTCODE,
        "1987-11-30",
        REFERRER,
        "copes alone",
        str(four.mother),
    )
    assert [one for one in hidden if one.lower() in said] == []
    copy = answer.json()
    assert "sealed" not in said
    assert f"{FATHER} lost his work." in json.dumps(copy["records"])
    assert "5 Thistledown Road" in answer.text
    assert f"{FATHER} asks for help with debts." in answer.text
    assert copy["not_here"].startswith("What was decided about sharing is not in this copy")


async def test_the_manifest_lists_everything_withheld_and_redacted_by_its_exemption(
    room: Room, administrator: asyncpg.Connection
) -> None:
    four = await a_family_of_four(room)
    await seal_the_refuge(room, four)
    path = await released(room, four)
    manifest = (await room[DPO].get(f"{path}/export")).json()["manifest"]
    for decision in ("withhold", "redact"):
        listed = sorted(one["exemption"] for one in manifest if one["decision"] == decision)
        kept = await administrator.fetch(
            "select exemption from hub.rights_item where request = $1 and proposal = $2",
            path.rpartition("/")[2],
            decision,
        )
        assert listed == sorted(row["exemption"] for row in kept)
        assert listed
        assert set(listed) <= LAWS
    withheld = [one for one in manifest if one["decision"] == "withhold"]
    assert all(one.keys() == {"withheld", "exemption", "decision", "law"} for one in withheld)


async def test_it_is_due_a_month_after_it_was_received(room: Room) -> None:
    four = await a_family_of_four(room)
    made = await room[DPO].made(PATH, asks(four.father))
    assert made["request"]["due_on"] == "2026-11-30"
    assert made["request"]["status"] == "open"
    assert made["request"]["request"] in [one["request"] for one in await waiting(room)]


async def waiting(room: Room, limit: int = 100) -> list[dict[str, Any]]:
    """The requests that are not answered, page after page."""
    return await every(room[DPO], PATH, "requests", limit=limit)


async def test_lists_the_most_urgent_first_a_page_at_a_time(room: Room) -> None:
    four = await a_family_of_four(room)
    for received in ("2026-11-04", "2026-11-02", "2026-11-03"):
        await room[DPO].made(PATH, asks(four.father, received_on=received))
    by_two, whole = await waiting(room, 2), await waiting(room)
    assert by_two == whole
    order = [(one["due_on"] or "9999", one["request"]) for one in whole]
    assert order == sorted(order)


async def test_the_person_who_decided_does_not_release(room: Room, administrator: asyncpg.Connection) -> None:
    four = await a_family_of_four(room)
    path = f"{PATH}/{(await room[DPO].made(PATH, asks(four.father)))['request']['request']}"
    early = await room[DPO].post(f"{path}/release", {"reason": "Fine."}, headers=SECOND)
    assert (early.status_code, early.json()["type"]) == (409, "/problems/items-undecided")
    await room[DPO].made(f"{path}/items")
    same = await room[DPO].post(f"{path}/release", {"reason": "Fine."}, headers={"practitioner": "P-1"})
    assert (same.status_code, same.json()["type"]) == (403, "/problems/second-person-needed")
    waiting = await room[DPO].get(f"{path}/export")
    assert (waiting.status_code, waiting.json()["type"]) == (409, "/problems/not-released")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await administrator.execute(
            "insert into hub.rights_event (request, event, reason, agency, practitioner)"
            " values ($1, 'released', 'x', 'northshire-dpo', 'p-1')",
            path.rpartition("/")[2],
        )


async def test_a_person_may_decide_otherwise_than_proposed_until_the_release(room: Room) -> None:
    four = await a_family_of_four(room)
    made = await room[DPO].made(PATH, asks(four.father))
    path = f"{PATH}/{made['request']['request']}"
    item = next(one for one in made["items"] if one["part"] == "identities" and one["proposal"] == "release")
    place = f"{path}/items/{item['item']}"
    bare = await room[DPO].post(place, {"decision": "withhold", "reason": "No."})
    assert (bare.status_code, bare.json()["type"]) == (422, "/problems/exemption-needed")
    assert "third_party" in bare.json()["detail"]
    whole = {"decision": "redact", "exemption": "legal_privilege", "reason": "Advice."}
    assert (await room[DPO].post(place, whole)).json()["type"] == "/problems/redaction-needed"
    decided = await room[DPO].made(place, {**whole, "redacted": {"given_name": "[advice]"}})
    assert decided["item"]["decision"]["by"] == "p-1"
    await room[DPO].made(f"{path}/items")
    await room[DPO].made(f"{path}/release", {"reason": "I read it."}, headers=SECOND)
    copy = (await room[DPO].get(f"{path}/export")).json()
    assert {"given_name": "[advice]"} in [one["content"] for one in copy["records"]]
    late = await room[DPO].post(place, {"decision": "release", "reason": "After all."})
    assert (late.status_code, late.json()["type"]) == (409, "/problems/request-moved-on")


@pytest.mark.parametrize(
    "said",
    [
        '"\\u0000"',
        '"\\ud800"',
        '{"\\u0000": 1}',
        '{"\\ud800": 1}',
        "NaN",
        "1e999",
        "9" * 40,
        "[" * 700 + "]" * 700,
    ],
)
async def test_what_is_shown_instead_is_what_can_be_kept_and_read_again(room: Room, said: str) -> None:
    family = await a_family(room)
    made = await room[DPO].made(PATH, asks(family.child))
    path = f"{PATH}/{made['request']['request']}/items/{made['items'][0]['item']}"
    decided = '"decision": "redact", "exemption": "third_party", "reason": "Hers."'
    body = f'{{{decided}, "redacted": {{"a": {said}}}}}'
    answer = await room[DPO].post(path, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/redacted"]


async def test_a_parent_where_an_order_forbids_contact_goes_to_a_person(room: Room) -> None:
    four = await a_family_of_four(room)
    order = {
        "except": [EARLY_HELP.id],
        "subjects": [str(four.sky)],
        "categories": ["home_address"],
        "kind": "no_contact_order",
        "court_reference": "SYN-1",
        "reason": "An order of the family court.",
    }
    await room[EARLY_HELP].made("/sharing/restrictions", order)
    asked = asks(four.sky, capacity="parental_responsibility", asker=str(four.father))
    made = await room[DPO].made(PATH, asked)
    assert (made["request"]["status"], made["items"]) == ("needs_decision", [])
    path = f"{PATH}/{made['request']['request']}"
    assert (await room[DPO].post(f"{path}/items")).status_code == 409
    verdict = {"outcome": "answer", "reason": "A redacted copy is in her interests; she was asked."}
    opened = await room[DPO].made(f"{path}/decision", verdict)
    proposals = {(one["part"], one["proposal"], one["exemption"]) for one in opened["items"]}
    assert ("concerns", "withhold", "child_abuse_data") in proposals
    assert ("addresses", "withhold", "serious_harm") in proposals
    other = await room[DPO].made(PATH, asked)
    refusal = {"outcome": "refuse", "reason": "It would put her at risk."}
    refused = await room[DPO].made(f"{PATH}/{other['request']['request']}/decision", refusal)
    assert refused["request"]["status"] == "refused"


async def test_a_parent_where_nothing_forbids_it_is_answered_by_the_ordinary_way(room: Room) -> None:
    four = await a_family_of_four(room)
    made = await room[DPO].made(PATH, asks(four.rowan, capacity="parental_responsibility"))
    assert made["request"]["status"] == "open"


async def test_the_pdf_reads_the_same_and_is_tagged(room: Room) -> None:
    four = await a_family_of_four(room)
    await seal_the_refuge(room, four)
    answer = await room[DPO].get(f"{await released(room, four)}/export", params={"format": "pdf"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF-")
    assert b"/MarkInfo" in answer.content


async def test_only_oversight_handles_requests_and_somebody_unknown_does_not_exist(room: Room) -> None:
    four = await a_family_of_four(room)
    partner = await room[EARLY_HELP].post(PATH, asks(four.father))
    assert (partner.status_code, partner.json()["type"]) == (403, "/problems/scope-missing")
    unknown = await room[DPO].post(PATH, asks(uuid4()))
    assert unknown.status_code == 404
    assert (await room[DPO].get(f"{PATH}/{uuid4()}")).status_code == 404
    bare = {"authorization": f"Bearer {await room[DPO].token()}", "idempotency-key": str(uuid4())}
    nobody = await room[DPO].http.post(PATH, json=asks(four.father), headers=bare)
    assert (nobody.status_code, nobody.json()["type"]) == (400, "/problems/practitioner-missing")
