"""Two who may decide say different things: nothing is in force until a named person resolves it."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.demo.partnership import DPO, EARLY_HELP, HILLTOP, HOUSING, OAKFIELD, POLICE
from tests.gateway.accounts import known_twice
from tests.gateway.deciding import (
    FATHER,
    body,
    decided,
    known_to_early_help,
    refused,
    sees,
    step,
)
from tests.people import Family, Partner, Room, a_family, share

COLLEAGUE = {"practitioner": "p-2"}


async def worked_with_by_both(room: Room) -> Family:
    """A school's family that the early help team works with, and each knows of the other."""
    family = await known_to_early_help(room)
    await share(room[EARLY_HELP], OAKFIELD, [family.household], ["existence"])
    return family


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
    await room[OAKFIELD].made(path, said, headers=COLLEAGUE)
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


async def told(by: Partner, conflict: str) -> set[tuple[str, str | None]]:
    """What an agency's people are told of a disagreement."""
    inbox = (await by.get("/notices", params={"limit": 100})).json()["notices"]
    return {(one["kind"], one["practitioner"]) for one in inbox if one["about"] == conflict}


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


async def _resolving(room: Room, family: Family) -> str:
    """The path that resolves the one disagreement about a family."""
    [found] = await disagreements(room[OAKFIELD], family)
    return f"/sharing/conflicts/{found['conflict']}/resolve"


async def _recorded(by: Partner, person: str, said: dict[str, Any]) -> None:
    """A decision in the name of one person, or of nobody."""
    headers = {"authorization": f"Bearer {await by.token()}", "idempotency-key": str(uuid4())}
    named = {"practitioner": person} if person else {}
    answer = await by.http.post("/sharing/decisions", json=said, headers=headers | named)
    assert answer.status_code == 201, answer.text


SHARE = {"outcome": "share", "reason": "We heard both."}


@pytest.mark.parametrize(
    ("agreed", "refused_by"),
    [("p-1", "p-2"), ("p-2", "p-1"), ("P-1", "p-2"), ("", "p-2"), ("p-2", "")],
    ids=["the agreement", "the refusal", "in another spelling", "nobody was named", "nor there"],
)
async def test_whoever_recorded_a_side_does_not_resolve_it_to_share(
    room: Room, agreed: str, refused_by: str
) -> None:
    family, school = await a_family(room), room[OAKFIELD]
    await _recorded(school, agreed, body(family, HOUSING.id))
    await _recorded(school, refused_by, body(family, HOUSING.id, event="refused", giver=FATHER))
    path = await _resolving(room, family)
    assert await refused(school, path, SHARE) == (403, "resolved-by-one-side")
    assert not await sees(room[HOUSING], family)
    await school.made(path, {**SHARE, "outcome": "do_not_share"})


async def test_whoever_changed_the_agreement_recorded_it_too(room: Room) -> None:
    family, school = await a_family(room), room[OAKFIELD]
    agreement = await decided(school, family, HOUSING.id)
    varied = {"reason": "For longer.", "ends": "2027-10-01T00:00:00Z"}
    await school.made(step(agreement, "vary"), varied, headers=COLLEAGUE)
    await refuses(school, family)
    path = await _resolving(room, family)
    for person in ("p-1", "p-2"):
        answer = await school.post(path, SHARE, headers={"practitioner": person})
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/resolved-by-one-side")
    await school.made(path, SHARE, headers={"practitioner": "p-3"})
    assert await sees(room[HOUSING], family)


async def test_the_side_that_recorded_the_agreement_does_not_overrule_the_refusal(room: Room) -> None:
    family = await worked_with_by_both(room)
    await decided(room[OAKFIELD], family, HOUSING.id)
    await refuses(room[EARLY_HELP], family)
    path = await _resolving(room, family)
    third = await room[OAKFIELD].post(path, SHARE, headers={"practitioner": "p-3"})
    assert (third.status_code, third.json()["type"]) == (403, "/problems/resolved-by-one-side")
    assert not await sees(room[HOUSING], family)
    await room[OAKFIELD].made(path, {**SHARE, "outcome": "do_not_share"}, headers={"practitioner": "p-3"})


async def test_a_colleague_of_the_same_staff_id_elsewhere_is_somebody_else(room: Room) -> None:
    family = await worked_with_by_both(room)
    await decided(room[OAKFIELD], family, HOUSING.id)
    await refuses(room[EARLY_HELP], family)
    path = await _resolving(room, family)
    for side in (OAKFIELD, EARLY_HELP):
        assert await refused(room[side], path, SHARE) == (403, "resolved-by-one-side")
    await room[EARLY_HELP].made(path, SHARE, headers=COLLEAGUE)


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


RESOLVED = "insert into hub.conflict_resolution (conflict, outcome, reason) values ($1, $2, 'Synthetic.')"


async def test_the_wall_behind_it_says_the_same(room: Room, administrator: asyncpg.Connection) -> None:
    family = await a_family(room)
    await decided(room[OAKFIELD], family, HOUSING.id)
    await refuses(room[OAKFIELD], family)
    [found] = await disagreements(room[OAKFIELD], family)
    for outcome, agency, person, allowed in (
        ("share", OAKFIELD, "p-1", False),
        ("share", DPO, "p-2", True),
        ("do_not_share", DPO, "p-2", True),
        ("share", POLICE, "p-2", False),
        ("do_not_share", POLICE, "p-2", False),
        ("do_not_share", OAKFIELD, "p-1", True),
        ("share", OAKFIELD, "p-2", True),
    ):
        transaction = administrator.transaction()
        await transaction.start()
        await administrator.execute("set local role hub_gateway")
        for name, value in (
            ("agency", agency.id),
            ("practitioner", person),
            ("oversight", "on" if agency is DPO else ""),
        ):
            await administrator.execute("select set_config($1, $2, true)", f"hub.{name}", value)
        resolving = administrator.execute(RESOLVED, UUID(found["conflict"]), outcome)
        if allowed:
            assert await resolving == "INSERT 0 1"
        else:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await resolving
        await transaction.rollback()


async def test_oversight_resolves_what_two_agencies_cannot(room: Room) -> None:
    family = await worked_with_by_both(room)
    await decided(room[OAKFIELD], family, HOUSING.id)
    await refuses(room[EARLY_HELP], family)
    await room[DPO].made(await _resolving(room, family), SHARE, headers=COLLEAGUE)
    assert await sees(room[HOUSING], family)


async def test_oversight_is_told_that_two_differ_and_that_somebody_decided_to_share(room: Room) -> None:
    for outcome, then in (("share", ["sharing.conflict_resolved"]), ("do_not_share", [])):
        family = await a_family(room)
        await decided(room[OAKFIELD], family, HOUSING.id)
        await refuses(room[OAKFIELD], family)
        [found] = await disagreements(room[OAKFIELD], family)
        assert await told(room[DPO], found["conflict"]) == {("sharing.conflict", None)}
        assert await disagreements(room[DPO], family) == [found]
        path = f"/sharing/conflicts/{found['conflict']}/resolve"
        await room[OAKFIELD].made(path, {**SHARE, "outcome": outcome}, headers=COLLEAGUE)
        kinds = {"sharing.conflict", *then}
        assert await told(room[DPO], found["conflict"]) == {(kind, None) for kind in kinds}
