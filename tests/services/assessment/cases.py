"""Families at each stage of early help, and the bodies that take them there. Plainly synthetic."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from deploy.demo.partnership import EARLY_HELP, OAKFIELD, Agency
from tests.people import Family, Room, a_family, share


@dataclass(frozen=True)
class Assessed:
    """A family and its assessment, started by the early help team."""

    family: Family
    assessment: str

    @property
    def path(self) -> str:
        """Where the assessment is."""
        return f"/assessment/assessments/{self.assessment}"


@dataclass(frozen=True)
class Planned:
    """A family and its plan, drafted by the early help team."""

    family: Family
    plan: str

    @property
    def path(self) -> str:
        """Where the plan is."""
        return f"/assessment/plans/{self.plan}"


def engagement_of(family: Family, **more: Any) -> dict[str, Any]:
    """A mother's agreement to take part."""
    return {
        "household": str(family.household),
        "given_by": "Robin Synthetic, mother",
        "capacity": "pr_holder",
        "method": "in_person",
        "given_on": "2026-03-02",
        "words_shown": "We would like to help your family together. You can say no at any time.",
        **more,
    }


def assessment_of(family: Family, **more: Any) -> dict[str, Any]:
    """A whole-family assessment in the England framework."""
    return {
        "household": str(family.household),
        "framework": "assessment_triangle",
        "lead_practitioner": "Sam Example, family support worker",
        "children": [str(family.child)],
        "adults": [str(family.parent)],
        "started": "2026-03-03",
        **more,
    }


def section_of(subject: UUID, **more: Any) -> dict[str, Any]:
    """What somebody knows about a home."""
    return {
        "subject": str(subject),
        "dimension": "housing",
        "strengths": "The landlord answers letters.",
        "worries": [{"text": "There is damp in one bedroom.", "standing": "fact"}],
        **more,
    }


def plan_of(family: Family, **more: Any) -> dict[str, Any]:
    """A plan of three months."""
    return {
        "household": str(family.household),
        "tier": "early_response",
        "starts": "2026-04-01",
        "target_end": "2026-07-01",
        "lead_practitioner": "Sam Example, family support worker",
        "children": [str(family.child)],
        "adults": [str(family.parent)],
        **more,
    }


def goal_of(subject: UUID, **more: Any) -> dict[str, Any]:
    """A goal about a home."""
    return {
        "subject": str(subject),
        "area": "housing",
        "text": "A dry bedroom.",
        "baseline": "Damp on two walls.",
        "target": "No damp by the summer.",
        **more,
    }


def action_of(goal: str, **more: Any) -> dict[str, Any]:
    """What the housing department is to do."""
    return {
        "goal": goal,
        "text": "Inspect the bedroom.",
        "owner": "northshire-housing",
        "due": "2026-05-01",
        **more,
    }


def offer_of(subject: UUID, **more: Any) -> dict[str, Any]:
    """A local service for somebody."""
    return {
        "subject": str(subject),
        "service": "0b1c6f6e-5b6e-4d4e-9d55-0d8a1f2b3c4d",
        "name": "Example Harbour Stay and Play",
        "source": "https://directory.example/o/open-referral-uk",
        "why": "Close to home and free.",
        **more,
    }


def meeting_of(family: Family, **more: Any) -> dict[str, Any]:
    """A network meeting at a school."""
    return {
        "household": str(family.household),
        "starts_at": "2026-04-20T15:30:00+01:00",
        "venue": "Example School, room 2",
        "private_room": True,
        "agencies": ["oakfield-primary", "northshire-housing"],
        **more,
    }


async def known_family(room: Room) -> Family:
    """A school's family that the early help team works with."""
    family = await a_family(room)
    await let_see(room, family, EARLY_HELP, "existence", by=OAKFIELD)
    return family


async def engaged_family(room: Room) -> Family:
    """A family that agreed to take part."""
    family = await known_family(room)
    await room[EARLY_HELP].made("/assessment/engagements", engagement_of(family))
    return family


async def assessed_family(room: Room, **more: Any) -> Assessed:
    """A family with an assessment."""
    family = await engaged_family(room)
    body = assessment_of(family, **more)
    made = await room[EARLY_HELP].made("/assessment/assessments", body)
    return Assessed(family, made["assessment"]["assessment"])


async def planned_family(room: Room) -> Planned:
    """A family with a plan."""
    family = await engaged_family(room)
    made = await room[EARLY_HELP].made("/assessment/plans", plan_of(family))
    return Planned(family, made["plan"]["plan"])


async def rows_of(administrator: Any, sql: str, *values: Any) -> list[Mapping[str, Any]]:
    """What the administrator finds behind the walls."""
    return await administrator.fetch(sql, *values)


async def let_see(
    room: Room,
    family: Family,
    agency: Agency,
    *categories: str,
    by: Agency = EARLY_HELP,
    **more: Any,
) -> str:
    """Share these categories about the whole family with an agency; the decision's id."""
    everybody = [family.household, family.child, family.parent]
    return await share(room[by], agency, everybody, list(categories), **more)


async def take_back(room: Room, decision: str, by: Agency = EARLY_HELP) -> None:
    """Withdraw a decision to share."""
    reason = {"reason": "The family changed its mind."}
    await room[by].made(f"/sharing/decisions/{decision}/withdraw", reason)
