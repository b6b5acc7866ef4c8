"""Who asks for whose records, and when a person decides before anything is looked up.

Everybody asks for themselves. Parental responsibility is not by itself the right to a child's records: where
an order or a seal protects the child or anybody they live with, or the child is old enough to be asked, a
person decides first.
"""

from collections.abc import Iterable
from uuid import UUID

from pydantic import Field

from gateway.retention.reaching import Families
from gateway.rights.proposals import AskerCapacity
from hub.database import Tx
from hub.heard import Heard, Line, PastDate, age_on
from hub.problem import Problem

# A prompt, not a rule: from about this age a child can understand what is asked for, and is asked themselves.
COMPETENT_FROM = 12
PROTECTED = "An order or a seal protects the person asked about, or somebody of their household."
OLD_ENOUGH = (
    f"They are {COMPETENT_FROM} or older: find out first whether they can decide for themselves, what they"
    " want, and what is best for them."
)


class AskedForAnother(Problem):
    """Whoever asks for themselves asks about themselves alone."""

    status = 422


class RightsRequest(Heard):
    """Somebody asks for something about a person."""

    subject: UUID
    asked_by: Line = Field(description="who asks, by name")
    asker: UUID | None = Field(
        None, description="the hub's id of who asks; with capacity `self` none but the subject's"
    )
    capacity: AskerCapacity
    received_on: PastDate = Field(description="the answer is due a month after, by the clock of the request")


def require_themself(asked: RightsRequest) -> None:
    """Nobody speaks for another as `self`. Raises AskedForAnother."""
    if asked.capacity is AskerCapacity.SELF and asked.asker not in (None, asked.subject):
        raise AskedForAnother("Say in `capacity` in what right they ask for somebody else.")


async def why_a_person(tx: Tx, asked: RightsRequest, family: Families) -> str | None:
    """Why a person decides before anything is looked up; None where nothing asks for that."""
    if asked.capacity is AskerCapacity.SELF and asked.subject not in family.members:
        return None
    if await protected(tx, family.everybody(asked.subject)):
        return PROTECTED
    by_a_parent = asked.capacity is AskerCapacity.PARENTAL_RESPONSIBILITY
    return OLD_ENOUGH if by_a_parent and _old_enough(asked, family) else None


async def protected(tx: Tx, people: Iterable[UUID]) -> set[str]:
    """Those of them whose whereabouts are sealed, or with whom a court forbids contact."""
    who = "select distinct who::text as who from hub.protections(cast(:people as uuid[]))"
    return {row["who"] for row in await tx.rows(who, people=sorted(people))}


def _old_enough(asked: RightsRequest, family: Families) -> bool:
    """Whether somebody else it is about may decide for themselves; also where nobody says their age."""
    others = family.members.get(asked.subject, frozenset({asked.subject})) - {asked.asker}
    born = [family.born.get(one) for one in others]
    return any(one is None or age_on(one, asked.received_on) >= COMPETENT_FROM for one in born)
