"""The words services are sorted by. Shared between feeds: the first to bring a term keeps it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, Text
from sqlmodel import Field, SQLModel

from hub.caller import AgencyId
from services.directory.models.feed import AUTHOR, SCHEMA, now


class Vocabulary(SQLModel):
    """A word or a list of words, and the agency whose feed brought it."""

    id: UUID = Field(primary_key=True)
    agency: AgencyId = Field(sa_type=Text, sa_column_kwargs=AUTHOR)
    updated_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    name: str = Field(sa_type=Text)
    description: str = Field(sa_type=Text)


class Taxonomy(Vocabulary, table=True):
    """A list of terms, such as the LGA's community services."""

    __table_args__ = SCHEMA
    uri: str | None = Field(None, sa_type=Text)
    version: str | None = Field(None, sa_type=Text)


class TaxonomyTerm(Vocabulary, table=True):
    """One term. `parent_id` may name a term no feed has brought yet."""

    __tablename__ = "taxonomy_term"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        Index("taxonomy_term_of_taxonomy", "taxonomy_id"),
        Index("taxonomy_term_of_parent", "parent_id"),
        SCHEMA,
    )
    parent_id: UUID | None = None
    taxonomy: str | None = Field(None, sa_type=Text)
    taxonomy_id: UUID | None = Field(None, foreign_key="directory.taxonomy.id")
    term_uri: str | None = Field(None, sa_type=Text)
    term: str | None = Field(None, sa_type=Text)
