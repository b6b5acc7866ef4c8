"""Who writes down many addresses and reads back which are sealed is noticed."""

import httpx
import pytest

from deploy.demo.partnership import DPO, EARLY_HELP, HILLTOP, OAKFIELD
from deploy.local import Running
from tests.gateway.agreeing import joined
from tests.gateway.looking import looks_at
from tests.pages import every
from tests.people import Family, Room, a_family, fresh_upn, share
from tests.services.assessment import cases

ALARM = "alarm.sealed_text"
STREETS = ("Quillfeather", "Zebedee", "Thistledown", "Marrowbone")


async def sealed_family(room: Room, number: int, street: str) -> Family:
    """A family whose address early help sealed."""
    family = await a_family(room)
    subjects = [family.household, family.child, family.parent]
    await share(room[OAKFIELD], EARLY_HELP, subjects, ["existence"])
    seal = {
        "subjects": [str(one) for one in subjects],
        "named": [EARLY_HELP.id],
        "text": [f"{number} {street} Terrace"],
        "reason": "The family fled.",
    }
    await room[EARLY_HELP].made("/sharing/seals", seal)
    return family


async def alarms(room: Room) -> int:
    """How many times oversight was told."""
    inbox = await every(room[DPO], "/notices", "notices", limit=100)
    return sum(one["kind"] == ALARM for one in inbox)


@pytest.mark.parametrize(("families", "told"), [(1, 0), (4, 1)])
async def test_oversight_is_told_of_many_and_not_of_one(
    room: Room, hub: Running, http: httpx.AsyncClient, families: int, told: int
) -> None:
    stranger = await joined(hub, http, HILLTOP)
    streets = STREETS[:families]
    for number, street in enumerate(streets, 70 + 10 * families):
        await sealed_family(room, number, street)
    tried = ", ".join(
        f"{number} {street} Terrace" for number, street in enumerate(streets, 70 + 10 * families)
    )
    concern = {
        "upn": fresh_upn(),
        "kind": "other",
        "narrative": f"Tried: {tried}.",
        "occurred_at": "2026-11-19T08:40:00Z",
    }
    made = await stranger.made("/referral/concerns", concern)
    before = await alarms(room)
    for _ in range(2):
        read = (await stranger.get(f"/referral/concerns/{made['concern']}")).json()
        assert read["concern"]["narrative"] == f"Tried: {', '.join(['[sealed]'] * families)}."
    assert await alarms(room) == before + told


async def met_by_early_help(room: Room, text: str) -> None:
    """Early help writes this down about a family of its own, and reads it back."""
    ours = await a_family(room, EARLY_HELP)
    await room[EARLY_HELP].made("/assessment/engagements", cases.engagement_of(ours))
    made = await room[EARLY_HELP].made("/assessment/meetings", cases.meeting_of(ours, venue=text))
    assert "[sealed]" in made["meeting"]["venue"]


async def sealed_by_the_school(room: Room, text: str) -> Family:
    """A family whose address the school sealed."""
    family = await a_family(room)
    subjects = [str(one) for one in (family.household, family.child, family.parent)]
    seal = {"subjects": subjects, "named": [OAKFIELD.id], "text": [text], "reason": "The family fled."}
    await room[OAKFIELD].made("/sharing/seals", seal)
    return family


async def test_whose_address_was_met_is_for_oversight_alone(room: Room) -> None:
    family = await sealed_by_the_school(room, "131 Quillfeather Terrace")
    child = {"given_name": "Sky", "family_name": "Synthetic", "date_of_birth": "2016-05-04"}
    await room[EARLY_HELP].made("/referral/people", {"upn": family.upn, **child})
    await met_by_early_help(room, "131 Quillfeather Terrace")
    ours = await looks_at(room[EARLY_HELP], family.child, limit=100)
    assert "sealed" not in {one["reason"] for one in ours["disclosures"]}
    overseen = (await looks_at(room[DPO], family.child, limit=100))["disclosures"]
    [met] = [one for one in overseen if one["reason"] == "sealed" and one["agency"] == EARLY_HELP.id]
    path = f"/audit/inclusion?disclosure={met['disclosure']}"
    assert (await room[EARLY_HELP].get(path)).status_code == 404
    for reader in (EARLY_HELP, DPO):
        family_s = await room[reader].get(f"/disclosures/for-the-family?subject={family.child}")
        assert met["at"] not in {one["at"] for one in family_s.json()["disclosures"]}


@pytest.mark.parametrize(("opened", "told"), [(["existence", "home_address"], 0), (["existence"], 1)])
async def test_people_on_the_caseload_count_unless_their_address_is_opened(
    room: Room, opened: list[str], told: int
) -> None:
    places = [f"{150 + 10 * told} {street} Terrace" for street in STREETS]
    for place in places:
        family = await sealed_by_the_school(room, place)
        await share(room[OAKFIELD], EARLY_HELP, [family.household, family.child, family.parent], opened)
    before = await alarms(room)
    await met_by_early_help(room, ", ".join(places))
    assert await alarms(room) == before + told
