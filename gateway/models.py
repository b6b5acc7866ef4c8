"""What the front door stores: who the machine clients are, and which proofs of theirs were used."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, DateTime, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel


class Agency(SQLModel, table=True):
    """A member of the partnership: a table of the hub's, which only the front door writes."""

    __table_args__ = {"schema": "hub"}

    id: str = Field(primary_key=True, sa_type=Text)
    name: str = Field(sa_type=Text)
    type: str = Field(sa_type=Text)
    active: bool = True


class Client(SQLModel, table=True):
    """One machine client of one agency. Nothing else says which agency a caller belongs to."""

    __table_args__ = {"schema": "gateway"}

    id: str = Field(primary_key=True, sa_type=Text)
    agency: str = Field(sa_type=Text, sa_column_args=(ForeignKey("hub.agency.id"),))
    name: str = Field(sa_type=Text)
    jwks: dict[str, Any] = Field(sa_type=JSONB)
    scopes: list[str] = Field(sa_type=ARRAY(Text))  # pyright: ignore[reportArgumentType]  # typed for classes only
    team: str | None = Field(default=None, sa_type=Text)
    active: bool = True
    created_at: datetime = Field(
        sa_type=DateTime(timezone=True),  # pyright: ignore[reportArgumentType]  # as above
        sa_column_kwargs={"server_default": text("now()")},
    )


class Assertion(SQLModel, table=True):
    """A client's proof of identity that was used: no process takes it a second time."""

    __table_args__ = (Index("assertion_by_age", "expires"), {"schema": "gateway"})

    client: str = Field(primary_key=True, sa_type=Text)
    jti: str = Field(primary_key=True, sa_type=Text)
    expires: datetime = Field(
        sa_type=DateTime(timezone=True),  # pyright: ignore[reportArgumentType]  # as above
    )


class Training(SQLModel, table=True):
    """A course that a client (its operators) or a practitioner completed, and until when it holds."""

    __table_args__ = (
        Index("training_held", "agency", "course"),
        Index("training_page", "at", "id"),
        {"schema": "gateway"},
    )

    id: UUID = Field(primary_key=True)
    agency: str = Field(sa_type=Text, sa_column_args=(ForeignKey("hub.agency.id"),))
    client: str = Field(sa_type=Text, sa_column_kwargs={"server_default": text("''")})
    practitioner: str = Field(sa_type=Text, sa_column_kwargs={"server_default": text("''")})
    course: str = Field(sa_type=Text)
    completed_on: date
    expires_on: date
    revoked: bool = False
    recorded_by: str = Field(sa_type=Text, sa_column_kwargs={"server_default": text("''")})
    at: datetime = Field(
        sa_type=DateTime(timezone=True),  # pyright: ignore[reportArgumentType]  # as above
    )


class Condition(SQLModel, table=True):
    """What a scope depends on: a course of the client or the practitioner, or an agreement in force."""

    __table_args__ = {"schema": "gateway"}

    scope: str = Field(primary_key=True, sa_type=Text)
    holder: str = Field(primary_key=True, sa_type=Text)
    course: str = Field(primary_key=True, sa_type=Text)


class ConditionEvent(SQLModel, table=True):
    """A condition was set or lifted, by whom."""

    __tablename__ = "condition_event"  # pyright: ignore[reportAssignmentType]  # SQLModel's stub
    __table_args__ = (Index("condition_event_page", "at", "id"), {"schema": "gateway"})

    id: UUID = Field(primary_key=True)
    event: str = Field(sa_type=Text)
    scope: str = Field(sa_type=Text)
    holder: str = Field(sa_type=Text)
    course: str = Field(sa_type=Text)
    recorded_by: str = Field(sa_type=Text)
    recorded_by_client: str = Field(sa_type=Text)
    practitioner: str = Field(sa_type=Text)
    at: datetime = Field(
        sa_type=DateTime(timezone=True),  # pyright: ignore[reportArgumentType]  # as above
    )


