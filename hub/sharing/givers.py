"""Who speaks for somebody, and by what right: parental responsibility, their own age, Gillick competence."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from pydantic import Field

from hub.heard import Happened, Heard, Line, Words, age_on, today
from hub.problem import Problem


class GiverCapacity(StrEnum):
    """By what right somebody agrees or refuses."""

    PR_HOLDER = "pr_holder"
    ADULT = "adult"
    YOUNG_PERSON = "young_person"
    GILLICK_COMPETENT = "gillick_competent"


class CapacityDoesNotFit(Problem):
    """The age does not fit the right by which they speak."""

    status = 422


class GillickNeedsReasoning(Problem):
    """A child who decides for itself was found competent by somebody, for a reason."""

    status = 422


class GiverUnclear(Problem):
    """A refusal says who refuses, and by what right."""

    status = 422


class PersonUnknown(Problem):
    """You know nobody of this id: leave it out and give the name alone."""

    status = 422


class Competence(Heard):
    """Why this child is competent to make this very decision; it is judged per decision, not by age."""

    assessed_by: Line
    assessed_at: Happened
    reasoning: Words


class Speaker(Heard):
    """Whose word it is. `person` tells two parents of one name apart."""

    name: Line
    person: UUID | None = Field(None, description="the hub's id, where they have one")


class Giver(Speaker):
    """Who agrees or refuses, and by what right."""

    capacity: GiverCapacity
    age: int | None = Field(
        None, ge=0, le=120, description="at the time; a child's or young person's must be given"
    )
    competence: Competence | None = None


ADULT = 18
AGES = {
    GiverCapacity.PR_HOLDER: range(ADULT, 121),
    GiverCapacity.ADULT: range(ADULT, 121),
    GiverCapacity.YOUNG_PERSON: range(16, 18),
    GiverCapacity.GILLICK_COMPETENT: range(16),
}
IN_WORDS = {
    GiverCapacity.PR_HOLDER: (
        "Somebody with parental responsibility is 18 or older, or known as a parent there"
    ),
    GiverCapacity.ADULT: "An adult is 18 or older",
    GiverCapacity.YOUNG_PERSON: "A young person is 16 or 17",
    GiverCapacity.GILLICK_COMPETENT: "A child whose competence is assessed is under 16",
}
NEED_AN_AGE = {GiverCapacity.YOUNG_PERSON: "young person", GiverCapacity.GILLICK_COMPETENT: "child"}
WRITTEN_DOWN_WITHIN = timedelta(days=31)


# Every mother has parental responsibility, whatever her age (Children Act 1989 s.2).
AGES_OF_A_PARENT = {**AGES, GiverCapacity.PR_HOLDER: range(121)}


@dataclass(frozen=True)
class Acquaintance:
    """Somebody the caller knows, when they were born, whose parent they are: as far as the caller may see.

    `parent_of`: the households in which they are known as a parent, and who lives there.
    """

    person: UUID
    born: Sequence[date] = ()
    parent_of: frozenset[UUID] = frozenset()

    def ages(self, subjects: Collection[UUID]) -> Mapping[GiverCapacity, range]:
        """How old one must be to speak for these in each capacity: a parent of all of them, of any age."""
        others = set(subjects) - {self.person}
        return AGES_OF_A_PARENT if others and others <= self.parent_of else AGES


@dataclass(frozen=True)
class Known:
    """Who speaks, as the caller knows them; and by every account it may see, when these people were born."""

    speaker: Acquaintance | None = None
    born: Mapping[UUID, Sequence[date]] = field(default_factory=dict[UUID, Sequence[date]])


NOBODY = Known()


def check_giver(giver: Giver) -> None:
    """Refuse a right that nothing supports.

    16 and 17 are presumed capable; under 16 competence is assessed (Gillick, standards 2.6).
    Raises CapacityDoesNotFit, GillickNeedsReasoning.
    """
    if giver.age is None and giver.capacity in NEED_AN_AGE:
        raise CapacityDoesNotFit(f"Record the age of a {NEED_AN_AGE[giver.capacity]} in `age`.")
    allowed = AGES_OF_A_PARENT if giver.person else AGES  # who it is, `check_known` asks
    if giver.age is not None and giver.age not in allowed[giver.capacity]:
        raise CapacityDoesNotFit(f"{IN_WORDS[giver.capacity]}, not {giver.age}.")
    if giver.capacity is GiverCapacity.GILLICK_COMPETENT and giver.competence is None:
        raise GillickNeedsReasoning("Give `competence`: assessed_by, assessed_at, reasoning.")


def check_known(giver: Giver | None, known: Acquaintance | None, subjects: Collection[UUID]) -> None:
    """Refuse an id that the caller knows nobody by, and a right or an age that their birthday does not bear.

    Under 18 somebody holds parental responsibility only where they are known as a parent.
    Raises PersonUnknown, CapacityDoesNotFit.
    """
    if giver and giver.person:
        check_acquainted(giver, known, "/giver/person", giver.capacity, subjects, giver.age)


def check_acquainted(
    speaker: Speaker,
    known: Acquaintance | None,
    pointer: str,
    capacity: str | None,
    subjects: Collection[UUID],
    age: int | None = None,
) -> None:
    """The same for whoever speaks later, by the right of who gave it."""
    if known is None or known.person != speaker.person:
        raise PersonUnknown(errors=[{"pointer": pointer, "detail": "is nobody you know"}])
    if not capacity:
        return
    right = GiverCapacity(capacity)
    allowed = known.ages(subjects)[right]
    if age is not None and age not in allowed:
        raise CapacityDoesNotFit(f"{IN_WORDS[right]}, not {age}.")
    check_birthdays(right, allowed, age, known.born)


def may_be_a_minor(born: Sequence[date], age: int | None) -> bool:
    """Whether somebody may be under 18, by a birthday or by the age that was stated."""
    return (age is not None and age < ADULT) or any(age_on(each, today()) < ADULT for each in born)


def check_birthdays(capacity: GiverCapacity, allowed: range, age: int | None, born: Sequence[date]) -> None:
    """Every account that the caller may see bears the right, and one of them the age that was stated.

    Raises CapacityDoesNotFit.
    """
    possible = [_ages(each) for each in born]
    for ages in possible:
        if not any(one in allowed for one in ages):
            raise CapacityDoesNotFit(f"{IN_WORDS[capacity]}, and by the birthday held they are {ages[-1]}.")
    if possible and age is not None and not any(age in ages for ages in possible):
        raise CapacityDoesNotFit(f"By the birthday held they are {possible[0][-1]}, not {age}.")


def _ages(born: date) -> range:
    """How old they may have been when they spoke: what is written down now was said within a month."""
    return range(max(0, age_on(born, today() - WRITTEN_DOWN_WITHIN)), max(0, age_on(born, today())) + 1)
