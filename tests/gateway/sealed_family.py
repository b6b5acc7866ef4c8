"""A family whose address has been written down everywhere, by several agencies."""

import itertools
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from deploy.demo.partnership import EARLY_HELP, MASH, OAKFIELD, PARTNERSHIP
from hub.sharing import Category
from tests.people import Family, Room, fresh_upn, share
from tests.services.assessment import cases

TELLS = r"zeb.?bed|z.b.d.e|quillfeather|np7\W*\d\W*qx"
_numbers = itertools.count(1)


@dataclass
class Planted:
    """The family, and the ids of what names the address."""

    family: Family
    number: int
    ids: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def everybody(self) -> list[UUID]:
        """Household and people."""
        return [self.family.household, self.family.child, self.family.parent]


def secret(number: int) -> str:
    """A plainly synthetic address nobody else in this run has."""
    return f"Quillfeather {'ABCDEFGHI'[number]}shott, {46 + number} Zebedee Lane, Northport, NP7 {number}QX"


def says(number: int, way: int) -> str:
    """Words that give the address away, spelt in one of many ways."""
    spelt = (
        f"{46 + number} Zebedee Lane",
        f"{46 + number} ZEBEDEE LN.",
        f"{46 + number} Zebedee\nLane",
        f"np7{number}qx",
        f"Quillfeather-{'ABCDEFGHI'[number]}shott",
        f"{46 + number} Zébedée Lane",
        f"NP7  {number}QX",
    )
    return f"They live at {spelt[way % len(spelt)]} now."


async def planted(room: Room) -> Planted:
    """A family whose address stands in fifteen places, all of them shared with every agency."""
    number = next(_numbers)
    family = await _family(room, number)
    known = Planted(family, number, {"household": str(family.household), "person": str(family.child)})
    everything = [each.value for each in Category]
    await share(room[OAKFIELD], EARLY_HELP, known.everybody, everything, reason=says(number, 0))
    for agency in PARTNERSHIP:
        if agency not in (OAKFIELD, EARLY_HELP):
            await share(room[EARLY_HELP], agency, known.everybody, everything, reason=says(number, 0))
    await _concern_and_referral(room, known)
    await _assessment(room, known)
    await _plan(room, known)
    await _meeting(room, known)
    return known


async def seal(room: Room, known: Planted, *named: Any) -> str:
    """Early help seals the address for everyone not named; the seal's id."""
    body = {
        "subjects": [str(subject) for subject in known.everybody],
        "named": [agency.id for agency in named],
        "text": [secret(known.number)],
        "reason": "The family fled. The address must reach nobody else.",
    }
    return (await room[EARLY_HELP].made("/sharing/seals", body))["seal"]


async def _family(room: Room, number: int) -> Family:
    school, upn = room[OAKFIELD], fresh_upn()
    child = await school.made(
        "/referral/people",
        {
            "upn": upn,
            "given_name": says(number, 0),
            "family_name": "Synthetic",
            "date_of_birth": "2016-05-04",
            "address": {"lines": [f"{46 + number} Zebedee", "Lane"], "postcode": f"NP7 {number}QX"},
        },
    )
    parent = await school.made(
        "/referral/people",
        {"given_name": "Robin", "family_name": says(number, 2), "date_of_birth": "1988-01-02"},
    )
    members = [
        {"person": child["person"], "role": "child"},
        {"person": parent["person"], "role": "parent"},
    ]
    made = await school.made("/referral/households", {"name": says(number, 1), "members": members})
    return Family(UUID(made["household"]), UUID(child["person"]), UUID(parent["person"]), upn)


async def _concern_and_referral(room: Room, known: Planted) -> None:
    family = known.family
    concern = {
        "upn": family.upn,
        "kind": "other",
        "narrative": says(known.number, 3),
        "occurred_at": "2026-11-19T08:40:00Z",
    }
    known.ids["concern"] = (await room[OAKFIELD].made("/referral/concerns", concern))["concern"]
    referral = {
        "household": str(family.household),
        "children": [str(family.child)],
        "receiver": MASH.id,
        "reason": says(known.number, 4),
        "needs": [says(known.number, 5)],
        "family_aware": True,
        "sharing": {
            "basis": "agreement",
            "given_by": "Robin Synthetic, mother",
            "reason": says(known.number, 6),
        },
    }
    made = await room[OAKFIELD].made("/referral/referrals", referral)
    known.ids["referral"] = made["referral"]["referral"]
    triage = {
        "rag": "amber",
        "level_of_need": 2,
        "outcome": "early_help",
        "rationale": says(known.number, 0),
        "feedback": says(known.number, 1),
    }
    await room[MASH].made(f"/referral/referrals/{known.ids['referral']}/triage", triage)


async def _assessment(room: Room, known: Planted) -> None:
    family, team = known.family, room[EARLY_HELP]
    await team.made("/assessment/engagements", cases.engagement_of(family, words_shown=says(known.number, 2)))
    started = await team.made(
        "/assessment/assessments", cases.assessment_of(family, lead_practitioner=says(known.number, 3))
    )
    known.ids["assessment"] = started["assessment"]["assessment"]
    worry = {"text": says(known.number, 4), "standing": "fact"}
    section = cases.section_of(family.child, strengths=says(known.number, 5), worries=[worry])
    await team.made(f"/assessment/assessments/{known.ids['assessment']}/sections", section)


async def _plan(room: Room, known: Planted) -> None:
    family, team = known.family, room[EARLY_HELP]
    made = await team.made(
        "/assessment/plans", cases.plan_of(family, lead_practitioner=says(known.number, 6))
    )
    known.ids["plan"] = made["plan"]["plan"]
    path = f"/assessment/plans/{known.ids['plan']}"
    goal = await team.made(
        f"{path}/goals", cases.goal_of(family.child, text=says(known.number, 0), target=says(known.number, 1))
    )
    await team.made(f"{path}/actions", cases.action_of(goal["goal"]["goal"], text=says(known.number, 2)))
    await team.made(
        f"{path}/offers", cases.offer_of(family.child, name=says(known.number, 3), why=says(known.number, 4))
    )


async def _meeting(room: Room, known: Planted) -> None:
    team = room[EARLY_HELP]
    made = await team.made(
        "/assessment/meetings", cases.meeting_of(known.family, venue=says(known.number, 5))
    )
    known.ids["meeting"] = made["meeting"]["meeting"]
    minute = {"text": says(known.number, 6), "decision": says(known.number, 0)}
    await team.made(f"/assessment/meetings/{known.ids['meeting']}/minutes", minute)
