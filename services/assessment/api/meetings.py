"""Network meetings over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from services.assessment.actions import meetings as actions
from services.assessment.api.answers import show
from services.assessment.schemas.meetings import (
    MeetingHeard,
    MinuteHeard,
    OneMeeting,
    OneMinute,
    WholeMeeting,
)
from services.assessment.store.meetings import ONE, ONE_MINUTE, WHOLE

router = APIRouter(route_class=HubRoute, prefix="/meetings", tags=["meetings"])

Read = Annotated[Tx, allow(Scope.MEETINGS_READ)]
Write = Annotated[Tx, allow(Scope.MEETINGS_WRITE)]


@router.post("", status_code=201, response_model=OneMeeting)
async def call_meeting(tx: Write, heard: MeetingHeard) -> Response:
    """Call a network meeting about a family. An invitation shares nothing."""
    return await show(tx, ONE, 201, meeting=await actions.call(tx, heard))


@router.get("/{meeting}", response_model=WholeMeeting)
async def read_meeting(tx: Read, meeting: UUID) -> Response:
    """A meeting and the minutes you may see."""
    return await show(tx, WHOLE, meeting=meeting)


@router.post("/{meeting}/minutes", status_code=201, response_model=OneMinute)
async def write_minute(tx: Write, meeting: UUID, heard: MinuteHeard) -> Response:
    """Minute what was said and decided."""
    return await show(tx, ONE_MINUTE, 201, minute=await actions.minute(tx, meeting, heard))
