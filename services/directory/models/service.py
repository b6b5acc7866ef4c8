"""What there is to help, where it is offered, and the terms it is sorted by."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import DateTime, Index, Numeric, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from services.directory.models.feed import PUBLIC, SCHEMA, Part, Sourced


class Service(Sourced, table=True):
    """One service, as its provider describes it.

    `keywords` holds its organisation's, categories' and public places' names, by which it is found too
    (models/entry.py); `verified_at` is when somebody last checked it, `updated_at` when it last changed here.
    """

    __table_args__ = (
        UniqueConstraint("feed", "source_id"),
        Index("service_of_organization", "organization_id"),
        SCHEMA,
    )
    organization_id: UUID = Field(foreign_key="directory.organization.id")
    name: str = Field(sa_type=Text)
    description: str | None = Field(None, sa_type=Text)
    url: str | None = Field(None, sa_type=Text)
    email: str | None = Field(None, sa_type=Text)
    status: str = Field(sa_type=Text)
    fees: str | None = Field(None, sa_type=Text)
    accreditations: str | None = Field(None, sa_type=Text)
    minimum_age: Decimal | None = Field(None, sa_type=Numeric)
    maximum_age: Decimal | None = Field(None, sa_type=Numeric)
    alert: str | None = Field(None, sa_type=Text)
    verified_at: datetime | None = Field(None, sa_type=DateTime(timezone=True))
    verified_by: str | None = Field(None, sa_type=Text)
    assured_how: str | None = Field(None, sa_type=Text)
    source_modified: datetime | None = Field(None, sa_type=DateTime(timezone=True))
    keywords: str = Field("", sa_type=Text, sa_column_kwargs={"server_default": text("''")})
    fingerprint: str = Field(sa_type=Text)


class ServiceAtLocation(SQLModel, table=True):
    """That a service is offered at a location, and how widely its source lets that be known.

    A location shows as narrowly as the narrowest of these: one service may seal a place for all.
    """

    __tablename__ = "service_at_location"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("service_at_location_of_service", "service_id"),
        Index("service_at_location_of_location", "location_id"),
        SCHEMA,
    )
    id: UUID = Field(primary_key=True)
    position: int
    service_id: UUID = Field(foreign_key="directory.service.id")
    location_id: UUID = Field(foreign_key="directory.location.id")
    visibility: str = Field("public", sa_type=Text, sa_column_kwargs=PUBLIC)


class Attribute(Part, table=True):
    """That a service belongs under a term."""

    __table_args__ = (Index("attribute_of_term", "taxonomy_term_id", "service_id"), SCHEMA)
    service_id: UUID = Field(foreign_key="directory.service.id", primary_key=True)
    taxonomy_term_id: UUID = Field(foreign_key="directory.taxonomy_term.id")
    link_type: str | None = Field(None, sa_type=Text)
