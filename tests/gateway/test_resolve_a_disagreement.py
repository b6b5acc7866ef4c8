"""A named person resolves what two parents say differently, and not whoever recorded either side."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.demo.partnership import DPO, EARLY_HELP, HOUSING, OAKFIELD, POLICE
from tests.gateway.deciding import FATHER, body, decided, refused, sees, step
from tests.gateway.disagreeing import COLLEAGUE, SHARE, disagreements, refuses, told, worked_with_by_both
from tests.people import Family, Partner, Room, a_family


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
