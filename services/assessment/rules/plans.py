"""The life of a plan and of the actions on it."""

from datetime import date

from hub.problem import Problem
from services.assessment.models.plans import ActionStatus, PlanStatus
from services.assessment.rules.engagements import EndsBeforeItBegins

MOVES = {
    PlanStatus.DRAFT: frozenset({PlanStatus.AGREED_WITH_FAMILY}),
    PlanStatus.AGREED_WITH_FAMILY: frozenset({PlanStatus.ACTIVE}),
    PlanStatus.ACTIVE: frozenset({PlanStatus.UNDER_REVIEW, PlanStatus.CLOSING}),
    PlanStatus.UNDER_REVIEW: frozenset({PlanStatus.ACTIVE, PlanStatus.CLOSING}),
    PlanStatus.CLOSING: frozenset({PlanStatus.CLOSED}),
    PlanStatus.CLOSED: frozenset[PlanStatus](),
}
ACTION_MOVES = {
    ActionStatus.OPEN: frozenset({ActionStatus.DONE, ActionStatus.DROPPED}),
    ActionStatus.DONE: frozenset[ActionStatus](),
    ActionStatus.DROPPED: frozenset[ActionStatus](),
}


class PlanMoveNotAllowed(Problem):
    """A plan cannot make this step from where it stands."""

    status = 409


class ActionMoveNotAllowed(Problem):
    """An action cannot make this step from where it stands."""

    status = 409


class PlanNotOpen(Problem):
    """Nothing is added to a plan that is closing or closed."""

    status = 409


def check_move(here: PlanStatus, there: PlanStatus) -> None:
    """Refuse a step the life of a plan does not have (PlanMoveNotAllowed)."""
    if there not in MOVES[here]:
        raise PlanMoveNotAllowed(f"It stands at {here} and cannot go to {there}.")


def check_action_move(here: ActionStatus, there: ActionStatus) -> None:
    """Refuse a step the life of an action does not have (ActionMoveNotAllowed)."""
    if there not in ACTION_MOVES[here]:
        raise ActionMoveNotAllowed(f"It stands at {here} and cannot go to {there}.")


def check_open(here: PlanStatus) -> None:
    """Refuse to add to a plan that is coming to its end (PlanNotOpen)."""
    if here in {PlanStatus.CLOSING, PlanStatus.CLOSED}:
        raise PlanNotOpen(f"It stands at {here}.")


def check_dates(starts: date, target_end: date) -> None:
    """Refuse a plan that ends before it begins, or as it begins (EndsBeforeItBegins)."""
    if target_end <= starts:
        raise EndsBeforeItBegins(errors=[{"pointer": "/target_end", "detail": "is not after starts"}])
