"""Network meetings about a family, and their minutes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Column, DateTime, Text
from sqlmodel import Field

from hub.caller import AgencyId
from hub.sharing import Category
from services.assessment.models.rows import SCHEMA, Row


class Meeting(Row, table=True):
    """Agencies come together about one family. An invitation shares nothing."""

    __table_args__ = SCHEMA
    subject: UUID = Field(index=True)
    category: str = Field(default=Category.PLAN, sa_type=Text)
    starts_at: datetime = Field(
        sa_type=DateTime(timezone=True)  # pyright: ignore[reportArgumentType]  # wants a class
    )
    venue: str = Field(sa_type=Text)
    private_room: bool
    agencies: list[AgencyId] = Field(sa_column=Column(ARRAY(Text), nullable=False))


class Minute(Row, table=True):
    """What one agency minutes of a meeting. Minutes have their own sharing category."""

    __table_args__ = SCHEMA
    subject: UUID = Field(index=True)
    category: str = Field(default=Category.MINUTES, sa_type=Text)
    meeting: UUID = Field(foreign_key="assessment.meeting.id", index=True)
    text: str = Field(sa_type=Text)
    decision: str | None = Field(default=None, sa_type=Text)
