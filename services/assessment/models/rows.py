"""What every row has: an author, a subject, a sharing category. PostgreSQL fills in who and when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, Column, DateTime, Text, Uuid, text
from sqlmodel import Field, SQLModel

from hub.caller import AgencyId

SCHEMA = {"schema": "assessment"}
OURS = {"server_default": text("current_setting('hub.agency')")}


def people() -> Column[list[UUID]]:
    """A column of person ids."""
    return Column(ARRAY(Uuid), nullable=False)


class Row(SQLModel):
    """One agency's words about one subject (a person or a household), in one sharing category."""

    id: UUID = Field(default=None, primary_key=True, sa_column_kwargs={"server_default": text("uuidv7()")})
    agency: AgencyId = Field(default=None, sa_type=Text, sa_column_kwargs=OURS)
    subject: UUID
    category: str = Field(sa_type=Text)
    at: datetime = Field(
        default=None,
        sa_type=DateTime(timezone=True),  # pyright: ignore[reportArgumentType]  # wants a class
        sa_column_kwargs={"server_default": text("clock_timestamp()")},
    )


class Kept(Row):
    """What happened to a record. Its keeper, the author of that record, always learns of it."""

    keeper: AgencyId = Field(default=None, sa_type=Text, sa_column_kwargs=OURS)
