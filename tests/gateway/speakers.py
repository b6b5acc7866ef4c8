"""Who speaks in the tests of decisions: people of any age whom a school registered, and by what right."""

from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.demo.partnership import OAKFIELD
from tests.people import Room

COMPETENT = {
    "assessed_by": "School nurse",
    "assessed_at": (datetime.now(UTC) - timedelta(days=1)).isoformat(),
    "reasoning": "She understands what is shared, with whom, and what follows.",
}


def born(age: int, *, days_ago: int = 200) -> str:
    """The birthday of somebody who turned this age that many days ago."""
    day = datetime.now(UTC).date() - timedelta(days=days_ago)
    return day.replace(year=day.year - age, day=min(day.day, 28)).isoformat()


async def a_person(room: Room, birthday: str) -> str:
    """Somebody the school registered."""
    facts = {"given_name": "Ash", "family_name": "Synthetic", "date_of_birth": birthday}
    return (await room[OAKFIELD].made("/referral/people", facts))["person"]


def giver(person: Any, **more: Any) -> dict[str, Any]:
    """Somebody with an id, in some right."""
    return {"name": "Ash Synthetic", "person": str(person), **more}
