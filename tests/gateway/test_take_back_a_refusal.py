"""What somebody refused gives way to their own word about all of it, and to nothing else."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.demo.partnership import DPO, HOUSING, OAKFIELD, POLICE
from tests.gateway.deciding import CATEGORY, FATHER, MOTHER, body, decided, history, refused, sees, step
from tests.gateway.disagreeing import COLLEAGUE, SHARE, disagreements, refuses, told
from tests.people import Family, Room, a_family

WHY = "He thought again."
BOTH = [CATEGORY, "existence"]
STANDS = (409, "refusal-stands")
WEIGHED = {"giver": None, "detriment_test": "Weighed.", "basis": "safeguarding"}


def instead(family: Family, agency: str = HOUSING.id, **more: Any) -> dict[str, Any]:
    """What is to take the refusal's place: the father's agreement, but for what is said otherwise."""
    more = {"giver": FATHER, "categories": BOTH, **more}
    return {"reason": WHY, "decision": body(family, agency, **more)}


async def disputed(room: Room) -> tuple[Family, str]:
    """A mother agreed, a father refused: the family, and his refusal."""
    family = await a_family(room)
    await decided(room[OAKFIELD], family, HOUSING.id, categories=BOTH)
    return family, await refuses(room[OAKFIELD], family, categories=BOTH)


async def notices(room: Room, family: Family) -> set[str]:
    """What oversight is told of the disagreements about a family, the newest page of them."""
    asked = {"subject": str(family.household)}
    page = (await room[DPO].get("/sharing/conflicts", params=asked)).json()["conflicts"]
    return {kind for one in page for kind, _ in await told(room[DPO], one["conflict"])}


@pytest.mark.parametrize(
    "more",
    [
        {"event": "proposed"},
        {"event": "proposed", "giver": None},
        {"agency": POLICE.id, "event": "refused"},
        {"agency": POLICE.id, "event": "not_shared", "share": False, **WEIGHED},
        {"agency": "type:housing"},
        {"categories": [CATEGORY]},
        {"categories": ["existence"], "event": "refused"},
        {"purpose": "attendance", "event": "refused"},
        WEIGHED,
    ],
    ids=[
        "a proposal",
        "a proposal to nobody",
        "a refusal of something else",
        "not sharing something else",
        "for others",
        "less than all",
        "a refusal of less",
        "for another purpose",
        "on another basis",
    ],
)
@pytest.mark.parametrize("person", ["p-1", "p-2"])
async def test_nobody_replaces_it_by_anything_else(room: Room, more: dict[str, Any], person: str) -> None:
    family, refusal = await disputed(room)
    said, headers = instead(family, **{"agency": HOUSING.id, **more}), {"practitioner": person}
    answer = await room[OAKFIELD].post(step(refusal, "supersede"), said, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/refusal-stands")
    assert (await history(room[OAKFIELD], refusal))["decision"]["standing"] == "refused"
    assert not await sees(room[HOUSING], family)


async def test_it_is_about_everybody_whom_it_was_about(room: Room) -> None:
    family = await a_family(room)
    both = [str(family.household), str(family.child)]
    refusal = await refuses(room[OAKFIELD], family, subjects=both)
    said = instead(family, subjects=both[:1])
    assert await refused(room[OAKFIELD], step(refusal, "supersede"), said) == STANDS
    await room[OAKFIELD].made(step(refusal, "supersede"), instead(family, subjects=both))


@pytest.mark.parametrize("event", ["given", "refused"])
async def test_the_other_parent_does_not_answer_for_him(room: Room, event: str) -> None:
    family, refusal = await disputed(room)
    said = instead(family, giver=MOTHER, event=event)
    assert await refused(room[OAKFIELD], step(refusal, "supersede"), said) == (
        409,
        "only-the-giver-takes-back",
    )
    assert not await sees(room[HOUSING], family)


async def test_he_may_agree_to_part_of_it_beside_it(room: Room) -> None:
    family, _ = await disputed(room)
    await decided(room[OAKFIELD], family, HOUSING.id, giver=FATHER)
    assert await sees(room[HOUSING], family)


async def test_whether_anybody_agreed_makes_no_difference_to_what_is_answered(room: Room) -> None:
    """A refusal tells nobody what others agreed to, and neither does replacing it."""
    alone = await a_family(room)
    answers = [
        await room[OAKFIELD].post(step(refusal, "supersede"), instead(family, event="proposed"))
        for family, refusal in (await disputed(room), (alone, await refuses(room[OAKFIELD], alone)))
    ]
    assert answers[0].status_code == answers[1].status_code == 409
    assert answers[0].content == answers[1].content


async def test_a_proposal_that_was_refused_is_a_refusal_too(room: Room) -> None:
    family, school = await a_family(room), room[OAKFIELD]
    await decided(school, family, HOUSING.id)
    proposal = await decided(school, family, HOUSING.id, event="proposed", giver=None)
    await school.made(step(proposal, "refuse"), {"reason": "He says no.", "giver": FATHER})
    assert not await sees(room[HOUSING], family)
    said = instead(family, event="proposed", giver=None)
    assert await refused(school, step(proposal, "supersede"), said) == STANDS


async def test_no_other_step_ends_it(room: Room) -> None:
    family, refusal = await disputed(room)
    steps = {
        "withdraw": {"reason": WHY},
        "review": {"reason": WHY},
        "vary": {"reason": WHY, "categories": ["existence"]},
        "give": {"reason": WHY, "giver": FATHER},
    }
    for verb, said in steps.items():
        assert await refused(room[OAKFIELD], step(refusal, verb), said) == (409, "decision-move-not-allowed")
    assert not await sees(room[HOUSING], family)


async def test_oversight_is_told_that_a_refusal_which_held_something_back_gave_way(room: Room) -> None:
    family, refusal = await disputed(room)
    assert await notices(room, family) == {"sharing.conflict"}
    await room[OAKFIELD].made(step(refusal, "supersede"), instead(family))
    assert await sees(room[HOUSING], family)
    assert await notices(room, family) == {"sharing.conflict", "sharing.refusal_replaced"}


async def test_oversight_is_told_too_where_it_was_resolved_not_to_share(room: Room) -> None:
    family, refusal = await disputed(room)
    [found] = await disagreements(room[OAKFIELD], family)
    said = {**SHARE, "outcome": "do_not_share"}
    await room[OAKFIELD].made(f"/sharing/conflicts/{found['conflict']}/resolve", said)
    await room[OAKFIELD].made(step(refusal, "supersede"), instead(family))
    assert "sharing.refusal_replaced" in await notices(room, family)


async def test_oversight_is_not_told_of_what_held_nothing_back(room: Room) -> None:
    family, refusal = await disputed(room)
    [found] = await disagreements(room[OAKFIELD], family)
    await room[OAKFIELD].made(f"/sharing/conflicts/{found['conflict']}/resolve", SHARE, headers=COLLEAGUE)
    await room[OAKFIELD].made(step(refusal, "supersede"), instead(family))
    assert "sharing.refusal_replaced" not in await notices(room, family)


async def test_he_may_refuse_more_and_it_is_held_back_as_before(room: Room) -> None:
    family, refusal = await disputed(room)
    more = instead(family, event="refused", categories=[*BOTH, "home_address"])
    await room[OAKFIELD].made(step(refusal, "supersede"), more)
    assert not await sees(room[HOUSING], family)
    assert len(await disagreements(room[OAKFIELD], family)) == 1
    assert await notices(room, family) == {"sharing.conflict"}


SUPERSEDED = """
insert into hub.decision_event (decision, event, agency, purpose, basis, categories, subjects, asked, reason,
  successor)
