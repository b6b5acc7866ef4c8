"""Planning with a family: draft, set goals, assign actions, offer services, agree."""

from uuid import UUID

from hub.database import Tx
from hub.problem import NotFound
from services.assessment.models import (
    Action,
    ActionMove,
    Assessment,
    Goal,
    Offer,
    Plan,
    PlanMove,
)
from services.assessment.models.plans import ActionStatus, PlanStatus
from services.assessment.rules import plans as rules
from services.assessment.rules.engagements import check_agreed
from services.assessment.rules.family import check_belongs, check_family, check_same_household
from services.assessment.schemas.plans import ActionHeard, GoalHeard, OfferHeard, PlanHeard
from services.assessment.store.engagements import last_words
from services.assessment.store.rows import (
    fetch,
    hold_known,
    require_agencies,
    standing,
    take,
    write,
)


async def draft(tx: Tx, heard: PlanHeard) -> UUID:
    """Draft a plan for a family that has agreed to take part; returns its id.

    Raises EndsBeforeItBegins, NamedAsChildAndAdult, FamilyHasNotAgreed, NotFound for people the
    caller does not work with or an assessment it cannot see, NotOfThisFamily for another family's.
    """
    rules.check_dates(heard.starts, heard.target_end)
    check_family(heard.household, heard.children, heard.adults)
    await hold_known(tx, heard.household, *heard.children, *heard.adults)
    check_agreed(*await last_words(tx, heard.household))
    if heard.assessment:
        follows = await fetch(tx, Assessment, heard.assessment)
        check_same_household(heard.household, follows.subject, "/assessment")
    row = Plan(subject=heard.household, **heard.model_dump(exclude={"household"}))
    plan = await write(tx, "plan.drafted", row)
    tx.session.add(_step(row, 1, PlanStatus.DRAFT))
    await tx.session.flush()
    return plan


async def set_goal(tx: Tx, plan: UUID, heard: GoalHeard) -> UUID:
    """Set a goal for the family or one of its people. Raises what `_open` does."""
    whole = await _open(tx, plan, heard.subject)
    goal = Goal(plan=plan, household=whole.subject, **heard.model_dump())
    return await write(tx, "goal.set", goal)


async def assign(tx: Tx, plan: UUID, heard: ActionHeard) -> UUID:
    """Assign an action towards a goal of this plan to an agency, which it shares nothing with.

    Raises NotFound for a goal the caller cannot see, AgencyUnknown, and what `_open` does.
    """
    goal = await fetch(tx, Goal, heard.goal)
    if goal.plan != plan:
        raise NotFound
    whole = await _open(tx, plan, goal.subject)
    # Now that its subject is held: was it withdrawn while we waited?
    await fetch(tx, Goal, heard.goal)
    await require_agencies(tx, [heard.owner])
    action = Action(plan=plan, household=whole.subject, subject=goal.subject, **heard.model_dump())
    await write(tx, "action.assigned", action)
    tx.session.add(_action_step(action, 1, ActionStatus.OPEN, None))
    await tx.session.flush()
    return action.id


async def offer(tx: Tx, plan: UUID, heard: OfferHeard) -> UUID:
    """Put a service of the directory on the plan for somebody. Raises what `_open` does."""
    whole = await _open(tx, plan, heard.subject)
    row = Offer(plan=plan, household=whole.subject, **heard.model_dump())
    return await write(tx, "offer.made", row)


async def agree(tx: Tx, plan: UUID, note: str | None) -> None:
    """The family agrees to the plan. Raises NotFound, PlanMoveNotAllowed, FamilyHasNotAgreed."""
    whole = await take(tx, Plan, plan)
    number, here = await standing(tx, "plan", plan)
    rules.check_move(PlanStatus(here), PlanStatus.AGREED_WITH_FAMILY)
    check_agreed(*await last_words(tx, whole.subject))
    step = _step(whole, number + 1, PlanStatus.AGREED_WITH_FAMILY)
    step.note = note
    await write(tx, "plan.agreed_with_family", step, about=plan)


async def settle(tx: Tx, plan: UUID, action: UUID, outcome: ActionStatus, note: str | None) -> None:
    """An action is done, or dropped. Raises NotFound and ActionMoveNotAllowed."""
    task = await take(tx, Action, action)
    if task.plan != (await fetch(tx, Plan, plan)).id:
        raise NotFound
    number, here = await standing(tx, "action", action)
    rules.check_action_move(ActionStatus(here), outcome)
    await write(tx, f"action.{outcome}", _action_step(task, number + 1, outcome, note), about=action)


async def _open(tx: Tx, plan: UUID, subject: UUID) -> Plan:
    """The plan, to add to it. Raises NotFound, PlanNotOpen, NotOfThisFamily."""
    whole = await take(tx, Plan, plan, subject)
    _, here = await standing(tx, "plan", plan)
    rules.check_open(PlanStatus(here))
    check_belongs(subject, whole.subject, whole.children, whole.adults)
    return whole


def _step(whole: Plan, number: int, status: PlanStatus) -> PlanMove:
    return PlanMove(subject=whole.subject, keeper=whole.agency, plan=whole.id, number=number, status=status)


def _action_step(task: Action, number: int, status: ActionStatus, note: str | None) -> ActionMove:
    return ActionMove(
        subject=task.subject,
        keeper=task.agency,
        action=task.id,
        number=number,
        status=status,
        note=note,
    )
