"""Many move one decision at the same moment: each is told what happened, and none that the hub broke."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from deploy.demo.partnership import EARLY_HELP, HOUSING, MASH, NURSING, OAKFIELD, POLICE, Agency
from tests.gateway.deciding import MOTHER, body, decided, step
from tests.people import Family, Room, a_family, share

EVERYBODY = (OAKFIELD, EARLY_HELP, HOUSING, MASH, NURSING, POLICE)
REASON = {"reason": "Synthetic words."}
ANSWER = {**REASON, "giver": MOTHER}
ROUNDS = 6


def people(family: Family) -> list[str]:
    return [str(family.household), str(family.child), str(family.parent)]


def succession(family: Family, *subjects: Any) -> dict[str, Any]:
    """Another decision about some of the people the first is about."""
    return {**REASON, "decision": body(family, HOUSING.id, subjects=[str(one) for one in subjects])}


def moves(family: Family) -> list[tuple[str, Any]]:
    """Every way to move a decision; its people in every order."""
    household, child, parent = family.household, family.child, family.parent
    return [
        ("give", ANSWER),
        ("refuse", ANSWER),
        ("vary", {**REASON, "categories": ["housing_tenancy"]}),
        ("review", REASON),
        ("withdraw", REASON),
        *(("supersede", succession(family, one)) for one in (household, child, parent)),
        ("supersede", succession(family, parent, child)),
        ("countersign", REASON),
        ("decline", REASON),
    ]


async def known_to_all(room: Room) -> Family:
    """A family that every one of these works with."""
    family = await a_family(room)
    for agency in EVERYBODY[1:]:
        await share(room[OAKFIELD], agency, [family.household, family.child, family.parent], ["existence"])
    return family


async def at_once(
    room: Room, decision: str, asked: Sequence[tuple[Agency, str, Any]]
) -> list[tuple[str, httpx.Response]]:
    """Everybody moves it at the same moment."""
    answers = await asyncio.gather(*(room[who].post(step(decision, verb), said) for who, verb, said in asked))
    return list(zip((verb for _, verb, _ in asked), answers, strict=True))


def broke(answers: Sequence[tuple[str, httpx.Response]]) -> Counter[tuple[str, str]]:
    """What was answered as if it were the hub's fault."""
    return Counter((verb, answer.text) for verb, answer in answers if answer.status_code >= 500)


@pytest.mark.parametrize("event", ["proposed", "given"])
async def test_who_recorded_it_moves_it_in_every_way_at_once(room: Room, event: str) -> None:
    family = await known_to_all(room)
    for _ in range(ROUNDS):
        decision = await decided(room[OAKFIELD], family, HOUSING.id, subjects=people(family), event=event)
        answers = await at_once(room, decision, [(OAKFIELD, verb, said) for verb, said in moves(family)])
        assert not broke(answers)
        assert {answer.status_code for _, answer in answers} <= {200, 201, 204, 409}, [
            (verb, answer.status_code, answer.text) for verb, answer in answers
        ]
        taken = [verb for verb, answer in answers if answer.status_code < 300]
        assert taken.count("supersede") <= 1, "one decision takes its place"
        assert len(taken) >= 1


async def test_agencies_that_did_not_record_it_move_it_all_at_once(room: Room) -> None:
    family = await known_to_all(room)
    said = moves(family)
    for _ in range(ROUNDS):
        decision = await decided(room[OAKFIELD], family, HOUSING.id, subjects=people(family))
        asked = [(who, *said[(n + m) % len(said)]) for n, who in enumerate(EVERYBODY) for m in range(2)]
        answers = await at_once(room, decision, asked)
        assert not broke(answers)
        assert {answer.status_code for _, answer in answers} <= {200, 201, 204, 403, 404, 409}


async def test_decisions_about_the_same_people_are_replaced_by_one_another_at_once(room: Room) -> None:
    """Each names its people in another order, and its successor is about others of them."""
    family = await known_to_all(room)
    orders = [people(family)[n:] + people(family)[:n] for n in range(3)]
    for _ in range(ROUNDS):
        made = [await decided(room[OAKFIELD], family, HOUSING.id, subjects=order) for order in orders]
        answers = await asyncio.gather(
            *(
                room[OAKFIELD].post(step(one, "supersede"), succession(family, other))
                for one, other in zip(made, (family.parent, family.household, family.child), strict=True)
            ),
            *(
                room[OAKFIELD].post(step(one, verb), said)
                for one in made
                for verb, said in moves(family)[2:5]
            ),
        )
        assert not broke([("", answer) for answer in answers])
