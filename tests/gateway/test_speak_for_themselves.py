"""An adult, a young person and a competent child speak for themselves alone; a parent, for children."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from deploy.demo.partnership import EARLY_HELP, HOUSING, OAKFIELD
from tests.gateway.deciding import MOTHER, body, history, refused, step
from tests.gateway.speakers import COMPETENT, a_person, born, giver
from tests.people import Family, Room, a_family, share

WHY = {"reason": "They thought about it."}
NOT_THEIRS = (422, "may-not-speak-for-them")
UNFIT = (422, "capacity-does-not-fit")
CHILD = {"capacity": "gillick_competent", "age": 9, "competence": COMPETENT}
YOUNG = {"capacity": "young_person", "age": 17}
GROWN = {"capacity": "adult"}
RIGHTS = [(9, CHILD), (17, YOUNG), (18, GROWN)]
UNDER_18 = RIGHTS[:2]


def about(family: Family, *subjects: object, **more: Any) -> dict[str, Any]:
    """A decision about these."""
    return body(family, HOUSING.id, subjects=[str(one) for one in subjects], **more)


def nameless(right: dict[str, Any]) -> dict[str, Any]:
    """Somebody whose id nobody gave."""
    return {"name": "Ash Synthetic", **right}


@pytest.mark.parametrize(("age", "right"), RIGHTS)
async def test_they_speak_for_themselves_with_an_id_and_without(
    room: Room, age: int, right: dict[str, Any]
) -> None:
    family, speaker = await a_family(room), await a_person(room, born(age))
    for said in (giver(speaker, **right), nameless(right)):
        await room[OAKFIELD].made("/sharing/decisions", about(family, speaker, giver=said))


@pytest.mark.parametrize(("age", "right"), RIGHTS)
@pytest.mark.parametrize("event", ["given", "refused", "proposed", "not_shared"])
async def test_they_speak_for_nobody_else(room: Room, age: int, right: dict[str, Any], event: str) -> None:
    family, speaker = await a_family(room), await a_person(room, born(age))
    said, school = giver(speaker, **right), room[OAKFIELD]
    for subjects in ([family.parent], [family.child], [speaker, family.parent]):
        wanted = about(family, *subjects, giver=said, event=event, share=event != "not_shared")
        assert await refused(school, "/sharing/decisions", wanted) == NOT_THEIRS
    for named in (said, nameless(right)):
        wanted = about(family, speaker, family.parent, giver=named)
        assert await refused(school, "/sharing/decisions", wanted) == NOT_THEIRS


@pytest.mark.parametrize(("age", "right"), UNDER_18)
async def test_under_18_they_do_not_speak_for_a_household(
    room: Room, age: int, right: dict[str, Any]
) -> None:
    family, speaker = await a_family(room), await a_person(room, born(age))
    for said in (giver(speaker, **right), nameless(right)):
        for subjects in ([family.household], [family.household, speaker]):
            wanted = about(family, *subjects, giver=said)
            assert await refused(room[OAKFIELD], "/sharing/decisions", wanted) == NOT_THEIRS


async def test_an_adult_speaks_for_the_household_too(room: Room) -> None:
    family = await a_family(room)
    for said in (giver(family.parent, **GROWN), nameless(GROWN)):
        for subjects in ([family.household], [family.household, family.parent]):
            await room[OAKFIELD].made("/sharing/decisions", about(family, *subjects, giver=said))


async def test_whom_it_is_about_alone_is_who_speaks_and_their_birthday_counts(room: Room) -> None:
    """An uncle is no adult in the child's own name, and nobody agrees as a child for its mother."""
    family = await a_family(room)
    for right, whom in ((GROWN, family.child), (CHILD, family.parent), (YOUNG, family.parent)):
        said = about(family, whom, giver={**nameless(right), "name": "Uncle Bob"})
        assert await refused(room[OAKFIELD], "/sharing/decisions", said) == UNFIT


async def test_the_answer_to_a_proposal_is_theirs_too(room: Room) -> None:
    family, school = await a_family(room), room[OAKFIELD]
    proposed = (await school.made("/sharing/decisions", about(family, family.child, event="proposed")))[
        "decision"
    ]
    for verb in ("give", "refuse"):
        for said, problem in ((giver(family.parent, **GROWN), NOT_THEIRS), (nameless(GROWN), UNFIT)):
            assert await refused(school, step(proposed, verb), {**WHY, "giver": said}) == problem
    await school.made(step(proposed, "give"), {**WHY, "giver": MOTHER})


async def test_so_is_what_takes_a_decisions_place(room: Room) -> None:
    family, school = await a_family(room), room[OAKFIELD]
    first = giver(family.parent, **GROWN)
    decision = (await school.made("/sharing/decisions", about(family, family.parent, giver=first)))[
        "decision"
    ]
    instead = {**WHY, "decision": about(family, family.child, giver=first)}
    assert await refused(school, step(decision, "supersede"), instead) == NOT_THEIRS


