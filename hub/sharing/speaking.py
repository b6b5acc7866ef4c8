"""For whom somebody speaks: themselves alone, or the children they have parental responsibility for."""

from collections.abc import Collection
from uuid import UUID

from hub.database import Tx
from hub.problem import Problem
from hub.sharing.givers import (
    AGES,
    CapacityDoesNotFit,
    GiverCapacity,
    Known,
    check_birthdays,
    may_be_a_minor,
)

FOR_WHOM = {
    GiverCapacity.ADULT: "An adult speaks for themselves and the household they live in, and for nobody else",
    GiverCapacity.YOUNG_PERSON: "A young person speaks for themselves alone",
    GiverCapacity.GILLICK_COMPETENT: "A child who was found competent speaks for itself alone",
}


class MayNotSpeakForThem(Problem):
    """By this right they do not speak for everybody this is about."""

    status = 422


async def require_speaks(
    tx: Tx,
    capacity: str | None,
    person: UUID | None,
    known: Known,
    subjects: Collection[UUID],
    age: int | None = None,
) -> None:
    """Refuse somebody who may not speak for all of these by this right; None for one that nobody stated.

    Ask it about people whom the caller may know of: it tells a household from a person.
    Raises MayNotSpeakForThem, CapacityDoesNotFit.
    """
    if capacity == GiverCapacity.PR_HOLDER:
        _check_children(person, known, set(subjects))
    elif capacity:
        await _require_themselves(tx, GiverCapacity(capacity), person, subjects)
        _check_themselves(GiverCapacity(capacity), age, known, subjects)


def _check_children(person: UUID | None, known: Known, subjects: set[UUID]) -> None:
    """Beside a child they may speak for themselves: where no id says who they are, for one adult."""
    adults = {one for one in subjects & known.born.keys() if not may_be_a_minor(known.born[one], None)}
    themselves = {person} if person else adults if len(adults) == 1 else set[UUID]()
    if subjects == themselves:
        raise CapacityDoesNotFit("Nobody holds parental responsibility for themselves.")
    if others := adults - themselves:
        named = ", ".join(sorted(map(str, others)))
        raise MayNotSpeakForThem(f"Known to you as adults, who speak for themselves: {named}.")


async def _require_themselves(
    tx: Tx, right: GiverCapacity, person: UUID | None, subjects: Collection[UUID]
) -> None:
    speaks = await tx.value(
        "select hub.speaks_for(cast(:right as text), cast(:person as uuid), cast(:subjects as uuid[]))",
        right=right,
        person=person,
        subjects=list(subjects),
    )
    if not speaks:
        raise MayNotSpeakForThem(f"{FOR_WHOM[right]}.")


def _check_themselves(
    right: GiverCapacity, age: int | None, known: Known, subjects: Collection[UUID]
) -> None:
    """Whom it is about, where that is a person, is whoever speaks, also where no id says so."""
    for one in set(subjects) & known.born.keys():
        check_birthdays(right, AGES[right], age, known.born[one])
