"""A family takes back what it agreed to, with any agency that works with it; nobody else ends it."""

from deploy.demo.partnership import EARLY_HELP, HILLTOP, HOUSING, MASH, OAKFIELD
from tests.gateway.deciding import FATHER, body, decided, history, known_to_early_help, refused, sees, step
from tests.people import Room, a_family

WHY = {"reason": "They talked it through."}


async def test_a_family_tells_any_agency_that_works_with_it_that_it_withdraws(room: Room) -> None:
    family = await known_to_early_help(room)
    decision = await decided(room[OAKFIELD], family, HOUSING.id)
    answer = await room[EARLY_HELP].post(step(decision, "withdraw"), {"reason": "She rang us."})
    assert (answer.status_code, answer.content) == (204, b"")
    assert not await sees(room[HOUSING], family)
    last = (await history(room[OAKFIELD], decision))["history"][-1]
    assert (last["event"], last["recorded_by"], last["reason"]) == (
        "withdrawn",
        EARLY_HELP.id,
        "She rang us.",
    )


async def test_what_rests_on_a_duty_is_not_withdrawn_by_a_third_agency(room: Room) -> None:
    family = await known_to_early_help(room)
    duty = {"basis": "safeguarding", "giver": None, "detriment_test": "Not knowing is worse for them."}
    decision = await decided(room[OAKFIELD], family, HOUSING.id, **duty)
    answer = await refused(room[EARLY_HELP], step(decision, "withdraw"), {"reason": "She rang us."})
    assert answer == (404, "not-found")
    assert await sees(room[HOUSING], family)


async def test_withdrawing_twice_is_as_good_as_once(room: Room) -> None:
    family = await a_family(room)
    decision = await decided(room[OAKFIELD], family, HOUSING.id)
    for _ in range(2):
        await room[OAKFIELD].made(step(decision, "withdraw"), {"reason": "Changed her mind."})
    events = [one["event"] for one in (await history(room[OAKFIELD], decision))["history"]]
    assert events == ["given", "withdrawn"]


async def test_another_parent_does_not_withdraw_what_one_agreed_to(room: Room) -> None:
    family = await a_family(room)
    decision = await decided(room[OAKFIELD], family, HOUSING.id)
    said = {"reason": "He does not want it.", "said_by": {"name": FATHER["name"]}}
    assert await refused(room[OAKFIELD], step(decision, "withdraw"), said) == (
        409,
        "only-the-giver-takes-back",
    )
    instead = {**WHY, "decision": body(family, HOUSING.id, giver=FATHER, categories=["existence"])}
    assert await refused(room[OAKFIELD], step(decision, "supersede"), instead) == (
        409,
        "only-the-giver-takes-back",
    )
    assert await sees(room[HOUSING], family)


async def test_a_decision_for_a_type_of_agency_reaches_each_of_them(room: Room) -> None:
    family = await known_to_early_help(room)
    decision = await decided(room[EARLY_HELP], family, "type:school")
    assert await sees(room[HILLTOP], family)
    assert (await history(room[HILLTOP], decision))["decision"]["agency"] == "type:school"
    assert not await sees(room[MASH], family)
    await room[HILLTOP].made(step(decision, "withdraw"), {"reason": "They told us."})
    assert not await sees(room[HILLTOP], family)


async def test_one_of_a_type_does_not_end_for_all_of_it_what_no_agreement_is(room: Room) -> None:
    family = await known_to_early_help(room)
    duty = {"basis": "statutory_duty", "giver": None, "detriment_test": "Not knowing is worse for them."}
    decision = await decided(room[EARLY_HELP], family, "type:school", **duty)
    assert (await room[HILLTOP].get(f"/sharing/decisions/{decision}")).status_code == 200
    assert await refused(room[HILLTOP], step(decision, "withdraw"), WHY) == (403, "only-the-recorder-changes")
    assert await sees(room[HILLTOP], family)
