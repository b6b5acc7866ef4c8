"""Two who may decide say different things: nothing is in force until a named person resolves it."""

import asyncio

from deploy.demo.partnership import DPO, EARLY_HELP, HILLTOP, HOUSING, OAKFIELD
from tests.gateway.accounts import known_twice
from tests.gateway.deciding import FATHER, body, decided, refused, sees, step
from tests.gateway.disagreeing import COLLEAGUE, SHARE, disagreements, refuses, told, worked_with_by_both
from tests.people import Room, a_family, share


async def test_a_refusal_by_the_other_parent_takes_an_agreement_out_of_force(room: Room) -> None:
    family = await worked_with_by_both(room)
    agreement = await decided(room[OAKFIELD], family, HOUSING.id)
    refusal = await refuses(room[EARLY_HELP], family)
    assert not await sees(room[HOUSING], family)
    for side in (OAKFIELD, EARLY_HELP):
        [found] = await disagreements(room[side], family)
        assert (found["agreement"]["decision"], found["refusal"]["decision"]) == (agreement, refusal)
        assert (found["agreement"]["giver"], found["refusal"]["giver"]) == ("Robin Synthetic", "Jo Synthetic")
        assert found["categories"] == ["family_household"]
    assert await disagreements(room[HOUSING], family) == []


async def test_an_agreement_after_the_refusal_is_not_in_force_either(room: Room) -> None:
    family = await a_family(room)
    await refuses(room[OAKFIELD], family)
    await decided(room[OAKFIELD], family, HOUSING.id)
    assert not await sees(room[HOUSING], family)
    assert len(await disagreements(room[OAKFIELD], family)) == 1


async def test_what_they_do_not_differ_about_stays_shared(room: Room) -> None:
    family = await a_family(room)
    await decided(room[OAKFIELD], family, HOUSING.id, categories=["family_household", "existence"])
    await refuses(room[OAKFIELD], family, categories=["existence"])
    assert await sees(room[HOUSING], family)


async def test_what_rests_on_a_duty_stands(room: Room) -> None:
    family = await a_family(room)
    duty = {"basis": "statutory_duty", "giver": None, "detriment_test": "Not knowing is worse for them."}
    await decided(room[OAKFIELD], family, HOUSING.id, **duty)
    await refuses(room[OAKFIELD], family)
    assert await sees(room[HOUSING], family)
    assert await disagreements(room[OAKFIELD], family) == []


async def test_a_refusal_for_a_type_of_agency_reaches_each_of_them(room: Room) -> None:
    family = await a_family(room)
    await decided(room[OAKFIELD], family, HOUSING.id)
    await refuses(room[OAKFIELD], family, "type:housing")
    assert not await sees(room[HOUSING], family)


async def test_a_change_of_mind_ends_the_disagreement(room: Room) -> None:
    family = await a_family(room)
    await decided(room[OAKFIELD], family, HOUSING.id)
    refusal = await refuses(room[OAKFIELD], family)
    agrees = {"reason": "He thought again.", "decision": body(family, HOUSING.id, giver=FATHER)}
    await room[OAKFIELD].made(step(refusal, "supersede"), agrees)
    assert await sees(room[HOUSING], family)
    assert await disagreements(room[OAKFIELD], family) == []


async def test_it_cannot_be_raced(room: Room) -> None:
    for _ in range(5):
        family = await worked_with_by_both(room)
        await asyncio.gather(decided(room[OAKFIELD], family, HOUSING.id), refuses(room[EARLY_HELP], family))
        assert not await sees(room[HOUSING], family)
        assert len(await disagreements(room[OAKFIELD], family)) == 1


async def test_explains_that_they_differ_and_what_was_refused(room: Room) -> None:
    family = await worked_with_by_both(room)
    await decided(room[EARLY_HELP], family, HOUSING.id)
    await refuses(room[EARLY_HELP], family)
    asked = {"agency": HOUSING.id, "subject": str(family.household), "category": "family_household"}
    said = (await room[EARLY_HELP].get("/sharing/explain", params=asked)).json()
    assert said["visible"] is False
    assert [reason["why"] for reason in said["reasons"]] == ["disputed", "refused"]


async def test_whoever_recorded_each_side_is_told_at_once_and_of_the_end_of_it(room: Room) -> None:
    family = await worked_with_by_both(room)
    await decided(room[OAKFIELD], family, HOUSING.id)
    await refuses(room[EARLY_HELP], family)
    [found] = await disagreements(room[OAKFIELD], family)
    for side in (OAKFIELD, EARLY_HELP):
        assert await told(room[side], found["conflict"]) == {("sharing.conflict", "p-1")}
    assert await told(room[HOUSING], found["conflict"]) == set()
    said = {"outcome": "share", "reason": "We heard both."}
    await room[EARLY_HELP].made(f"/sharing/conflicts/{found['conflict']}/resolve", said, headers=COLLEAGUE)
    for side in (OAKFIELD, EARLY_HELP):
        assert await told(room[side], found["conflict"]) == {
            ("sharing.conflict", "p-1"),
            ("sharing.conflict_resolved", "p-1"),
        }


async def test_a_refusal_tells_nobody_that_another_works_with_the_child(room: Room) -> None:
    """Hilltop knows the UPN. What it refuses is held back; what others agreed to, it does not learn."""
    child, who = await known_twice(room), ["identity_contact"]
    agreement = await share(room[OAKFIELD], HOUSING, [child.id], who)
    await share(room[HILLTOP], HOUSING, [child.id], who, event="refused", given_by=None, giver=FATHER)
    assert await child.seen_by(room[HOUSING]) == set()
    asked = {"subject": str(child.id)}
    for side in (HILLTOP, OAKFIELD):
        assert (await room[side].get("/sharing/conflicts", params=asked)).json()["conflicts"] == []
    [found] = (await room[DPO].get("/sharing/conflicts", params=asked)).json()["conflicts"]
    assert found["agreement"]["decision"] == agreement
    for side in (HILLTOP, OAKFIELD):
        assert await told(room[side], found["conflict"]) == set()
        path = f"/sharing/conflicts/{found['conflict']}/resolve"
        assert await refused(room[side], path, SHARE) == (404, "not-found")
    await room[DPO].made(path, SHARE, headers=COLLEAGUE)
    assert await child.seen_by(room[HOUSING]) == {OAKFIELD.id}


async def test_each_who_is_in_a_disagreement_was_looked_at(room: Room) -> None:
    family = await a_family(room)
    both = [str(family.household), str(family.parent)]
    await decided(room[OAKFIELD], family, HOUSING.id, subjects=both)
    await refuses(room[OAKFIELD], family, subjects=both)
    await room[DPO].get("/sharing/conflicts", params={"subject": both[0]})
    for subject in both:
        looks = (await room[DPO].get("/disclosures", params={"subject": subject})).json()["disclosures"]
        assert "gateway GET /sharing/conflicts" in {look["operation"] for look in looks}
