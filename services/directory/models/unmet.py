"""How often what was looked for was not there."""

from datetime import date

from sqlalchemy import BigInteger, Text, text
from sqlmodel import Field, SQLModel

from services.directory.models.feed import SCHEMA


class Unmet(SQLModel, table=True):
    """A need in an area in a quarter, and how often it was not met: nothing found, all full, a barrier."""

    __table_args__ = SCHEMA
    quarter: date = Field(primary_key=True)
    kind: str = Field(sa_type=Text, primary_key=True)
    area: str = Field(sa_type=Text, primary_key=True)
    need: str = Field(sa_type=Text, primary_key=True)
    barrier: str = Field("", sa_type=Text, primary_key=True, sa_column_kwargs={"server_default": text("''")})
    times: int = Field(sa_type=BigInteger)
