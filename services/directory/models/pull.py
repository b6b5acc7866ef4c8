"""What pulls did: each pull, what it changed, what it has met so far, and the pages it knows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from hub.caller import AgencyId
from services.directory.models.feed import AUTHOR, SCHEMA, now

NO_WORDS = {"server_default": text("'{}'")}


class Pull(SQLModel, table=True):
    """One pull of a feed. `page` is the one to read next, so that a pull that was cut off goes on there."""

    __table_args__ = (
        Index("pull_of_feed", "feed", text("started_at desc"), "id"),
        Index("pull_page", "agency", text("started_at desc"), "id"),
        SCHEMA,
    )
    id: UUID = Field(primary_key=True)
    feed: UUID = Field(foreign_key="directory.feed.id")
    agency: AgencyId = Field(sa_type=Text, sa_column_kwargs=AUTHOR)
    state: str = Field(sa_type=Text)
    how: str = Field(sa_type=Text)
    shape: str | None = Field(None, sa_type=Text)
    page: int = Field(1, sa_column_kwargs={"server_default": text("1")})
    started_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    ended_at: datetime | None = Field(None, sa_type=DateTime(timezone=True))
    counts: dict[str, Any] = Field(
        default_factory=dict[str, Any],
        sa_type=JSONB,
        sa_column_kwargs={"server_default": text("'{}'")},
    )
    stopped: str | None = Field(None, sa_type=Text)
    decided_by: str | None = Field(None, sa_type=Text)
    decided_at: datetime | None = Field(None, sa_type=DateTime(timezone=True))
    reason: str | None = Field(None, sa_type=Text)


class PullLine(SQLModel, table=True):
    """One line of a pull's report: a service it added, changed or hid, a record it refused or mended."""

    __tablename__ = "pull_line"  # pyright: ignore[reportAssignmentType]
    __table_args__ = SCHEMA
    pull: UUID = Field(foreign_key="directory.pull.id", primary_key=True)
    number: int = Field(primary_key=True)
    agency: AgencyId = Field(sa_type=Text, sa_column_kwargs=AUTHOR)
    what: str = Field(sa_type=Text)
    service: UUID | None = None
    source_id: str | None = Field(None, sa_type=Text)
    name: str | None = Field(None, sa_type=Text)
    said: list[str] = Field(
        default_factory=list[str],
        sa_type=ARRAY(Text),  # pyright: ignore[reportArgumentType]  # an instance: SQLModel types it as a class
        sa_column_kwargs=NO_WORDS,
    )


class PullSeen(SQLModel, table=True):
    """That a pull under way has met a record. Gone when the pull is done."""

    __tablename__ = "pull_seen"  # pyright: ignore[reportAssignmentType]
    __table_args__ = SCHEMA
    pull: UUID = Field(foreign_key="directory.pull.id", primary_key=True)
    source_id: str = Field(sa_type=Text, primary_key=True)
    agency: AgencyId = Field(sa_type=Text, sa_column_kwargs=AUTHOR)


class FeedPage(SQLModel, table=True):
    """A page of a feed as it was last read, so that it is sent again only if it has changed (RFC 9110)."""

    __tablename__ = "feed_page"  # pyright: ignore[reportAssignmentType]
    __table_args__ = SCHEMA
    feed: UUID = Field(foreign_key="directory.feed.id", primary_key=True)
    page: int = Field(primary_key=True)
    agency: AgencyId = Field(sa_type=Text, sa_column_kwargs=AUTHOR)
    etag: str | None = Field(None, sa_type=Text)
    last_modified: str | None = Field(None, sa_type=Text)
    source_ids: list[str] = Field(
        default_factory=list[str],
        sa_type=ARRAY(Text),  # pyright: ignore[reportArgumentType]  # an instance: SQLModel types it as a class
        sa_column_kwargs=NO_WORDS,
    )
    last: bool
