"""What would be seen follows from what the asker may know: what is hidden from it looks as if it were not."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from deploy.demo.partnership import DPO, EARLY_HELP, HOUSING, NURSING, OAKFIELD, Agency
from tests.gateway.test_simulate_joining import a_decision, family_of, of, simulated
from tests.people import Family, Room, share

OPENED = ("family_household", "identity_contact")
UNLESS = "Unless something hides it that your agency may not know of."
NOTHING = f"Nothing that your agency may know of lets {HOUSING.name} see this now."
SOON = {"ends": "2027-03-01T00:00:00Z"}
Hides = Callable[[Room, Family], Awaitable[Any]]


def _everybody(family: Family) -> list[str]:
    return [str(family.household), str(family.child)]


async def _restricted(room: Room, family: Family, by: Agency = OAKFIELD, **more: Any) -> None:
    body = {
        "hidden_from": HOUSING.id,
        "subjects": _everybody(family),
        "categories": list(OPENED),
        "reason": "A relative works there.",
        **more,
    }
    await room[by].made("/sharing/restrictions", body)


async def _from_one_person(room: Room, family: Family) -> None:
    await _restricted(room, family, practitioner="p-9")


async def _from_all_others(room: Room, family: Family) -> None:
    named: dict[str, Any] = {"hidden_from": None, "except": [OAKFIELD.id, EARLY_HELP.id]}
    await _restricted(room, family, **named)


async def _refused(room: Room, family: Family) -> None:
    await room[NURSING].made(
        "/sharing/decisions",
        {
            "agency": HOUSING.id,
            "subjects": _everybody(family),
            "categories": list(OPENED),
            "purpose": "early_help",
            "basis": "agreement",
            "event": "refused",
            "giver": {"name": "Robin", "capacity": "pr_holder"},
            "reason": "They said no to housing.",
        },
    )


async def _told(room: Room, family: Family) -> list[Any]:
    """Every answer to a question asked with and without a decision, for whoever of housing asks."""
    duty = a_decision(agency="type:housing", basis="statutory_duty", **SOON)
    return [
        await simulated(room, family, decisions=decisions, practitioner=practitioner)
        for decisions in ([], [a_decision(**SOON)], [duty], [duty, a_decision(**SOON)])
        for practitioner in ("", "p-7", "p-9")
    ]


async def _known_to_nursing(room: Room) -> Family:
    family = await family_of(room)
    await share(room[OAKFIELD], NURSING, [family.household, family.child], ["existence"])
    return family


@pytest.mark.parametrize("hide", [_restricted, _from_one_person, _from_all_others, _refused])
@pytest.mark.parametrize("decided", [False, True])
async def test_what_it_may_not_know_of_looks_as_if_it_were_not_there(
    room: Room, hide: Hides, decided: bool
) -> None:
    """In numbers and words, before and after, also where its own decision is recorded already."""
    family = await _known_to_nursing(room)
    if decided:
        await share(room[EARLY_HELP], HOUSING, [family.household, family.child], list(OPENED), **SOON)
    before = await _told(room, family)
    await hide(room, family)
    assert await _told(room, family) == before
    assert [of(said, "family_household")["sees"] for said in before] == [decided] * 3 + [True] * 9


async def test_what_others_show_it_is_not_said(room: Room) -> None:
    family = await family_of(room)
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["home_address"])
    for decisions in ([], [a_decision(categories=["health_mental"])]):
        before = of(await simulated(room, family, decisions=decisions), "home_address")
        shared = await share(room[OAKFIELD], HOUSING, [family.child], ["home_address"])
        assert of(await simulated(room, family, decisions=decisions), "home_address") == before
        assert (before["sees"], before["records_hidden"], before["why"]) == (False, 1, [NOTHING])
        await room[OAKFIELD].made(
            f"/sharing/decisions/{shared}/withdraw", {"reason": "They changed their mind."}
        )


async def test_it_says_what_its_asker_hides_itself_and_from_whom(room: Room) -> None:
    family = await family_of(room)
    await _restricted(room, family, EARLY_HELP, practitioner="p-9")
    seen = dict[str, Any]()
    for practitioner in ("", "p-7", "p-9"):
        said = await simulated(room, family, decisions=[a_decision()], practitioner=practitioner)
        seen[practitioner] = of(said, "identity_contact")
    assert {who: one["sees"] for who, one in seen.items()} == {"": False, "p-7": True, "p-9": False}
    assert seen["p-7"]["why"][-1] == UNLESS
    assert seen["p-9"]["why"] == [f"A restriction hides this from p-9 of {HOUSING.name}."]


async def test_a_refusal_that_it_may_know_of_keeps_its_decision_out_of_force(room: Room) -> None:
    """Who refused has shown it something of these people: it would be told if it decided."""
    family = await _known_to_nursing(room)
    await share(room[NURSING], EARLY_HELP, [family.household, family.child], ["existence"])
    await _refused(room, family)
    said = of(await simulated(room, family, decisions=[a_decision()]), "identity_contact")
    assert (said["sees"], said["records"]) == (False, 0)
    assert said["why"][0].startswith("Two who may decide differ about sharing this with")


async def test_what_is_hidden_from_the_asker_itself_stays_hidden(room: Room) -> None:
    family = await family_of(room)
    never = of(await simulated(room, family, agency=EARLY_HELP.id), "home_address")
    await share(room[OAKFIELD], EARLY_HELP, [family.child], ["home_address"])
    shared = of(await simulated(room, family, agency=EARLY_HELP.id), "home_address")
    assert (shared["records"], never["records"]) == (1, 0)
    await _restricted(room, family, hidden_from=EARLY_HELP.id, categories=["home_address"])
    hidden = of(await simulated(room, family, agency=EARLY_HELP.id), "home_address")
    assert hidden == never


async def test_oversight_is_told_the_whole_truth(room: Room) -> None:
    family = await _known_to_nursing(room)
    before = of(await simulated(room, family, DPO), "identity_contact")
    assert (before["sees"], before["records_hidden"] > 0) == (False, True)
    await share(room[OAKFIELD], HOUSING, [family.household, family.child], ["identity_contact"])
    shown = of(await simulated(room, family, DPO), "identity_contact")
    assert (shown["sees"], shown["records"], shown["records_hidden"]) == (True, before["records_hidden"], 0)
    assert UNLESS not in shown["why"]
    await _restricted(room, family)
    hidden = of(await simulated(room, family, DPO), "identity_contact")
    assert (hidden["sees"], hidden["records"]) == (False, 0)
    assert hidden["why"] == [f"A restriction hides this from {HOUSING.name}."]


async def test_another_purpose_may_be_asked_about_and_tells_no_more_than_the_askers_own(room: Room) -> None:
    """It is a question about a purpose, and what may be known is judged under the one in the token."""
    family = await family_of(room)
    everybody = [family.household, family.child]
    before = await simulated(room, family, purpose="safeguarding")
    await share(room[OAKFIELD], HOUSING, everybody, ["identity_contact"], purpose="safeguarding")
    assert await simulated(room, family, purpose="safeguarding") == before
    await share(room[OAKFIELD], EARLY_HELP, everybody, ["home_address"], purpose="safeguarding")
    assert of(before, "home_address")["records_hidden"] == 0
    assert of(await simulated(room, family, purpose="safeguarding"), "home_address")["records_hidden"] == 0
    decisions = [a_decision(categories=["identity_contact"])]
    said = await simulated(room, family, purpose="safeguarding", decisions=decisions)
    then = of(said, "identity_contact")
    assert (then["sees"], then["records"]) == (True, of(before, "identity_contact")["records_hidden"])
    assert "for safeguarding" in then["why"][0]
