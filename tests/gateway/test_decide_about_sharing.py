"""Sharing decisions through the front door: recorded, listed, withdrawn, restricted, lifted."""

from typing import Any
from uuid import uuid4

from deploy.demo.partnership import HOUSING, OAKFIELD, POLICE
from tests.pages import every
from tests.people import Family, Partner, Room, a_family, share


async def decisions_about(partner: Partner, family: Family, **more: Any) -> dict[str, Any]:
    """A page of the decisions about a household."""
    asked = {"subject": str(family.household), **more}
    answer = await partner.get("/sharing/decisions", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def sees(partner: Partner, family: Family) -> bool:
    """Whether the case is there for somebody."""
    return (await partner.get(f"/referral/households/{family.household}/case")).status_code == 200


async def test_a_decision_takes_effect_on_the_next_read(room: Room) -> None:
    family = await a_family(room)
    assert not await sees(room[HOUSING], family)
    await share(room[OAKFIELD], HOUSING, [family.household], ["family_household"])
    assert await sees(room[HOUSING], family)


async def test_a_withdrawal_takes_effect_on_the_next_read(room: Room) -> None:
    family = await a_family(room)
    decision = await share(room[OAKFIELD], HOUSING, [family.household], ["family_household"])
    answer = await room[OAKFIELD].post(f"/sharing/decisions/{decision}/withdraw", {"reason": "Changed mind."})
    assert (answer.status_code, answer.content) == (204, b"")
    assert not await sees(room[HOUSING], family)


async def test_a_restriction_wins_until_it_is_lifted(room: Room) -> None:
    family = await a_family(room)
    school = room[OAKFIELD]
    await share(school, HOUSING, [family.household], ["family_household"])
    restriction = {
        "hidden_from": HOUSING.id,
        "subjects": [str(family.household)],
        "categories": ["family_household"],
        "reason": "A relative works there.",
    }
    made = await school.made("/sharing/restrictions", restriction)
    assert not await sees(room[HOUSING], family)
    answer = await school.post(f"/sharing/restrictions/{made['restriction']}/lift", {"reason": "They left."})
    assert answer.status_code == 204
    assert await sees(room[HOUSING], family)


async def test_lists_decisions_newest_first_with_how_they_ended(room: Room) -> None:
    family = await a_family(room)
    school = room[OAKFIELD]
    first = await share(school, HOUSING, [family.household], ["family_household"])
    await share(school, POLICE, [family.household, family.child], ["existence"], share=False)
    await school.made(f"/sharing/decisions/{first}/withdraw", {"reason": "Changed mind."})
    newest, oldest = (await decisions_about(school, family))["decisions"]
    assert (newest["event"], newest["agency"], newest["ended"]) == ("not_shared", POLICE.id, None)
    assert (oldest["decision"], oldest["categories"]) == (first, ["family_household"])
    assert (oldest["ended"]["event"], oldest["ended"]["reason"]) == ("withdrawn", "Changed mind.")


async def test_pages_through_decisions_without_repeating_one(room: Room) -> None:
    family = await a_family(room)
    made = [await share(room[OAKFIELD], HOUSING, [family.household], ["existence"]) for _ in range(5)]
    asked = {"subject": str(family.household), "limit": 2}
    found = await every(room[OAKFIELD], "/sharing/decisions", "decisions", **asked)
    assert [one["decision"] for one in found] == made[::-1]


async def test_shows_a_decision_to_the_agency_it_is_for_and_to_no_third(room: Room) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], HOUSING, [family.household], ["existence"])
    assert len((await decisions_about(room[HOUSING], family))["decisions"]) == 1
    assert (await decisions_about(room[POLICE], family))["decisions"] == []


async def test_does_not_list_a_restriction_for_the_agency_it_is_against(room: Room) -> None:
    family = await a_family(room)
    restriction = {
        "hidden_from": HOUSING.id,
        "subjects": [str(family.household)],
        "categories": ["home_address"],
        "reason": "A relative works there.",
    }
    await room[OAKFIELD].made("/sharing/restrictions", restriction)
    assert (await decisions_about(room[HOUSING], family))["decisions"] == []
    assert len((await decisions_about(room[OAKFIELD], family))["decisions"]) == 1


async def test_nobody_else_can_withdraw_a_decision_or_learn_that_it_exists(room: Room) -> None:
    family = await a_family(room)
    decision = await share(room[OAKFIELD], HOUSING, [family.household], ["existence"])
    answers = [
        await room[POLICE].post(f"/sharing/decisions/{which}/withdraw", {"reason": "No."})
        for which in (decision, uuid4())
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content


async def test_an_agency_that_is_not_involved_decides_nothing(room: Room) -> None:
    family = await a_family(room)
    body = {
        "agency": POLICE.id,
        "subjects": [str(family.household)],
        "categories": ["existence"],
        "purpose": "early_help",
        "basis": "agreement",
        "given_by": "Somebody",
        "reason": "Because.",
    }
    answer = await room[HOUSING].post("/sharing/decisions", body)
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-involved")


async def test_says_which_field_of_a_decision_is_wrong(room: Room) -> None:
    answer = await room[OAKFIELD].post("/sharing/decisions", {"agency": HOUSING.id, "categories": ["gossip"]})
    assert answer.status_code == 422
    pointers = {error["pointer"] for error in answer.json()["errors"]}
    assert {"/categories/0", "/subjects", "/purpose", "/basis", "/reason"} <= pointers


async def test_a_repeated_decision_is_recorded_once(room: Room) -> None:
    family = await a_family(room)
    body = {
        "agency": HOUSING.id,
        "subjects": [str(family.household)],
        "categories": ["existence"],
        "purpose": "early_help",
        "basis": "agreement",
        "given_by": "Robin Synthetic, mother",
        "reason": "The family asked for help together.",
    }
    headers = {"idempotency-key": str(uuid4())}
    first = await room[OAKFIELD].post("/sharing/decisions", body, headers=headers)
    second = await room[OAKFIELD].post("/sharing/decisions", body, headers=headers)
    assert (first.status_code, second.status_code, first.json()) == (201, 201, second.json())
    assert len((await decisions_about(room[OAKFIELD], family))["decisions"]) == 1
