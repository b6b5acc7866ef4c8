"""A family of four whose father asks: the mother fled with the children, and a neighbour told the school."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from deploy.demo.partnership import DPO, EARLY_HELP, MASH, OAKFIELD
from tests.people import Room, fresh_upn, share
from tests.services.assessment import cases

MOTHER, FATHER, SKY, ROWAN = "Wilhelmina", "Bartholomew", "Skylark", "Rowanne"
REFUGE = "77 Marigold Wynd"
POSTCODE = "NP9 4ZZ"
REFERRER = "neighbour-across-the-road"


@dataclass(frozen=True)
class Four:
    """The household, and everybody in it."""

    household: UUID
    father: UUID
    mother: UUID
    sky: UUID
    rowan: UUID

    @property
    def everybody(self) -> list[UUID]:
        """Household and people."""
        return [self.household, self.father, self.mother, self.sky, self.rowan]


async def _person(room: Room, name: str, born: str, **more: Any) -> UUID:
    facts = {"given_name": name, "family_name": "Synthetic", "date_of_birth": born, **more}
    return UUID((await room[OAKFIELD].made("/referral/people", facts))["person"])


async def a_family_of_four(room: Room) -> Four:
    """Registered by the school, worked with by the early help team."""
    upn, refuge = fresh_upn(), {"lines": [REFUGE, "Northport"], "postcode": POSTCODE}
    old = {"lines": ["5 Thistledown Road"], "postcode": "BS5 6AA"}
    father = await _person(room, FATHER, "1985-02-03", address=old)
    mother = await _person(room, MOTHER, "1987-11-30", address=refuge)
    sky = await _person(room, SKY, "2014-05-04", upn=upn, address=refuge)
    rowan = await _person(room, ROWAN, "2017-08-09", upn=fresh_upn(), address=refuge)
    roles = [(father, "parent"), (mother, "parent"), (sky, "child"), (rowan, "child")]
    members = [{"person": str(person), "role": role} for person, role in roles]
    made = await room[OAKFIELD].made("/referral/households", {"name": "Synthetic", "members": members})
    four = Four(UUID(made["household"]), father, mother, sky, rowan)
    await _work_with(room, four, upn)
    return four


async def _work_with(room: Room, four: Four, upn: str) -> None:
    concern = {
        "upn": upn,
        "kind": "other",
        "narrative": f"{MOTHER} has taken {SKY} to {REFUGE}. {FATHER} shouted at the gate.",
        "reporter_role": REFERRER,
        "occurred_at": "2026-11-10T08:40:00Z",
    }
    await room[OAKFIELD].made("/referral/concerns", concern)
    categories = ["existence", "family_household", "identity_contact", "plan_and_actions", "meeting_minutes"]
    await share(room[OAKFIELD], EARLY_HELP, four.everybody, categories)
    referral = {
        "household": str(four.household),
        "children": [str(four.sky), str(four.rowan)],
        "receiver": MASH.id,
        "reason": f"{FATHER} asks for help with debts. {MOTHER} is afraid of him.",
        "needs": ["debt"],
        "family_aware": True,
        "sharing": {
            "basis": "agreement",
            "given_by": f"{MOTHER} Synthetic, mother",
            "reason": "She asked for help.",
        },
    }
    await room[OAKFIELD].made("/referral/referrals", referral)
    await _assess(room, four)


async def _assess(room: Room, four: Four) -> None:
    team, household = room[EARLY_HELP], str(four.household)
    family = {"household": household, "given_by": f"{MOTHER} Synthetic, mother", "capacity": "pr_holder"}
    engaged = {"method": "in_person", "given_on": "2026-03-02", "words_shown": "We would like to help."}
    await team.made("/assessment/engagements", {**family, **engaged})
    assessment = {
        "household": household,
        "framework": "assessment_triangle",
        "lead_practitioner": "Sam Example, family support worker",
        "children": [str(four.sky)],
        "adults": [str(four.father), str(four.mother)],
        "started": "2026-03-03",
    }
    made = (await team.made("/assessment/assessments", assessment))["assessment"]["assessment"]
    for who, words in ((four.mother, f"{MOTHER} copes alone."), (four.father, f"{FATHER} lost his work.")):
        section = cases.section_of(who, strengths=words)
        await team.made(f"/assessment/assessments/{made}/sections", section)


async def seal_the_refuge(room: Room, four: Four) -> str:
    """The early help team seals where the mother and the children are."""
    body = {
        "subjects": [str(four.mother), str(four.sky), str(four.rowan)],
        "named": [EARLY_HELP.id, DPO.id],
        "text": [REFUGE, POSTCODE],
        "reason": "She fled. The address must reach nobody else.",
    }
    return (await room[EARLY_HELP].made("/sharing/seals", body))["seal"]
