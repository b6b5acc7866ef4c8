"""What search reads: an entry for every listed service, and what is counted of the entries.

PostgreSQL keeps all of it, by triggers, at the commit of whatever changed a service. The directory's role
reads it through views only (decision 0016).
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import INT4MULTIRANGE, TSVECTOR
from sqlmodel import Field, SQLModel

from services.directory.models.feed import SCHEMA


class Entry(SQLModel, table=True):
    """A listed service as search sees it.

    `filters` holds what it can be filtered and counted by, as `term:<id>`, `day:SA`, `cost:free`; `areas`
    the codes of where its users may live; `hours` the seconds of a week when it is open, Monday first;
    `places` how many anybody, partners and its own agency may see; `spelt` its words as people write them.
    """

    __table_args__ = (
        Index("entry_found", "words", "filters", postgresql_using="gin"),
        Index("entry_name_alike", "name", postgresql_using="gin", postgresql_ops={"name": "gin_trgm_ops"}),
        Index("entry_by_name", "name", "service_id", postgresql_include=["visibility", "agency"]),
        Index("entry_by_change", "updated_at"),
        SCHEMA,
    )
    service_id: UUID = Field(
        sa_column=Column(Uuid, ForeignKey("directory.service.id", ondelete="CASCADE"), primary_key=True)
    )
    agency: str = Field(sa_type=Text)
    visibility: str = Field(sa_type=Text)
    organization_id: UUID
    name: str = Field(sa_type=Text)
    updated_at: datetime = Field(sa_type=DateTime(timezone=True))
    minimum_age: Decimal | None = Field(None, sa_type=Numeric)
    maximum_age: Decimal | None = Field(None, sa_type=Numeric)
    cheapest: Decimal | None = Field(None, sa_type=Numeric)
    areas: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    filters: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    hours: str = Field(sa_type=INT4MULTIRANGE)
    places: list[int] = Field(sa_column=Column(ARRAY(Integer), nullable=False))
    words: str = Field(sa_type=TSVECTOR)
    spelt: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))


class Word(SQLModel, table=True):
    """How many services have a word: public ones, and those for partners. Of internal ones nothing."""

    __table_args__ = (
        Index("word_alike", "word", postgresql_using="gin", postgresql_ops={"word": "gin_trgm_ops"}),
        SCHEMA,
    )
    word: str = Field(sa_type=Text, primary_key=True)
    public: int
    partner: int


class Tally(SQLModel, table=True):
    """How many services there are for the same areas, and how many places of them (as an entry's)."""

    __table_args__ = SCHEMA
    agency: str = Field(sa_type=Text, primary_key=True)
    visibility: str = Field(sa_type=Text, primary_key=True)
    areas: list[str] = Field(sa_column=Column(ARRAY(Text), primary_key=True))
    services: int
    places: list[int] = Field(sa_column=Column(ARRAY(Integer), nullable=False))


class Facet(SQLModel, table=True):
    """How many services for the same areas have something that can be asked for."""

    __table_args__ = (Index("facet_of_token", "token"), SCHEMA)
    agency: str = Field(sa_type=Text, primary_key=True)
    visibility: str = Field(sa_type=Text, primary_key=True)
    areas: list[str] = Field(sa_column=Column(ARRAY(Text), primary_key=True))
    token: str = Field(sa_type=Text, primary_key=True)
    services: int


class Change(SQLModel, table=True):
    """A transaction of the last hour that changed something, and whether anybody may know."""

    __table_args__ = SCHEMA
    transaction: int = Field(sa_type=BigInteger, primary_key=True)
    at: datetime = Field(sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": text("now()")})
    public: bool = Field(False, sa_column_kwargs={"server_default": text("false")})


class Stale(SQLModel, table=True):
    """A service whose entry is made again when this transaction commits."""

    __table_args__ = SCHEMA
    transaction: int = Field(sa_type=BigInteger, primary_key=True)
    service_id: UUID = Field(primary_key=True)
