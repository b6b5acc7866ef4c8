"""Rectification: a correction reaches everybody who was shown what was wrong, and nobody else."""

from typing import Any
from uuid import UUID, uuid4

from deploy.demo.partnership import CHARITY, DPO, EARLY_HELP, HOUSING, OAKFIELD, POLICE
from tests.people import Family, Room, a_family, share

PATH = "/rights/corrections"


def wrong(family: Family, **more: Any) -> dict[str, Any]:
    """The family disputes what a record says of the child."""
    return {
        "subject": str(family.child),
        "category": "identity_contact",
        "record": str(uuid4()),
        "held_by": OAKFIELD.id,
        "disputed": "The birthday is wrong.",
        "correction": "She was born on 5 May 2016.",
        **more,
    }


async def received(room: Room, agency: Any, subject: UUID) -> list[dict[str, Any]]:
    """The corrections an agency finds about somebody."""
    answer = await room[agency].get(PATH, params={"for": agency.id})
    assert answer.status_code == 200, answer.text
    return [one for one in answer.json()["corrections"] if one["subject"] == str(subject)]


async def test_tells_everybody_who_was_shown_it_and_nobody_else(room: Room) -> None:
    family = await a_family(room)
    decisions = [
        await share(room[OAKFIELD], agency, [family.child], ["identity_contact"])
        for agency in (EARLY_HELP, HOUSING, CHARITY)
    ]
    for agency in (EARLY_HELP, HOUSING):
        assert (await room[agency].get(f"/referral/people/{family.child}")).status_code == 200
    withdrawn = await room[OAKFIELD].post(
        f"/sharing/decisions/{decisions[1]}/withdraw", {"reason": "They moved."}
    )
    assert withdrawn.status_code in (200, 204), withdrawn.text
    made = await room[DPO].made(PATH, wrong(family))
    told = {OAKFIELD.id, EARLY_HELP.id, HOUSING.id}
    assert set(made["correction"]["told"]) == told
    found = {
        agency.id: await received(room, agency, family.child) for agency in (OAKFIELD, EARLY_HELP, HOUSING)
    }
    assert [one["type"] for rows in found.values() for one in rows] == ["record.corrected"] * 3
    assert found[EARLY_HELP.id][0]["note"] == "She was born on 5 May 2016."
    # Housing may no longer see it: it learns which record to look at again, and not what is right.
    assert (found[HOUSING.id][0]["note"], found[HOUSING.id][0]["record"]) == (
        None,
        made["correction"]["record"],
    )
    assert await received(room, CHARITY, family.child) == []
    assert await received(room, POLICE, family.child) == []
    inbox = (await room[HOUSING].get("/notices")).json()["notices"]
    assert ("record.corrected", made["correction"]["correction"]) in [(n["kind"], n["about"]) for n in inbox]


async def test_an_agency_reads_its_own_corrections_only_and_oversight_everybody_s(room: Room) -> None:
    family = await a_family(room)
    await room[DPO].made(PATH, wrong(family))
    others = await room[HOUSING].get(PATH, params={"for": OAKFIELD.id})
    assert others.status_code == 404
    seen = await room[DPO].get(PATH, params={"for": OAKFIELD.id})
    assert str(family.child) in [one["subject"] for one in seen.json()["corrections"]]


async def test_only_oversight_records_a_correction_for_an_agency_of_the_partnership(room: Room) -> None:
    family = await a_family(room)
    refused = await room[OAKFIELD].post(PATH, wrong(family))
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/scope-missing")
    unknown = await room[DPO].post(PATH, wrong(family, held_by="nobody-we-know"))
    assert (unknown.status_code, unknown.json()["type"]) == (422, "/problems/agency-unknown")
