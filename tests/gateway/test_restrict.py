"""Restrictions over shares that stand: a person of an agency, everybody not named, a court's order."""

from typing import Any

import pytest

from deploy.demo.partnership import DPO, EARLY_HELP, HOUSING, NURSING, OAKFIELD, POLICE
from tests.people import Family, Room, a_family, share


async def _shared(room: Room) -> Family:
    family = await a_family(room)
    for agency in (EARLY_HELP, HOUSING, NURSING):
        await share(room[OAKFIELD], agency, [family.child], ["identity_contact", "home_address"])
    return family


async def _restrict(room: Room, family: Family, **more: Any) -> Any:
    body = {
        "subjects": [str(family.child)],
        "categories": ["home_address"],
        "reason": "The court said so.",
        **more,
    }
    return await room[OAKFIELD].post("/sharing/restrictions", body)


async def _sees_address(room: Room, agency: Any, family: Family, practitioner: str | None = "p-1") -> bool:
    headers = {"practitioner": practitioner} if practitioner else {}
    answer = await room[agency].get(f"/referral/people/{family.child}", headers=headers)
    assert answer.json()["identities"]
    return bool(answer.json()["addresses"])


async def test_hides_from_one_person_of_an_agency_and_not_from_the_others(room: Room) -> None:
    family = await _shared(room)
    made = await _restrict(room, family, hidden_from=HOUSING.id, practitioner="p-7")
    assert made.status_code == 201
    assert not await _sees_address(room, HOUSING, family, "p-7")
    assert await _sees_address(room, HOUSING, family, "p-1")
    assert await _sees_address(room, NURSING, family, "p-7")


@pytest.mark.parametrize(("named", "asking"), [("kim", "Kim"), ("KIM", "kim")])
async def test_hides_from_a_person_however_their_id_is_written(room: Room, named: str, asking: str) -> None:
    family = await _shared(room)
    await _restrict(room, family, hidden_from=HOUSING.id, practitioner=named)
    assert not await _sees_address(room, HOUSING, family, asking)
    explained = {"agency": HOUSING.id, "subject": str(family.child), "category": "home_address"}
    for person, answer in ((asking, False), (named, False), ("sam", True)):
        said = await room[DPO].get("/sharing/explain", params=explained | {"practitioner": person})
        assert said.json()["visible"] is answer


async def test_hides_from_everybody_but_those_named(room: Room) -> None:
    family = await _shared(room)
    made = await _restrict(room, family, **{"except": [EARLY_HELP.id]}, kind="professional_safety")
    seen = {agency.id: await _sees_address(room, agency, family) for agency in (EARLY_HELP, HOUSING, NURSING)}
    assert seen == {EARLY_HELP.id: True, HOUSING.id: False, NURSING.id: False}
    path = f"/sharing/restrictions/{made.json()['restriction']}/lift"
    assert (await room[OAKFIELD].post(path, {"reason": "It is over."})).status_code == 204
    assert await _sees_address(room, HOUSING, family)


async def test_a_share_given_later_does_not_undo_it(room: Room) -> None:
    family = await _shared(room)
    await _restrict(room, family, **{"except": []})
    await share(room[OAKFIELD], HOUSING, [family.child], ["home_address"])
    assert not await _sees_address(room, HOUSING, family)


async def test_records_an_order_with_its_reference_for_those_who_recorded_it(room: Room) -> None:
    family = await _shared(room)
    order = {"kind": "no_contact_order", "hidden_from": HOUSING.id}
    refused = await _restrict(room, family, **order)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/court-reference-missing")
    assert (await _restrict(room, family, **order, court_reference="NS26F00123")).status_code == 201
    ours = await room[OAKFIELD].get("/sharing/decisions", params={"subject": str(family.child)})
    theirs = await room[HOUSING].get("/sharing/decisions", params={"subject": str(family.child)})
    [order] = [one for one in ours.json()["decisions"] if one["event"] == "restricted"]
    assert (order["kind"], order["court_reference"], order["except"]) == (
        "no_contact_order",
        "NS26F00123",
        None,
    )
    assert "restricted" not in theirs.text


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"hidden_from": "northshire-housing", "except": []},
        {"except": [], "practitioner": "p-1"},
        {"hidden_from": "northshire-housing", "practitioner": "p 1"},
        {"hidden_from": "northshire-housing", "kind": "dislike"},
    ],
)
async def test_refuses_what_does_not_say_from_whom(room: Room, wrong: dict[str, Any]) -> None:
    family = await a_family(room)
    answer = await _restrict(room, family, **wrong)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/payload-not-valid")


async def test_names_no_agency_that_is_not_of_the_partnership(room: Room) -> None:
    family = await a_family(room)
    answer = await _restrict(room, family, **{"except": [POLICE.id, "nobody-at-all"]})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/agency-unknown")


async def test_each_whom_a_listed_restriction_is_about_was_looked_at(room: Room) -> None:
    family = await a_family(room)
    both = [str(family.child), str(family.parent)]
    body = {"hidden_from": HOUSING.id, "subjects": both, "categories": ["existence"], "reason": "Not safe."}
    await room[OAKFIELD].made("/sharing/restrictions", body)
    await room[OAKFIELD].get("/sharing/restrictions", params={"subject": both[0]})
    for subject in both:
        looks = (await room[DPO].get("/disclosures", params={"subject": subject})).json()["disclosures"]
        assert "gateway GET /sharing/restrictions" in {look["operation"] for look in looks}
