"""The life of an assessment: draft > in_progress > family_reviewed > completed > superseded."""

from hub.problem import Problem
from hub.sharing import Category
from services.assessment.models.assessments import AssessmentStatus

MOVES = {
    AssessmentStatus.DRAFT: frozenset({AssessmentStatus.IN_PROGRESS}),
    AssessmentStatus.IN_PROGRESS: frozenset({AssessmentStatus.FAMILY_REVIEWED}),
    AssessmentStatus.FAMILY_REVIEWED: frozenset({AssessmentStatus.COMPLETED}),
    AssessmentStatus.COMPLETED: frozenset({AssessmentStatus.SUPERSEDED}),
    AssessmentStatus.SUPERSEDED: frozenset[AssessmentStatus](),
}


class AssessmentMoveNotAllowed(Problem):
    """An assessment cannot make this step from where it stands."""

    status = 409


class AssessmentNotOpen(Problem):
    """The family has reviewed this assessment, so nothing more is added to it."""

    status = 409


class ChildsWordsStandAlone(Problem):
    """The words of a child stand in a section of wishes_feelings, which always has them."""

    status = 422


def check_move(here: AssessmentStatus, there: AssessmentStatus) -> None:
    """Refuse a step the life of an assessment does not have (AssessmentMoveNotAllowed)."""
    if there not in MOVES[here]:
        raise AssessmentMoveNotAllowed(f"It stands at {here} and cannot go to {there}.")


def check_open(here: AssessmentStatus) -> None:
    """Refuse a contribution that the family would not get to review (AssessmentNotOpen)."""
    if here not in {AssessmentStatus.DRAFT, AssessmentStatus.IN_PROGRESS}:
        raise AssessmentNotOpen(f"It stands at {here}.")


def check_words(category: Category, words_of_the_child: str | None) -> None:
    """Refuse a child's words under another category, where others would see them, or none there.

    Raises ChildsWordsStandAlone.
    """
    if (category is Category.WISHES) is not bool(words_of_the_child):
        raise ChildsWordsStandAlone(
            errors=[{"pointer": "/words_of_the_child", "detail": "goes with wishes_feelings only"}]
        )
