"""Who runs services."""

from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlmodel import Field

from services.directory.models.feed import SCHEMA, Part, Sourced


class Organization(Sourced, table=True):
    """A provider of services. It shows as widely as the widest of its services."""

    __table_args__ = (
        UniqueConstraint("feed", "source_id"),
        Index(
            "organization_by_name",
            "name",
            "id",
            postgresql_include=["visibility", "agency", "hidden_at"],
            postgresql_where=text("hidden_at is null"),
        ),
        SCHEMA,
    )
    name: str = Field(sa_type=Text)
    description: str = Field(sa_type=Text)
    email: str | None = Field(None, sa_type=Text)
    website: str | None = Field(None, sa_type=Text)
    logo: str | None = Field(None, sa_type=Text)
    uri: str | None = Field(None, sa_type=Text)
    parent_organization_id: UUID | None = None


class OrganizationIdentifier(Part, table=True):
    """A number somebody else knows the organisation by, such as its charity number."""

    __tablename__ = "organization_identifier"  # pyright: ignore[reportAssignmentType]
    __table_args__ = SCHEMA
    organization_id: UUID = Field(foreign_key="directory.organization.id", primary_key=True)
    identifier_scheme: str | None = Field(None, sa_type=Text)
    identifier_type: str = Field(sa_type=Text)
    identifier: str = Field(sa_type=Text)
