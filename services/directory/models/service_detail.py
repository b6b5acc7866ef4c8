"""The details of a service: when, for whom, where it reaches, at what cost, and how to get in touch."""

from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from sqlalchemy import DateTime, Index, Numeric, Text, text
from sqlmodel import Field

from services.directory.models.feed import PUBLIC, SCHEMA, Part


class OfService(Part):
    """A detail that goes with its service."""

    service_id: UUID = Field(foreign_key="directory.service.id", primary_key=True)


class Schedule(OfService, table=True):
    """When it is open: a rule in the manner of RFC 5545, weekly or monthly."""

    __table_args__ = SCHEMA
    valid_from: date | None = None
    valid_to: date | None = None
    dtstart: date | None = None
    freq: str | None = Field(None, sa_type=Text)
    interval: int | None = None
    byday: str | None = Field(None, sa_type=Text)
    bymonthday: str | None = Field(None, sa_type=Text)
    description: str | None = Field(None, sa_type=Text)
    opens_at: time | None = None
    closes_at: time | None = None
    schedule_link: str | None = Field(None, sa_type=Text)
    attending_type: str | None = Field(None, sa_type=Text)
    notes: str | None = Field(None, sa_type=Text)


class ServiceArea(OfService, table=True):
    """Where its users may live. `code` is the area's GSS code where the source gives one."""

    __tablename__ = "service_area"  # pyright: ignore[reportAssignmentType]
    __table_args__ = SCHEMA
    name: str | None = Field(None, sa_type=Text)
    extent: str | None = Field(None, sa_type=Text)
    extent_type: str | None = Field(None, sa_type=Text)
    uri: str | None = Field(None, sa_type=Text)
    service_area: str | None = Field(None, sa_type=Text)
    code: str | None = Field(None, sa_type=Text)


class CostOption(OfService, table=True):
    """What it costs, for whom, and from when to when."""

    __tablename__ = "cost_option"  # pyright: ignore[reportAssignmentType]
    __table_args__ = SCHEMA
    valid_from: date | None = None
    valid_to: date | None = None
    option: str | None = Field(None, sa_type=Text)
    amount: Decimal | None = Field(None, sa_type=Numeric)
    amount_description: str | None = Field(None, sa_type=Text)


class Funding(OfService, table=True):
    """Who pays for it."""

    __table_args__ = SCHEMA
    source: str | None = Field(None, sa_type=Text)


class Language(OfService, table=True):
    """A language it is offered in; the UK profile has only an id, name and code are HSDS's."""

    __table_args__ = SCHEMA
    name: str | None = Field(None, sa_type=Text)
    code: str | None = Field(None, sa_type=Text)


class Contact(OfService, table=True):
    """Whom to ask. Some contacts are for colleagues only, so each has its own visibility."""

    __table_args__ = (Index("contact_mailbox", text("lower(email)")), SCHEMA)
    name: str | None = Field(None, sa_type=Text)
    title: str | None = Field(None, sa_type=Text)
    email: str | None = Field(None, sa_type=Text)
    visibility: str = Field("public", sa_type=Text, sa_column_kwargs=PUBLIC)


class Phone(OfService, table=True):
    """A number to ring; with a contact, it shows as that contact shows."""

    __table_args__ = SCHEMA
    contact_id: UUID | None = None
    number: str = Field(sa_type=Text)
    description: str | None = Field(None, sa_type=Text)


class Capacity(OfService, table=True):
    """How much room there is, of what, as last said (HSDS 3.1: service_capacity)."""

    __table_args__ = SCHEMA
    available: int | None = None
    maximum: int | None = None
    updated: datetime | None = Field(None, sa_type=DateTime(timezone=True))
    description: str | None = Field(None, sa_type=Text)
    unit: str | None = Field(None, sa_type=Text)