async def test_somebody_else_of_one_name_does_not_vary_it_and_anybody_withdraws_it(room: Room) -> None:
    family, school = await a_family(room), room[OAKFIELD]
    given = about(family, family.parent, giver=nameless(GROWN))
    decision = (await school.made("/sharing/decisions", given))["decision"]
    namesake = {**WHY, "said_by": {"name": "Ash Synthetic", "person": await a_person(room, born(40))}}
    narrower = {"categories": ["existence"]}
    assert await refused(school, step(decision, "vary"), {**namesake, **narrower}) == NOT_THEIRS
    herself = {**WHY, "said_by": {"name": "Ash Synthetic", "person": str(family.parent)}}
    await school.made(step(decision, "vary"), {**herself, **narrower})
    await school.made(step(decision, "withdraw"), namesake)
    events = [one["event"] for one in (await history(school, decision))["history"]]
    assert events == ["given", "varied", "withdrawn"]


async def test_parental_responsibility_is_not_for_another_adult(room: Room) -> None:
    family, school = await a_family(room), room[OAKFIELD]
    other = await a_person(room, born(30))
    mother = giver(family.parent, capacity="pr_holder")
    for said, subjects in (
        (mother, [other]),
        (mother, [family.child, other]),
        (MOTHER, [family.child, family.parent, other]),
    ):
        answer = await school.post("/sharing/decisions", about(family, *subjects, giver=said))
        assert (answer.status_code, answer.json()["type"]) == (422, "/problems/may-not-speak-for-them")
        assert other in answer.json()["detail"]
    for said in (mother, MOTHER):
        assert await refused(school, "/sharing/decisions", about(family, family.parent, giver=said)) == UNFIT
        together = about(family, family.household, family.child, family.parent, giver=said)
        await school.made("/sharing/decisions", together)
    proposed = (
        await school.made(
            "/sharing/decisions", about(family, family.child, other, event="proposed", giver=None)
        )
    )["decision"]
    assert await refused(school, step(proposed, "give"), {**WHY, "giver": mother}) == NOT_THEIRS


async def test_who_is_an_adult_by_a_birthday_the_caller_may_not_see_is_anybody(room: Room) -> None:
    family = await a_family(room)
    others = [UUID(await a_person(room, born(30))) for _ in range(2)]
    await share(room[OAKFIELD], EARLY_HELP, [family.child, *others], ["existence"])
    said = about(family, family.child, *others)
    await room[EARLY_HELP].made("/sharing/decisions", said)
    await share(room[OAKFIELD], EARLY_HELP, others, ["identity_contact"])
    assert await refused(room[EARLY_HELP], "/sharing/decisions", said) == NOT_THEIRS


async def test_what_is_not_on_the_callers_caseload_is_answered_alike(room: Room) -> None:
    """It does not tell a household from a person, nor from nobody, to whoever does not know it."""
    family, others = await a_family(room), await a_family(room, EARLY_HELP)
    answers = [
        await room[OAKFIELD].post(
            "/sharing/decisions", about(family, whom, giver=nameless({"capacity": "young_person", "age": 17}))
        )
        for whom in (others.household, others.child, uuid4())
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert len({answer.json()["type"] for answer in answers}) == 1


BY_SQL = """
insert into hub.decision_event (decision, event, agency, purpose, basis, categories, subjects, given_by,
  giver, capacity, reason, recorded_by, client, practitioner)
values (gen_random_uuid(), 'given', $1, 'early_help', 'agreement', '{existence}', $2::uuid[], 'Ash',
  $3::uuid, $4, 'synthetic', $5, 'x', 'x')"""


async def test_postgresql_says_the_same(room: Room, administrator: asyncpg.Connection) -> None:
    family = await a_family(room)
    one, other, home = family.parent, family.child, family.household
    for capacity, person, subjects in (
        ("adult", one, [other]),
        ("adult", None, [one, other]),
        ("adult", one, [home, other]),
        ("young_person", one, [other]),
        ("gillick_competent", one, [home]),
        ("gillick_competent", None, [one, home]),
        ("young_person", None, [one, other]),
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="not theirs to speak for"):
            await administrator.execute(BY_SQL, HOUSING.id, subjects, person, capacity, OAKFIELD.id)
    for capacity, person, subjects in (("adult", one, [home, one]), ("young_person", None, [other])):
        await administrator.execute(BY_SQL, HOUSING.id, subjects, person, capacity, OAKFIELD.id)


async def test_nor_does_postgresql_let_somebody_else_vary_it(
    room: Room, administrator: asyncpg.Connection
) -> None:
    family = await a_family(room)
    given = about(family, family.parent, giver=nameless(GROWN))
    decision = (await room[OAKFIELD].made("/sharing/decisions", given))["decision"]
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="not theirs to speak for"):
        await administrator.execute(
            "insert into hub.decision_event (decision, event, agency, purpose, basis, categories, subjects,"
            " asked, agreement, given_by, giver, reason, recorded_by, client, practitioner)"
            " select decision, 'varied', agency, purpose, basis, categories, subjects, asked, agreement,"
            " given_by, $2, 'synthetic', recorded_by, 'x', 'x' from hub.decision_event where decision = $1",
            decision,
            family.child,
        )
