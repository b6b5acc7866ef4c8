"""An assessment and a plan are about one household and the people named in them, and nobody else."""

from collections.abc import Iterable
from uuid import UUID

from hub.problem import Problem


class NotOfThisFamily(Problem):
    """This is about somebody whom the assessment or plan does not name."""

    status = 422


class NamedAsChildAndAdult(Problem):
    """Somebody is named both as a child and as an adult."""

    status = 422


def check_family(household: UUID, children: Iterable[UUID], adults: Iterable[UUID]) -> None:
    """Refuse a family in which one id stands for two things (NamedAsChildAndAdult)."""
    both = {household, *children} & set(adults) or {household} & set(children)
    if both:
        raise NamedAsChildAndAdult(
            errors=[{"pointer": "/adults", "detail": "repeats the household or a child"}]
        )


def check_belongs(subject: UUID, household: UUID, children: Iterable[UUID], adults: Iterable[UUID]) -> None:
    """Refuse a subject that is neither the household nor one of its named people (NotOfThisFamily)."""
    if subject not in {household, *children, *adults}:
        raise NotOfThisFamily(errors=[{"pointer": "/subject", "detail": "is not named in this record"}])


def check_same_household(here: UUID, there: UUID, pointer: str) -> None:
    """Refuse to tie together records of two households (NotOfThisFamily)."""
    if here != there:
        raise NotOfThisFamily(errors=[{"pointer": pointer, "detail": "is about another household"}])
