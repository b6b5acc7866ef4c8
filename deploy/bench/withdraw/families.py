"""Synthetic families to share and withdraw: one child and one household each, and what later looks need."""

import json
import secrets
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from deploy.bench.withdraw.scene import Scene
from deploy.demo.partnership import EARLY_HELP, HOUSING, OAKFIELD, Agency
from hub.caller import Caller, Purpose
from services.referral.rules.identifiers import check_letter

SHARED = ["identity_contact", "family_household", "existence"]
DUE = "select id from hub.event where subject = :child order by id limit 1"


@dataclass
class Family:
    """One family, what was decided about it, and where a look of an earlier moment goes on from."""

    child: UUID
    household: UUID
    upn: str
    purpose: str = "early_help"
    decision: str = ""
    cursor: str = ""
    key: str = field(default_factory=lambda: str(uuid4()))
    event: UUID | None = None
    override: str = ""
    agreement: str = ""
    client: str = ""

    @property
    def subjects(self) -> list[str]:
        """Household and child."""
        return [str(self.household), str(self.child)]

    def concern(self) -> dict[str, str]:
        """What the school sends about the child meanwhile."""
        told = {"kind": "other", "narrative": "A word.", "occurred_at": "2026-11-19T08:40:00Z"}
        return {"upn": self.upn, **told}

    def referral(self) -> dict[str, object]:
        """What housing sends, and later sends again under the same key."""
        return {
            "household": str(self.household),
            "children": [str(self.child)],
            "receiver": EARLY_HELP.id,
            "reason": "The family asks for help with a home.",
            "family_aware": True,
            "sharing": {"basis": "agreement", "given_by": "Robin Synthetic, mother", "reason": "She asked."},
        }

    def engagement(self) -> dict[str, str]:
        """What housing records when the mother agrees to take part."""
        return {
            "household": str(self.household),
            "given_by": "Robin Synthetic, mother",
            "capacity": "pr_holder",
            "method": "in_person",
            "given_on": "2026-03-02",
            "words_shown": "We would like to help your family together. You can say no.",
        }


async def a_family(scene: Scene, door: int) -> Family:
    """A family that one school knows and nobody else."""
    number = f"801{secrets.randbelow(10**9):09d}"
    upn = check_letter(number) + number
    child = {"upn": upn, "given_name": "Sky", "family_name": "Synthetic", "date_of_birth": "2016-05-04"}
    person = await scene.done(door, OAKFIELD, "/referral/people", child)
    known = json.loads(person.text)["person"]
    body = {"name": "Synthetic", "members": [{"person": known, "role": "child"}]}
    household = await scene.done(door, OAKFIELD, "/referral/households", body)
    return Family(UUID(known), UUID(json.loads(household.text)["household"]), upn)


async def shared(scene: Scene, door: int, family: Family, agency: Agency, by: Agency = OAKFIELD) -> str:
    """The school, or whom it was shown to, lets an agency see the family; the decision."""
    body = {
        "agency": agency.id,
        "subjects": family.subjects,
        "categories": SHARED,
        "purpose": family.purpose,
        "basis": "agreement",
        "given_by": "Robin Synthetic, mother, parental responsibility",
        "reason": "The family asked for help together.",
    }
    return json.loads((await scene.done(door, by, "/sharing/decisions", body)).text)["decision"]


async def remembered(scene: Scene, door: int, family: Family, newer: Family) -> None:
    """Begin what is gone on with later: a page, a repeated write, a queued event."""
    family.key = str(uuid4())
    key = {"idempotency-key": family.key}
    await scene.done(door, HOUSING, "/referral/referrals", family.referral(), headers=key)
    await shared(scene, door, newer, HOUSING)
    page = await scene.ask(door, HOUSING, "GET", "/referral/households?limit=1")
    family.cursor = json.loads(page.text)["next"]
    school = Caller(OAKFIELD.id, OAKFIELD.client, frozenset(), Purpose.EARLY_HELP)
    async with scene.outbox.transaction(school, "bench", uuid4()) as tx:
        family.event = await tx.value(DUE, child=family.child)
