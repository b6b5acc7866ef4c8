"""Restriction of processing and objection: everything is kept, and nobody but oversight sees it."""

from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from deploy.demo.partner import Partner
from deploy.demo.partnership import DPO, EARLY_HELP, MASH, OAKFIELD
from hub.sharing import Category
from tests.people import Family, Room, a_family, share

PATH = "/rights/restrictions"


async def shared_family(room: Room) -> Family:
    """A family that the early help team sees everything of."""
    family = await a_family(room)
    everybody = [family.household, family.child, family.parent]
    await share(room[OAKFIELD], EARLY_HELP, everybody, [each.value for each in Category])
    return family


def wanted(family: Family, **more: Any) -> dict[str, Any]:
    """The mother asks that nothing is done with the records for now."""
    subjects = [str(one) for one in (family.household, family.child, family.parent)]
    return {"subjects": subjects, "asked_by": "Robin Synthetic", "reason": "It is contested.", **more}


@pytest.mark.parametrize("right", ["restriction", "objection"])
async def test_is_404_to_partners_the_author_too_and_visible_to_oversight(room: Room, right: str) -> None:
    family = await shared_family(room)
    paths = (
        f"/referral/people/{family.child}",
        f"/referral/households/{family.household}/case",
        f"/disclosures?subject={family.household}",
        f"/disclosures/for-the-family?subject={family.household}",
    )
    made = await room[DPO].made(PATH, wanted(family, right=right))
    for partner in (room[OAKFIELD], room[EARLY_HELP]):
        for path in paths:
            answer = await partner.get(path)
            assert answer.status_code == 404 or answer.json()["type"] == "/problems/scope-missing", path
    unknown = await room[EARLY_HELP].get(f"/referral/people/{uuid4()}")
    assert (await room[EARLY_HELP].get(paths[0])).content == unknown.content
    for path in (*paths[:2], paths[3]):
        assert (await room[DPO].get(path)).status_code == 200, path
    await room[DPO].made(f"{PATH}/{made['restriction']}/lift", {"reason": "It is settled."})
    for path in paths:
        assert (await room[EARLY_HELP].get(path)).status_code == 200, path


async def test_a_decision_to_share_made_afterwards_opens_nothing(room: Room) -> None:
    family = await shared_family(room)
    await room[DPO].made(PATH, wanted(family))
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["identity_contact"], reason="Once more.")
    assert (await room[EARLY_HELP].get(f"/referral/people/{family.child}")).status_code == 404


async def test_only_oversight_restricts_processing_and_lifts_it(room: Room) -> None:
    family = await shared_family(room)
    refused = await room[EARLY_HELP].post(PATH, wanted(family))
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/scope-missing")
    made = await room[DPO].made(PATH, wanted(family))
    lift = f"/sharing/restrictions/{made['restriction']}/lift"
    assert (await room[OAKFIELD].post(lift, {"reason": "We need it."})).status_code == 404


