"""Network meetings and their minutes."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from hub.caller import AUDIENCE_LIMIT, AgencyId
from hub.heard import Agency, Heard, Line, Words
from services.assessment.schemas.texts import Shown


class MeetingHeard(Heard):
    """Agencies asked to come together about one family. An invitation shares nothing."""

    household: UUID
    starts_at: AwareDatetime
    venue: Line
    private_room: bool = False
    agencies: Annotated[list[Agency], Field(min_length=1, max_length=AUDIENCE_LIMIT)]


class MinuteHeard(Heard):
    """What was said, and what was decided."""

    text: Words
    decision: Words | None = None


class MeetingShown(Shown):
    """A meeting."""

    meeting: UUID
    household: UUID
    starts_at: datetime
    venue: str
    private_room: bool
    agencies: list[AgencyId]


class MinuteShown(Shown):
    """One minute."""

    minute: UUID
    meeting: UUID
    text: str
    decision: str | None


class OneMeeting(BaseModel):
    """A meeting without its minutes."""

    meeting: MeetingShown


class OneMinute(BaseModel):
    """A minute."""

    minute: MinuteShown


class WholeMeeting(OneMeeting):
    """A meeting with the minutes the caller may see."""

    minutes: list[MinuteShown]
