"""Calling a network meeting about a family, and minuting it."""

from uuid import UUID

from hub.database import Tx
from services.assessment.models import Meeting, Minute
from services.assessment.schemas.meetings import MeetingHeard, MinuteHeard
from services.assessment.store.rows import hold_known, require_agencies, take, write


async def call(tx: Tx, heard: MeetingHeard) -> UUID:
    """Call a meeting about a family the caller works with; returns its id.

    Raises NotFound for any other family, and AgencyUnknown.
    """
    await hold_known(tx, heard.household)
    await require_agencies(tx, heard.agencies)
    meeting = Meeting(subject=heard.household, **heard.model_dump(exclude={"household"}))
    return await write(tx, "meeting.called", meeting)


async def minute(tx: Tx, meeting: UUID, heard: MinuteHeard) -> UUID:
    """Minute a meeting the caller can see; returns the minute's id. Otherwise NotFound."""
    held = await take(tx, Meeting, meeting)
    row = Minute(subject=held.subject, meeting=meeting, **heard.model_dump())
    return await write(tx, "minute.written", row)
