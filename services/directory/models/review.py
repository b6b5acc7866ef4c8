"""What is said about a listing, what was decided about it, and what the listing said before."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import DateTime, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from hub.caller import AgencyId
from services.directory.models.feed import AUTHOR, SCHEMA, now
from services.directory.models.freshness import Done


class Review(SQLModel, table=True):
    """A family's report, a proposed edit, or a feed that disagrees with an edit: one queue."""

    __table_args__ = (
        Index("review_queue", "agency", "state", "raised_at", "id"),
        Index("review_of_service", "service_id", "raised_at"),
        SCHEMA,
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    service_id: UUID = Field(foreign_key="directory.service.id")
    agency: AgencyId = Field(sa_type=Text)
    provider: AgencyId | None = Field(None, sa_type=Text)
    kind: str = Field(sa_type=Text)
    via: str = Field(sa_type=Text)
    fault: str | None = Field(None, sa_type=Text)
    said: str | None = Field(None, sa_type=Text)
    changes: dict[str, Any] | None = Field(None, sa_type=JSONB)
    state: str = Field("waiting", sa_type=Text, sa_column_kwargs={"server_default": text("'waiting'")})
    raised_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    raised_by: str = Field(sa_type=Text, sa_column_kwargs=AUTHOR)
    taken_by: str | None = Field(None, sa_type=Text)
    taken_at: datetime | None = Field(None, sa_type=DateTime(timezone=True))
    decided_by: str | None = Field(None, sa_type=Text)
    decided_at: datetime | None = Field(None, sa_type=DateTime(timezone=True))
    reason: str | None = Field(None, sa_type=Text)


class LocalEdit(SQLModel, table=True):
    """A field in which the hub says otherwise than the feed: what its source last said, and what we say."""

    __tablename__ = "local_edit"  # pyright: ignore[reportAssignmentType]
    __table_args__ = SCHEMA
    service_id: UUID = Field(primary_key=True, foreign_key="directory.service.id")
    field: str = Field(sa_type=Text, primary_key=True)
    agency: AgencyId = Field(sa_type=Text, sa_column_kwargs=AUTHOR)
    source: Any = Field(sa_type=JSONB)
    value: Any = Field(sa_type=JSONB)
    review_id: UUID = Field(foreign_key="directory.review.id")


class Version(Done, table=True):
    """What may be edited of a listing, as it stood after a change."""

    __table_args__ = SCHEMA
    service_id: UUID = Field(primary_key=True, foreign_key="directory.service.id")
    number: int = Field(primary_key=True)
    agency: AgencyId = Field(sa_type=Text)
    at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    cause: str = Field(sa_type=Text)
    review_id: UUID | None = Field(None, foreign_key="directory.review.id")
    document: dict[str, Any] = Field(sa_type=JSONB)
