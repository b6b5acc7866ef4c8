"""Who speaks for somebody, and by what right: parental responsibility, their own age, Gillick competence."""

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from hub.heard import Happened, Heard, Line, Words
from hub.problem import Problem


class Capacity(StrEnum):
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

    capacity: Capacity
    age: int | None = Field(
        None, ge=0, le=120, description="at the time; a child's or young person's must be given"
    )
    competence: Competence | None = None


AGES = {
    Capacity.ADULT: range(18, 121),
    Capacity.YOUNG_PERSON: range(16, 18),
    Capacity.GILLICK_COMPETENT: range(16),
}


def check_giver(giver: Giver) -> None:
    """Refuse a right that nothing supports.

    16 and 17 are presumed capable; under 16 competence is assessed (Gillick, standards 2.6).
    Raises CapacityDoesNotFit, GillickNeedsReasoning.
    """
    ages = AGES.get(giver.capacity)
    if ages and giver.age is None and giver.capacity is not Capacity.ADULT:
        raise CapacityDoesNotFit(f"Record the age of a {giver.capacity}.")
    if ages and giver.age is not None and giver.age not in ages:
        raise CapacityDoesNotFit(f"A {giver.capacity} is {ages.start} to {ages.stop - 1}, not {giver.age}.")
    if giver.capacity is Capacity.GILLICK_COMPETENT and giver.competence is None:
        raise GillickNeedsReasoning("Give `competence`: assessed_by, assessed_at, reasoning.")
