"""Engagements over HTTP: a family takes part, or no longer does."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from services.assessment.actions import engagements as actions
from services.assessment.api.answers import show
from services.assessment.schemas.engagements import (
    EngagementEndHeard,
    EngagementHeard,
    OneEngagement,
)
from services.assessment.store.engagements import ONE

router = APIRouter(route_class=HubRoute, prefix="/engagements", tags=["engagements"])

Write = Annotated[Tx, allow(Scope.ASSESSMENTS_WRITE)]


@router.post("", status_code=201, response_model=OneEngagement)
async def record_engagement(tx: Write, heard: EngagementHeard) -> Response:
    """Record that a family agrees to take part in early help. It shares nothing by itself."""
    return await show(tx, ONE, 201, engagement=await actions.engage(tx, heard))


@router.post("/{engagement}/end", response_model=OneEngagement)
async def end_engagement(tx: Write, engagement: UUID, heard: EngagementEndHeard) -> Response:
    """Record that the family takes part no longer. No assessment or plan starts after it."""
    await actions.end(tx, engagement, heard)
    return await show(tx, ONE, engagement=engagement)
