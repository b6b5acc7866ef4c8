"""What the front door stores: who the machine clients are, and which proofs of theirs were used."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, DateTime, ForeignKey, Index, Text, text
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
