"""What the tests of decisions say and ask: parents, bodies, and the answers they look at."""

from typing import Any
from uuid import UUID

from deploy.demo.partner import Partner
from deploy.demo.partnership import EARLY_HELP, OAKFIELD
from tests.people import Family, Room, a_family, share

CATEGORY = "family_household"
MOTHER = {"name": "Robin Synthetic", "capacity": "pr_holder"}
FATHER = {"name": "Jo Synthetic", "capacity": "pr_holder"}


def body(family: Family, agency: str, **more: Any) -> dict[str, Any]:
    """A decision on the mother's agreement."""
    return {
        "agency": agency,
        "subjects": [str(family.household)],
        "categories": [CATEGORY],
        "purpose": "early_help",
        "basis": "agreement",
        "giver": MOTHER,
        "reason": "The family asked for help together.",
        **more,
    }


async def decided(by: Partner, family: Family, agency: str, **more: Any) -> str:
    """The id of a decision that was recorded."""
    return (await by.made("/sharing/decisions", body(family, agency, **more)))["decision"]


async def known_to_early_help(room: Room) -> Family:
    """A school's family that the early help team works with too."""
    family = await a_family(room)
    await share(room[OAKFIELD], EARLY_HELP, [family.household], ["existence", CATEGORY])
    return family


async def history(by: Partner, decision: str) -> dict[str, Any]:
    """A decision as one agency reads it."""
    answer = await by.get(f"/sharing/decisions/{decision}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def sees(partner: Partner, family: Family) -> bool:
    """Whether the household is there for somebody."""
    return (await partner.get(f"/referral/households/{family.household}/case")).status_code == 200


async def refused(by: Partner, path: str, said: Any) -> tuple[int, str]:
    """A refusal: its status and which problem it is."""
    answer = await by.post(path, said)
    assert answer.status_code >= 400, answer.text
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def step(decision: str | UUID, verb: str) -> str:
    """The path of a verb."""
    return f"/sharing/decisions/{decision}/{verb}"