class SuspendedPractitioner(SQLModel, table=True):
    """A practitioner who is kept out now."""

    __tablename__ = "suspended_practitioner"  # pyright: ignore[reportAssignmentType]  # SQLModel's stub
    __table_args__ = {"schema": "gateway"}

    agency: str = Field(primary_key=True, sa_type=Text, sa_column_args=(ForeignKey("hub.agency.id"),))
    practitioner: str = Field(primary_key=True, sa_type=Text)


class StandingEvent(SQLModel, table=True):
    """Somebody was suspended or let in again: by whom, and why."""

    __tablename__ = "standing_event"  # pyright: ignore[reportAssignmentType]  # as above
    __table_args__ = (Index("standing_page", "at", "id"), {"schema": "gateway"})

    id: UUID = Field(primary_key=True)
    event: str = Field(sa_type=Text)
    agency: str = Field(sa_type=Text)
    client: str = Field(sa_type=Text)
    practitioner: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    recorded_by: str = Field(sa_type=Text)
    recorded_by_client: str = Field(sa_type=Text)
    at: datetime = Field(
        sa_type=DateTime(timezone=True),  # pyright: ignore[reportArgumentType]  # as above
    )


class NewLook(SQLModel, table=True):
    """What a client, or a practitioner of an agency, asked for within a day that was new to them."""

    __tablename__ = "new_look"  # pyright: ignore[reportAssignmentType]  # as above
    __table_args__ = (Index("new_look_by_time", "at"), {"schema": "gateway"})

    agency: str = Field(primary_key=True, sa_type=Text)
    client: str = Field(primary_key=True, sa_type=Text, sa_column_kwargs={"server_default": text("''")})
    practitioner: str = Field(primary_key=True, sa_type=Text, sa_column_kwargs={"server_default": text("''")})
    kind: str = Field(primary_key=True, sa_type=Text)
    what: int = Field(primary_key=True, sa_type=BigInteger)
    at: datetime = Field(
        sa_type=DateTime(timezone=True),  # pyright: ignore[reportArgumentType]  # as above
    )


class BrowsingWatched(SQLModel, table=True):
    """Until when the trace has been looked through for such."""

    __tablename__ = "browsing_watched"  # pyright: ignore[reportAssignmentType]  # as above
    __table_args__ = {"schema": "gateway"}

    one: bool = Field(default=True, primary_key=True, sa_column_kwargs={"server_default": text("true")})
    at: datetime = Field(
        sa_type=DateTime(timezone=True),  # pyright: ignore[reportArgumentType]  # as above
        sa_column_kwargs={"server_default": text("now()")},
    )


class BrowsingAlarm(SQLModel, table=True):
    """Somebody was beyond a limit: how far, until when they wait, and who let them go on."""

    __tablename__ = "browsing_alarm"  # pyright: ignore[reportAssignmentType]  # as above
    __table_args__ = (
        Index("browsing_alarm_of", "agency", "until"),
        Index("browsing_alarm_page", "at", "id"),
        {"schema": "gateway"},
    )

    id: UUID = Field(primary_key=True, sa_column_kwargs={"server_default": text("uuidv7()")})
    kind: str = Field(sa_type=Text)
    agency: str = Field(sa_type=Text)
    client: str = Field(sa_type=Text)
    practitioner: str = Field(sa_type=Text)
    hours: int
    counted: int
    allowed: int
    at: datetime = Field(
        sa_type=DateTime(timezone=True),  # pyright: ignore[reportArgumentType]  # as above
        sa_column_kwargs={"server_default": text("now()")},
    )
    until: datetime | None = Field(
        sa_type=DateTime(timezone=True),  # pyright: ignore[reportArgumentType]  # as above
    )
    lifted_at: datetime | None = Field(
        sa_type=DateTime(timezone=True),  # pyright: ignore[reportArgumentType]  # as above
    )
    lifted_by: str = Field(sa_type=Text, sa_column_kwargs={"server_default": text("''")})
    lifted_reason: str = Field(sa_type=Text, sa_column_kwargs={"server_default": text("''")})