select decision, 'superseded', agency, purpose, basis, categories, subjects, asked, 'synthetic', $2
from hub.decision_event where decision = $1"""


async def test_the_wall_behind_it_says_the_same(room: Room, administrator: asyncpg.Connection) -> None:
    family = await a_family(room)
    before = await decided(room[OAKFIELD], family, HOUSING.id, categories=BOTH, giver=FATHER)
    agreement = await decided(room[OAKFIELD], family, HOUSING.id, categories=BOTH)
    refusal = await refuses(room[OAKFIELD], family, categories=BOTH)
    after = await decided(room[OAKFIELD], family, HOUSING.id, categories=BOTH, giver=FATHER)
    less = await decided(room[OAKFIELD], family, HOUSING.id, giver=FATHER)
    for old, new, message in (
        (refusal, before, "a refusal stands"),
        (refusal, agreement, "a refusal stands"),
        (refusal, less, "a refusal stands"),
        (refusal, str(uuid4()), "a refusal stands"),
        (agreement, after, "only who gave"),
        (refusal, after, None),
    ):
        transaction = administrator.transaction()
        await transaction.start()
        await administrator.execute("set local role hub_gateway")
        for name, value in (("agency", OAKFIELD.id), ("client", OAKFIELD.id), ("practitioner", "p-2")):
            await administrator.execute("select set_config($1, $2, true)", f"hub.{name}", value)
        replacing = administrator.execute(SUPERSEDED, UUID(old), UUID(new))
        if message is None:
            assert await replacing == "INSERT 0 1"
        else:
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match=message):
                await replacing
        await transaction.rollback()
