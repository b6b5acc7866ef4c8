"""Plans over HTTP, with their goals, actions and offers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from services.assessment.actions import plans as actions
from services.assessment.api.answers import show
from services.assessment.models.plans import ActionStatus
from services.assessment.schemas.plans import (
    ActionHeard,
    GoalHeard,
    OfferHeard,
    OneAction,
    OneGoal,
    OneOffer,
    OnePlan,
    PlanHeard,
    WholePlan,
)
from services.assessment.schemas.texts import StepNoteHeard
from services.assessment.store.plans import ONE, ONE_ACTION, ONE_GOAL, ONE_OFFER, WHOLE

router = APIRouter(route_class=HubRoute, prefix="/plans", tags=["plans"])

Read = Annotated[Tx, allow(Scope.PLANS_READ)]
Write = Annotated[Tx, allow(Scope.PLANS_WRITE)]


@router.post("", status_code=201, response_model=OnePlan)
async def draft_plan(tx: Write, heard: PlanHeard) -> Response:
    """Draft a plan for a family that has agreed to take part, siblings included."""
    return await show(tx, ONE, 201, plan=await actions.draft(tx, heard))


@router.get("/{plan}", response_model=WholePlan)
async def read_plan(tx: Read, plan: UUID) -> Response:
    """A plan, its history, and the goals, actions and offers you may see."""
    return await show(tx, WHOLE, plan=plan)


@router.post("/{plan}/goals", status_code=201, response_model=OneGoal)
async def set_goal(tx: Write, plan: UUID, heard: GoalHeard) -> Response:
    """Set a goal for the family or one of its people."""
    return await show(tx, ONE_GOAL, 201, goal=await actions.set_goal(tx, plan, heard))


@router.post("/{plan}/actions", status_code=201, response_model=OneAction)
async def assign_action(tx: Write, plan: UUID, heard: ActionHeard) -> Response:
    """Assign an action towards a goal. It shares nothing with the agency that is to do it."""
    return await show(tx, ONE_ACTION, 201, action=await actions.assign(tx, plan, heard))


@router.post("/{plan}/offers", status_code=201, response_model=OneOffer)
async def offer_service(tx: Write, plan: UUID, heard: OfferHeard) -> Response:
    """Put a service of the local directory on the plan for somebody."""
    return await show(tx, ONE_OFFER, 201, offer=await actions.offer(tx, plan, heard))


@router.post("/{plan}/agree", response_model=OnePlan)
async def agree_plan(tx: Write, plan: UUID, heard: StepNoteHeard) -> Response:
    """The family agrees to the plan."""
    await actions.agree(tx, plan, heard.note)
    return await show(tx, ONE, plan=plan)


@router.post("/{plan}/actions/{action}/done", response_model=OneAction)
async def finish_action(tx: Write, plan: UUID, action: UUID, heard: StepNoteHeard) -> Response:
    """The action has been done."""
    await actions.settle(tx, plan, action, ActionStatus.DONE, heard.note)
    return await show(tx, ONE_ACTION, action=action)


@router.post("/{plan}/actions/{action}/drop", response_model=OneAction)
async def drop_action(tx: Write, plan: UUID, action: UUID, heard: StepNoteHeard) -> Response:
    """The action will not be done."""
    await actions.settle(tx, plan, action, ActionStatus.DROPPED, heard.note)
    return await show(tx, ONE_ACTION, action=action)
