"""An agency that names two identifiers of one person learns nothing by it, and joins no two children."""

import itertools
from typing import Any

import pytest

from deploy.demo.partnership import EARLY_HELP, HILLTOP, OAKFIELD
from tests.people import Partner, Room, fresh_upn

_numbers = itertools.count(100)


def fresh_nhs_number() -> str:
    """A number of the range that is for nobody, with its check digit, that nobody else in this run has."""
    for number in _numbers:
        digits = f"999{number:06d}"
        check = 11 - sum(int(d) * weight for d, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            return digits + str(check % 11)
    raise AssertionError


async def registers(partner: Partner, name: str = "Sky", **keys: Any) -> str:
    """The id of whom these identifiers mean to an agency."""
    facts = {"given_name": name, "family_name": "Synthetic", "date_of_birth": "2016-05-04"}
    return (await partner.made("/referral/people", {**facts, **keys}))["person"]


@pytest.mark.parametrize("known", [True, False])
async def test_it_is_answered_alike_whether_the_other_was_known_or_not(room: Room, known: bool) -> None:
    upn, nhs_number = fresh_upn(), fresh_nhs_number()
    if known:
        await registers(room[OAKFIELD], nhs_number=nhs_number)
    first = await registers(room[HILLTOP], "Ash", upn=upn)
    assert await registers(room[HILLTOP], "Ash", upn=upn, nhs_number=nhs_number) == first
    assert await registers(room[HILLTOP], "Ash", nhs_number=nhs_number) == first


async def test_what_one_agency_says_joins_no_two_children_for_another(room: Room) -> None:
    upn, nhs_number = fresh_upn(), fresh_nhs_number()
    child = await registers(room[OAKFIELD], upn=upn)
    assert await registers(room[HILLTOP], "Ash", upn=upn, nhs_number=nhs_number) == child
    other = await registers(room[EARLY_HELP], "Ivy", nhs_number=nhs_number)
    assert other != child
    assert await registers(room[HILLTOP], "Ash", nhs_number=nhs_number) == child


async def test_a_name_and_a_birthday_that_agree_bear_it_out(room: Room) -> None:
    upn, nhs_number = fresh_upn(), fresh_nhs_number()
    child = await registers(room[OAKFIELD], upn=upn)
    assert await registers(room[HILLTOP], upn=upn, nhs_number=nhs_number) == child
    assert await registers(room[EARLY_HELP], nhs_number=nhs_number) == child


async def test_a_concern_goes_to_whom_the_agency_means(room: Room) -> None:
    upn, nhs_number = fresh_upn(), fresh_nhs_number()
    await registers(room[OAKFIELD], upn=upn)
    ours = await registers(room[HILLTOP], "Ash", nhs_number=nhs_number)
    assert await registers(room[HILLTOP], "Ash", upn=upn, nhs_number=nhs_number) == ours
    concern = {
        "upn": upn,
        "kind": "welfare",
        "narrative": "Came without a coat.",
        "occurred_at": "2026-11-20T09:00:00Z",
    }
    assert (await room[HILLTOP].made("/referral/concerns", concern))["person"] == ours
