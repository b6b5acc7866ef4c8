"""Where records come from, and what every record of a feed carries."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy import DateTime, Index, Numeric, Text, text
from sqlmodel import Field, SQLModel

from hub.caller import AgencyId

SCHEMA = {"schema": "directory"}
AUTHOR = {"server_default": text("current_setting('hub.agency')")}
PUBLIC = {"server_default": text("'public'")}


def now() -> datetime:
    """This moment, zoned."""
    return datetime.now(UTC)


class Feed(SQLModel, table=True):
    """An outside directory that one agency keeps in step with, and how.

    `every_minutes` is how often it is pulled by itself; without it only when somebody asks. A pull that
    would hide more than `hide_limit` of what is listed waits for a person.
    """

    __table_args__ = (
        Index("feed_due", "next_pull_at", postgresql_where=text("next_pull_at is not null")),
        SCHEMA,
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    url: str = Field(sa_type=Text, unique=True)
    publisher: str = Field(sa_type=Text)
    agency: AgencyId = Field(sa_type=Text, sa_column_kwargs=AUTHOR)
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    pulled_at: datetime | None = Field(None, sa_type=DateTime(timezone=True))
    shape: str | None = Field(None, sa_type=Text)
    every_minutes: int | None = None
    next_pull_at: datetime | None = Field(None, sa_type=DateTime(timezone=True))
    failures: int = Field(0, sa_column_kwargs={"server_default": text("0")})
    last_error: str | None = Field(None, sa_type=Text)
    hide_limit: Decimal = Field(
        Decimal("0.1"), sa_type=Numeric, sa_column_kwargs={"server_default": text("0.1")}
    )


class Sourced(SQLModel):
    """A record of a feed: whose it is, who may see it, when it changed here, when it went."""

    id: UUID = Field(primary_key=True)
    feed: UUID = Field(foreign_key="directory.feed.id")
    source_id: str = Field(sa_type=Text)
    agency: AgencyId = Field(sa_type=Text, sa_column_kwargs=AUTHOR)
    visibility: str = Field("public", sa_type=Text, sa_column_kwargs=PUBLIC)
    updated_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    hidden_at: datetime | None = Field(None, sa_type=DateTime(timezone=True))


class Part(SQLModel):
    """A detail of a record, kept in the order its source gave it."""

    id: UUID = Field(primary_key=True)
    position: int
