"""That two services of different feeds may be one."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import DateTime, Index, Numeric, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from services.directory.models.feed import SCHEMA, now


class Likeness(SQLModel, table=True):
    """Two services that look like one, why, and what a person said of it.

    `agencies` keep the two, and may see the pair and decide. `listed` is the one that stays listed once
    somebody has said that both are the same.
    """

    __table_args__ = (
        UniqueConstraint("one", "other"),
        Index("likeness_page", "state", text("proposed_at desc"), "id"),
        SCHEMA,
    )
    id: UUID = Field(primary_key=True)
    one: UUID = Field(foreign_key="directory.service.id")
    other: UUID = Field(foreign_key="directory.service.id")
    agencies: list[str] = Field(sa_type=ARRAY(Text))  # pyright: ignore[reportArgumentType]  # as in models/pull.py
    score: Decimal = Field(sa_type=Numeric)
    reasons: list[str] = Field(sa_type=ARRAY(Text))  # pyright: ignore[reportArgumentType]  # as in models/pull.py
    state: str = Field("proposed", sa_type=Text, sa_column_kwargs={"server_default": text("'proposed'")})
    listed: UUID | None = None
    proposed_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    decided_by: str | None = Field(None, sa_type=Text)
    decided_at: datetime | None = Field(None, sa_type=DateTime(timezone=True))
    reason: str | None = Field(None, sa_type=Text)
