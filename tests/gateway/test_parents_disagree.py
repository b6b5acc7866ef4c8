"""Two who may decide say different things: nothing is in force until a named person resolves it."""

import asyncio
from typing import Any

from deploy.demo.partnership import EARLY_HELP, HOUSING, OAKFIELD, POLICE
from tests.gateway.deciding import (
    FATHER,
    body,
    decided,
    known_to_early_help,
    refused,
    sees,
    step,
)
from tests.people import Family, Partner, Room, a_family


async def refuses(by: Partner, family: Family, agency: str = HOUSING.id, **more: Any) -> str:
    """The father's refusal."""
    return await decided(by, family, agency, event="refused", giver=FATHER, **more)


async def disagreements(by: Partner, family: Family) -> list[dict[str, Any]]:
    """What waits for a person."""
    asked = {"subject": str(family.household), "open": "true"}
    answer = await by.get("/sharing/conflicts", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()["conflicts"]


async def test_a_refusal_by_the_other_parent_takes_an_agreement_out_of_force(room: Room) -> None:
    family = await known_to_early_help(room)
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


async def test_a_named_person_resolves_it_with_reasons(room: Room) -> None:
    family = await a_family(room)
    await decided(room[OAKFIELD], family, HOUSING.id)
    await refuses(room[OAKFIELD], family)
    [found] = await disagreements(room[OAKFIELD], family)
    path = f"/sharing/conflicts/{found['conflict']}/resolve"
    said = {"outcome": "share", "reason": "We heard both; he agrees for this."}
    nobody = await room[OAKFIELD].post(path, said, headers={"practitioner": ""})
    assert nobody.status_code == 400
    assert await refused(room[POLICE], path, said) == (404, "not-found")
    assert await refused(room[HOUSING], path, said) == (404, "not-found")
    await room[OAKFIELD].made(path, said)
    assert await sees(room[HOUSING], family)
    assert await disagreements(room[OAKFIELD], family) == []
    assert await refused(room[OAKFIELD], path, said) == (409, "conflict-already-resolved")


async def test_a_resolution_not_to_share_keeps_it_hidden(room: Room) -> None:
    family = await a_family(room)
    await decided(room[OAKFIELD], family, HOUSING.id)
    await refuses(room[OAKFIELD], family)
    [found] = await disagreements(room[OAKFIELD], family)
    said = {"outcome": "do_not_share", "reason": "We heard both."}
    await room[OAKFIELD].made(f"/sharing/conflicts/{found['conflict']}/resolve", said)
    assert not await sees(room[HOUSING], family)
    page = await room[OAKFIELD].get("/sharing/conflicts", params={"subject": str(family.household)})
    [resolved] = page.json()["conflicts"]
    assert (resolved["open"], resolved["resolution"]["outcome"]) == (False, "do_not_share")


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
        family = await known_to_early_help(room)
        await asyncio.gather(decided(room[OAKFIELD], family, HOUSING.id), refuses(room[EARLY_HELP], family))
        assert not await sees(room[HOUSING], family)
        assert len(await disagreements(room[OAKFIELD], family)) == 1


async def test_explains_that_they_differ_and_what_was_refused(room: Room) -> None:
    family = await known_to_early_help(room)
    await decided(room[EARLY_HELP], family, HOUSING.id)
    await refuses(room[EARLY_HELP], family)
    asked = {"agency": HOUSING.id, "subject": str(family.household), "category": "family_household"}
    said = (await room[EARLY_HELP].get("/sharing/explain", params=asked)).json()
    assert said["visible"] is False
    assert [reason["why"] for reason in said["reasons"]] == ["disputed", "refused"]


async def told(by: Partner, conflict: str) -> set[tuple[str, str | None]]:
    """What an agency's people are told of a disagreement."""
    inbox = (await by.get("/notices", params={"limit": 100})).json()["notices"]
    return {(one["kind"], one["practitioner"]) for one in inbox if one["about"] == conflict}


async def test_whoever_recorded_each_side_is_told_at_once_and_of_the_end_of_it(room: Room) -> None:
    family = await known_to_early_help(room)
    await decided(room[OAKFIELD], family, HOUSING.id)
    await refuses(room[EARLY_HELP], family)
    [found] = await disagreements(room[OAKFIELD], family)
    for side in (OAKFIELD, EARLY_HELP):
        assert await told(room[side], found["conflict"]) == {("sharing.conflict", "p-1")}
    assert await told(room[HOUSING], found["conflict"]) == set()
    said = {"outcome": "share", "reason": "We heard both."}
    await room[OAKFIELD].made(f"/sharing/conflicts/{found['conflict']}/resolve", said)
    assert await told(room[EARLY_HELP], found["conflict"]) == {
        ("sharing.conflict", "p-1"),
        ("sharing.conflict_resolved", "p-1"),
    }
    assert await told(room[OAKFIELD], found["conflict"]) == {("sharing.conflict", "p-1")}
