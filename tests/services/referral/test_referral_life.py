"""The life of a referral through the front door: who may make which step, and who learns of it."""

import asyncio
from typing import Any

import httpx
import pytest

from deploy.demo.partnership import EARLY_HELP, HOUSING, MASH, OAKFIELD, POLICE
from tests.people import Family, Room, a_family

AMBER: dict[str, Any] = {
    "rag": "amber",
    "level_of_need": 2,
    "outcome": "early_help",
    "rationale": "Several unmet needs.",
}


async def submitted(room: Room, **more: Any) -> tuple[Family, str]:
    """A referral by the school to the MASH."""
    family = await a_family(room)
    referral = await room[OAKFIELD].made("/referral/referrals", request_of(family, **more))
    return family, referral["referral"]["referral"]


def request_of(family: Family, **more: Any) -> dict[str, Any]:
    """The school asks the MASH for help."""
    return {
        "household": str(family.household),
        "children": [str(family.child)],
        "receiver": MASH.id,
        "reason": "The family asks for help.",
        "family_aware": True,
        "sharing": {"basis": "agreement", "given_by": "Robin Synthetic, mother", "reason": "She asked."},
        **more,
    }


async def step(room: Room, referral: str, verb: str, agency: Any = MASH, **body: Any) -> httpx.Response:
    """One step, whatever the answer."""
    return await room[agency].post(f"/referral/referrals/{referral}/{verb}", body or None)


async def test_the_receiver_sees_asubmitted_referral_and_nobody_else_does(room: Room) -> None:
    family, referral = await submitted(room)
    assert (await room[MASH].get(f"/referral/referrals/{referral}")).status_code == 200
    assert (await room[MASH].get(f"/referral/households/{family.household}/case")).status_code == 200
    for agency in (POLICE, HOUSING, EARLY_HELP):
        assert (await room[agency].get(f"/referral/referrals/{referral}")).status_code == 404


async def test_the_referrer_learns_the_outcome_but_not_the_rationale(room: Room) -> None:
    _, referral = await submitted(room)
    await step(room, referral, "triage", **AMBER, feedback="Accepted.")
    seen = (await room[OAKFIELD].get(f"/referral/referrals/{referral}")).json()
    assert [(m["status"], m["feedback"]) for m in seen["moves"]] == [
        ("submitted", None),
        ("early_help", "Accepted."),
    ]
    assert seen["triage"] == []


async def test_passing_on_shows_the_case_to_the_next_agency(room: Room) -> None:
    family, referral = await submitted(room)
    sharing = {"basis": "agreement", "given_by": "Robin Synthetic, mother", "reason": "She agreed."}
    await step(room, referral, "triage", **AMBER, passed_to=EARLY_HELP.id, sharing=sharing)
    case = await room[EARLY_HELP].get(f"/referral/households/{family.household}/case")
    assert case.json()["referrals"][0]["status"] == "early_help"


async def test_a_case_steps_up_and_down(room: Room) -> None:
    _, referral = await submitted(room)
    await step(room, referral, "triage", **AMBER)
    up = await step(room, referral, "step-up", feedback="Risk has grown.")
    down = await step(room, referral, "step-down", feedback="Safe again.")
    assert (up.json()["referral"]["status"], down.json()["referral"]["status"]) == (
        "social_care",
        "early_help",
    )


async def test_a_red_referral_is_never_queued_as_early_help(room: Room) -> None:
    _, referral = await submitted(room)
    answer = await step(room, referral, "triage", **{**AMBER, "rag": "red"})
    assert answer.json()["type"] == "/problems/red-means-protection"


async def test_a_return_says_why_and_what_to_do_next(room: Room) -> None:
    _, referral = await submitted(room)
    answer = await step(room, referral, "triage", **{**AMBER, "outcome": "returned"})
    assert answer.json()["type"] == "/problems/return-needs-a-reason"


async def test_a_referrer_does_not_decide_its_own_referral(room: Room) -> None:
    family = await a_family(room, EARLY_HELP)
    referral = await room[EARLY_HELP].made("/referral/referrals", request_of(family))
    answer = await step(room, referral["referral"]["referral"], "triage", EARLY_HELP, **AMBER)
    assert answer.json()["type"] == "/problems/only-the-receiver-decides"


async def test_only_the_referrer_withdraws(room: Room) -> None:
    _, referral = await submitted(room)
    assert (await step(room, referral, "withdraw", MASH, feedback="No.")).status_code == 403
    answer = await step(room, referral, "withdraw", OAKFIELD, feedback="The family changed its mind.")
    assert answer.json()["referral"]["status"] == "withdrawn"


async def test_a_decided_referral_is_not_decided_again(room: Room) -> None:
    _, referral = await submitted(room)
    await step(room, referral, "triage", **AMBER)
    answer = await step(room, referral, "triage", **AMBER)
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/move-not-allowed"


async def test_of_two_decisions_at_once_one_wins(room: Room) -> None:
    _, referral = await submitted(room)
    answers = await asyncio.gather(*(step(room, referral, "triage", **AMBER) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409, 409]


async def test_a_child_of_another_family_cannot_be_referred_along(room: Room) -> None:
    family, other = await a_family(room), await a_family(room)
    answer = await room[OAKFIELD].post(
        "/referral/referrals", {**request_of(family), "children": [str(other.child)]}
    )
    assert answer.json()["errors"][0]["pointer"] == "/children"


async def test_silence_towards_the_family_needs_a_reason(room: Room) -> None:
    family = await a_family(room)
    answer = await room[OAKFIELD].post("/referral/referrals", request_of(family, family_aware=False))
    assert answer.json()["type"] == "/problems/family-not-informed-needs-a-reason"


async def test_an_agreement_without_a_giver_is_refused_and_nothing_is_stored(room: Room) -> None:
    family = await a_family(room)
    answer = await room[OAKFIELD].post(
        "/referral/referrals", request_of(family, sharing={"basis": "agreement", "reason": "She asked."})
    )
    assert answer.json()["type"] == "/problems/agreement-needs-a-giver"
    case = (await room[OAKFIELD].get(f"/referral/households/{family.household}/case")).json()
    assert case["referrals"] == []


@pytest.mark.parametrize("reason", ["ok", "x" * 2001, " a "])
async def test_why_it_is_shared_has_the_length_that_every_decision_s_reason_has(
    room: Room, reason: str
) -> None:
    sharing = {"basis": "agreement", "given_by": "Robin Synthetic, mother", "reason": reason}
    asked = await room[OAKFIELD].post(
        "/referral/referrals", request_of(await a_family(room), sharing=sharing)
    )
    _, referral = await submitted(room)
    passed_on = await step(
        room, referral, "triage", **AMBER, feedback="Accepted.", passed_to=EARLY_HELP.id, sharing=sharing
    )
    for answer in (asked, passed_on):
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.json()["errors"]] == ["/sharing/reason"]


@pytest.mark.parametrize("receiver", ["a", "a" * 64])
async def test_a_receiver_is_what_an_agency_can_be_called(room: Room, receiver: str) -> None:
    answer = await room[OAKFIELD].post(
        "/referral/referrals", request_of(await a_family(room), receiver=receiver)
    )
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/receiver"]
