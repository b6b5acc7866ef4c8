"""Where services are."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from hub.caller import AgencyId
from services.directory.models.feed import AUTHOR, SCHEMA, Part, Sourced, now
from services.directory.models.freshness import Done


class Location(Sourced, table=True):
    """A place. `easting` and `northing` are OSGB metres, so that distance is exact and cheap."""

    __table_args__ = (
        UniqueConstraint("feed", "source_id"),
        Index("location_place", text("point(easting, northing)"), postgresql_using="gist"),
        Index("location_secret", "id", postgresql_where=text("visibility <> 'public'")),
        SCHEMA,
    )
    location_type: str = Field(sa_type=Text)
    name: str | None = Field(None, sa_type=Text)
    description: str | None = Field(None, sa_type=Text)
    latitude: float | None = None
    longitude: float | None = None
    easting: int | None = None
    northing: int | None = None
    external_identifier: str | None = Field(None, sa_type=Text)
    external_identifier_type: str | None = Field(None, sa_type=Text)


class Address(Part, table=True):
    """How post or people reach a location."""

    __table_args__ = SCHEMA
    location_id: UUID = Field(foreign_key="directory.location.id", primary_key=True)
    attention: str | None = Field(None, sa_type=Text)
    address_1: str = Field(sa_type=Text)
    city: str = Field(sa_type=Text)
    region: str | None = Field(None, sa_type=Text)
    state_province: str = Field(sa_type=Text)
    postal_code: str = Field(sa_type=Text)
    country: str = Field(sa_type=Text)
    address_type: str = Field(sa_type=Text)


class Accessibility(Part, table=True):
    """What makes a location usable, or not."""

    __table_args__ = SCHEMA
    location_id: UUID = Field(foreign_key="directory.location.id", primary_key=True)
    description: str | None = Field(None, sa_type=Text)
    details: str | None = Field(None, sa_type=Text)
    url: str | None = Field(None, sa_type=Text)
    accessibility: str | None = Field(None, sa_type=Text)


class Sealing(Done, table=True):
    """Who may see a place, as an officer decided it. The latest is in force. Never changed."""

    __table_args__ = SCHEMA
    location_id: UUID = Field(foreign_key="directory.location.id", primary_key=True)
    number: int = Field(primary_key=True)
    agency: AgencyId = Field(sa_type=Text, sa_column_kwargs=AUTHOR)
    visibility: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
