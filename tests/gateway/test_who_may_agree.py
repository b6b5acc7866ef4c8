"""Who gives an agreement is somebody the caller knows, old enough for the right they are said to have."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from deploy.demo.partnership import EARLY_HELP, HOUSING, OAKFIELD
from tests.gateway.deciding import MOTHER, body, decided, history, refused, step
from tests.gateway.speakers import COMPETENT, a_person, born, giver
from tests.people import Room, a_family, share

WHY = {"reason": "They thought about it."}
UNFIT = (422, "capacity-does-not-fit")
UNKNOWN = (422, "person-unknown")
TOO_YOUNG = [
    {"capacity": "adult"},
    {"capacity": "adult", "age": 35},
    {"capacity": "young_person", "age": 16},
    {"capacity": "gillick_competent", "age": 13, "competence": COMPETENT},
    {"capacity": "pr_holder"},
]


@pytest.mark.parametrize("right", TOO_YOUNG)
async def test_a_child_of_seven_speaks_in_no_right_but_its_own(room: Room, right: dict[str, Any]) -> None:
    family, child = await a_family(room), await a_person(room, born(7))
    school, said = room[OAKFIELD], giver(child, **right)
    assert await refused(school, "/sharing/decisions", body(family, HOUSING.id, giver=said)) == UNFIT
    proposed = await decided(school, family, HOUSING.id, event="proposed")
    assert await refused(school, step(proposed, "give"), {**WHY, "giver": said}) == UNFIT
    assert await refused(school, step(proposed, "refuse"), {**WHY, "giver": said}) == UNFIT
    same_name = {**said, "name": MOTHER["name"]}
    instead = {**WHY, "decision": body(family, HOUSING.id, giver=same_name)}
    assert await refused(school, step(proposed, "supersede"), instead) == UNFIT


async def test_a_child_who_was_found_competent_speaks_at_its_own_age(room: Room) -> None:
    family, child = await a_family(room), await a_person(room, born(14))
    said = giver(child, capacity="gillick_competent", age=14, competence=COMPETENT)
    await decided(room[OAKFIELD], family, HOUSING.id, giver=said, subjects=[child])
    wrong = body(family, HOUSING.id, giver={**said, "age": 15}, subjects=[child])
    answer = await room[OAKFIELD].post("/sharing/decisions", wrong)
    assert (answer.status_code, answer.json()["detail"]) == (
        422,
        "By the birthday held they are 14, not 15.",
    )


async def test_what_was_said_before_a_birthday_is_written_down_after_it(room: Room) -> None:
    family, newly = await a_family(room), await a_person(room, born(16, days_ago=5))
    for said in (
        giver(newly, capacity="gillick_competent", age=15, competence=COMPETENT),
        giver(newly, capacity="young_person", age=16),
    ):
        await decided(room[OAKFIELD], family, HOUSING.id, giver=said, subjects=[newly])


async def test_an_adult_whose_birthday_is_held_speaks_as_one(room: Room) -> None:
    family = await a_family(room)
    for capacity in ("adult", "pr_holder"):
        said = giver(family.parent, capacity=capacity)
        decision = await decided(room[OAKFIELD], family, HOUSING.id, giver=said)
        [given] = (await history(room[OAKFIELD], decision))["history"]
        assert given["giver"]["person"] == str(family.parent)
    answer = await room[OAKFIELD].post(
        "/sharing/decisions", body(family, HOUSING.id, giver=giver(family.child, capacity="adult"))
    )
    age = answer.json()["detail"].rpartition(" ")[2]
    assert answer.json()["detail"] == f"An adult is 18 or older, and by the birthday held they are {age}"


async def test_nobody_holds_parental_responsibility_for_themselves(room: Room) -> None:
    family = await a_family(room)
    said = giver(family.parent, capacity="pr_holder")
    alone = body(family, HOUSING.id, giver=said, subjects=[str(family.parent)])
    assert await refused(room[OAKFIELD], "/sharing/decisions", alone) == UNFIT
    both = [str(family.parent), str(family.child)]
    await decided(room[OAKFIELD], family, HOUSING.id, giver=said, subjects=both)


async def test_a_made_up_giver_and_a_hidden_one_are_answered_alike(room: Room) -> None:
    family, others = await a_family(room), await a_family(room, EARLY_HELP)
    answers: list[dict[str, Any]] = []
    for person in (uuid4(), others.parent):
        said = body(family, HOUSING.id, giver=giver(person, capacity="pr_holder"))
        answer = await room[OAKFIELD].post("/sharing/decisions", said)
        answers.append({k: v for k, v in answer.json().items() if k not in ("instance", "request_id")})
        assert answer.status_code == 422
    assert answers[0] == answers[1]
    assert answers[0]["errors"] == [{"pointer": "/giver/person", "detail": "is nobody you know"}]


async def test_a_birthday_that_the_caller_may_not_see_is_not_weighed(room: Room) -> None:
    family = await a_family(room)
    await share(room[OAKFIELD], EARLY_HELP, [family.household, family.child], ["existence"])
    said = giver(family.child, capacity="gillick_competent", age=14, competence=COMPETENT)
    await decided(room[EARLY_HELP], family, HOUSING.id, giver=said, subjects=[str(family.child)])


async def test_a_later_word_is_held_against_the_same_birthday(room: Room) -> None:
    family, child = await a_family(room), await a_person(room, born(7))
    decision = await decided(room[OAKFIELD], family, HOUSING.id)
    name = body(family, HOUSING.id)["giver"]["name"]
    for verb, more in (("vary", {"categories": ["existence"]}), ("withdraw", {})):
        for person, answer in ((child, UNFIT), (str(uuid4()), UNKNOWN)):
            said = {**WHY, **more, "said_by": {"name": name, "person": person}}
            assert await refused(room[OAKFIELD], step(decision, verb), said) == answer
    mother = {**WHY, "said_by": {"name": name, "person": str(family.parent)}}
    assert (await room[OAKFIELD].post(step(decision, "withdraw"), mother)).status_code == 204


async def a_young_mother(room: Room, role: str = "parent", age: int = 17) -> tuple[str, str, str]:
    """Her id, her baby's and their household's, as the school knows them."""
    mother, baby = await a_person(room, born(age)), await a_person(room, born(1))
    members = [{"person": mother, "role": role}, {"person": baby, "role": "child"}]
    home = {"name": "Synthetic", "members": members}
    return mother, baby, (await room[OAKFIELD].made("/referral/households", home))["household"]


def about(*subjects: str, **giver: Any) -> dict[str, Any]:
    """A decision by somebody with parental responsibility."""
    said = {"name": "Ash Synthetic", "capacity": "pr_holder", **giver}
    return {
        "agency": HOUSING.id,
        "subjects": list(subjects),
        "categories": ["family_household"],
        "purpose": "early_help",
        "basis": "agreement",
        "giver": said,
        **WHY,
    }


@pytest.mark.parametrize("age", [15, 16, 17])
async def test_a_young_mother_speaks_for_her_child_and_takes_it_back(room: Room, age: int) -> None:
    mother, baby, home = await a_young_mother(room, age=age)
    school = room[OAKFIELD]
    for subjects in ((baby,), (home,), (home, baby, mother)):
        for more in ({}, {"age": age}):
            said = about(*subjects, person=mother, **more)
            decision = (await school.made("/sharing/decisions", said))["decision"]
    again = {**WHY, "said_by": {"name": "Ash Synthetic", "person": mother}}
    assert (await school.post(step(decision, "withdraw"), again)).status_code == 204
    unnamed = (await school.made("/sharing/decisions", about(baby)))["decision"]
    assert (await school.post(step(unnamed, "withdraw"), again)).status_code == 204


async def test_under_18_nobody_else_holds_parental_responsibility(room: Room) -> None:
    school, family = room[OAKFIELD], await a_family(room)
    mother, baby, home = await a_young_mother(room)
    sister, sibling, other_home = await a_young_mother(room, "sibling")
    child, _, childs_home = await a_young_mother(room, "child")
    for said in (
        about(sibling, person=sister),
        about(other_home, person=sister, age=17),
        about(childs_home, person=child),
        about(str(family.child), person=mother),
        about(baby, str(family.child), person=mother),
        about(mother, person=mother),
        about(home, age=17),
        about(home, person=mother, age=15),
        {**about(baby, person=mother), "giver": giver(mother, capacity="adult")},
    ):
        assert await refused(school, "/sharing/decisions", said) == UNFIT, said


async def test_that_she_is_a_parent_counts_as_far_as_the_caller_may_see(room: Room) -> None:
    mother, baby, home = await a_young_mother(room)
    seen = [UUID(mother), UUID(baby)]
    await share(room[OAKFIELD], EARLY_HELP, seen, ["existence", "identity_contact"])
    said = about(baby, person=mother, age=17)
    assert await refused(room[EARLY_HELP], "/sharing/decisions", said) == UNFIT
    await share(room[OAKFIELD], EARLY_HELP, [UUID(home)], ["family_household"])
    await room[EARLY_HELP].made("/sharing/decisions", said)