async def test_what_a_school_sends_meanwhile_is_stored_and_answered_like_anything_else(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family = await shared_family(room)
    school = room[OAKFIELD]
    concern: dict[str, Any] = {
        "upn": family.upn,
        "external_id": f"before-{family.upn}",
        "kind": "welfare",
        "narrative": "Synthetic.",
        "occurred_at": "2026-11-02T09:00:00Z",
    }
    before = await school.made("/referral/concerns", concern)
    await room[DPO].made(PATH, wanted(family))
    again = await school.post("/referral/concerns", concern)
    assert (again.status_code, again.json()) == (201, before)
    after = await school.post("/referral/concerns", {**concern, "external_id": f"after-{family.upn}"})
    assert (after.status_code, after.json()["person"]) == (201, str(family.child))
    registered = await school.post(
        "/referral/people",
        {
            "upn": family.upn,
            "given_name": "Sky",
            "family_name": "Renamed",
            "date_of_birth": "2016-05-04",
            "address": {"lines": ["2 Example Street"], "postcode": "BS5 6AA"},
        },
    )
    assert registered.status_code == 201
    kept = "select count(*) from referral.concern where subject = $1"
    assert await administrator.fetchval(kept, family.child) == 2
    assert (await school.get(f"/referral/concerns/{after.json()['concern']}")).status_code == 404
    assert (await school.get(f"/referral/people/{family.child}")).status_code == 404


def noticed(family: Family, number: str = "1") -> dict[str, Any]:
    """What a school notices about the child."""
    return {
        "upn": family.upn,
        "external_id": f"{number}-{family.upn}",
        "kind": "welfare",
        "narrative": "Synthetic.",
        "occurred_at": "2026-11-02T09:00:00Z",
    }


async def told(by: Partner, concern: str) -> list[str]:
    """What an agency's people are told about a concern."""
    notices = (await by.get("/notices", params={"limit": 100})).json()["notices"]
    return [one["kind"] for one in notices if one["about"] == concern]


async def test_a_concern_that_comes_in_meanwhile_is_told_to_oversight_and_to_nobody_else(room: Room) -> None:
    family, other = await shared_family(room), await a_family(room)
    school = room[OAKFIELD]
    before = (await school.made("/referral/concerns", noticed(family)))["concern"]
    made = await room[DPO].made(PATH, wanted(family))
    unseen = (await school.made("/referral/concerns", noticed(family, "2")))["concern"]
    again = (await school.made("/referral/concerns", noticed(family, "2")))["concern"]
    elsewhere = (await school.made("/referral/concerns", noticed(other)))["concern"]
    assert (again, await told(room[DPO], unseen)) == (unseen, ["concern.while_restricted"])
    for one in (before, elsewhere):
        assert await told(room[DPO], one) == []
    for partner in (school, room[EARLY_HELP], room[MASH]):
        assert await told(partner, unseen) == []
    shown = await room[DPO].get(f"/referral/concerns/{unseen}")
    assert shown.status_code == 200, shown.text
    assert "Synthetic." in shown.text
    assert (await school.get(f"/referral/concerns/{unseen}")).status_code == 404
    await room[DPO].made(f"{PATH}/{made['restriction']}/lift", {"reason": "A child may be at risk."})
    assert (await room[EARLY_HELP].get(f"/referral/people/{family.child}")).status_code == 200
    assert (await school.get(f"/referral/concerns/{unseen}")).status_code == 200
    after = (await school.made("/referral/concerns", noticed(family, "3")))["concern"]
    assert await told(room[DPO], after) == []


async def test_each_concern_of_a_file_that_comes_in_meanwhile_is_told(room: Room) -> None:
    family = await shared_family(room)
    await room[DPO].made(PATH, wanted(family))
    lines = [f"{number}-{family.upn},{family.upn},2026-11-19T10:40,welfare,Synthetic." for number in (1, 2)]
    file = "\r\n".join(["external_id,upn,occurred_at,category,narrative", *lines])
    sent = await room[OAKFIELD].ask(
        "POST", "/referral/concerns/batch", content=file, headers={"content-type": "text/csv"}
    )
    assert sent.status_code == 200, sent.text
    for line in sent.json()["received"]:
        assert await told(room[DPO], line["concern"]) == ["concern.while_restricted"]
    assert sent.json()["counts"]["received"] == 2


async def test_the_notice_comes_with_the_concern_or_not_at_all(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family = await shared_family(room)
    await room[DPO].made(PATH, wanted(family))
    came = "select count(*) from hub.notice where kind = 'concern.while_restricted'"
    before = await administrator.fetchval(came)
    key = {"idempotency-key": str(uuid4())}
    first = await room[OAKFIELD].made("/referral/concerns", noticed(family), headers=key)
    assert await room[OAKFIELD].made("/referral/concerns", noticed(family), headers=key) == first
    refused = await room[OAKFIELD].post("/referral/concerns", {**noticed(family, "2"), "kind": "gossip"})
    assert refused.status_code == 422
    assert await administrator.fetchval(came) == before + 1
