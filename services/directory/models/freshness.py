"""Who vouches for a listing, until when, and when it is not listed."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import DateTime, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from hub.caller import AgencyId
from services.directory.models.feed import AUTHOR, SCHEMA, now

CLIENT = {"server_default": text("current_setting('hub.client')")}
PRACTITIONER = {"server_default": text("current_setting('hub.practitioner')")}


def _days(number: int) -> dict[str, object]:
    return {"server_default": text(str(number))}


class Upkeep(SQLModel, table=True):
    """How long an agency takes a check to hold, and what it unlists for. Days since the last check."""

    __table_args__ = SCHEMA
    agency: AgencyId = Field(sa_type=Text, primary_key=True)
    ageing_after: int = Field(180, sa_column_kwargs=_days(180))
    stale_after: int = Field(365, sa_column_kwargs=_days(365))
    unlist_after: int = Field(455, sa_column_kwargs=_days(455))
    unlist_for: list[str] = Field(
        sa_type=ARRAY(Text),  # pyright: ignore[reportArgumentType]  # an instance: SQLModel types it as a class
        sa_column_kwargs={"server_default": text("array['stale', 'no_contact_route']")},
    )
    link_days: int = Field(28, sa_column_kwargs=_days(28))


class Provider(SQLModel, table=True):
    """Which agency of the partnership speaks for an organisation."""

    __table_args__ = (Index("provider_agency", "provider"), SCHEMA)
    organization_id: UUID = Field(primary_key=True, foreign_key="directory.organization.id")
    agency: AgencyId = Field(sa_type=Text, sa_column_kwargs=AUTHOR)
    provider: AgencyId = Field(sa_type=Text)
    at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))


class Done(SQLModel):
    """Who did something."""

    by_agency: AgencyId = Field(sa_type=Text, sa_column_kwargs=AUTHOR)
    by_client: str = Field(sa_type=Text, sa_column_kwargs=CLIENT)
    by_practitioner: str = Field(sa_type=Text, sa_column_kwargs=PRACTITIONER)


class Verification(Done, table=True):
    """That somebody checked a listing: it was right, or it was not. Never changed."""

    __table_args__ = (Index("verification_of_service", "service_id", text("at desc"), "id"), SCHEMA)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    service_id: UUID = Field(foreign_key="directory.service.id")
    agency: AgencyId = Field(sa_type=Text)
    at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    how: str = Field(sa_type=Text)
    still_right: bool


class VerificationLink(Done, table=True):
    """A link that asks a provider once about one listing. Its secret is kept as a digest only."""

    __tablename__ = "verification_link"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (Index("verification_link_of_service", "service_id", text("issued_at desc")), SCHEMA)
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    service_id: UUID = Field(foreign_key="directory.service.id")
    agency: AgencyId = Field(sa_type=Text, sa_column_kwargs=AUTHOR)
    digest: str = Field(sa_type=Text, unique=True)
    language: str = Field(sa_type=Text)
    issued_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    expires_at: datetime = Field(sa_type=DateTime(timezone=True))
    used_at: datetime | None = Field(None, sa_type=DateTime(timezone=True))


class Unlisting(SQLModel, table=True):
    """That a service is not listed for a while, by which rule, and who brought it back."""

    __table_args__ = (
        Index("unlisting_in_force", "service_id", unique=True, postgresql_where=text("relisted_at is null")),
        Index("unlisting_page", "agency", text("unlisted_at desc"), "id"),
        SCHEMA,
    )
    id: UUID = Field(default_factory=uuid4, primary_key=True)
    service_id: UUID = Field(foreign_key="directory.service.id")
    agency: AgencyId = Field(sa_type=Text, sa_column_kwargs=AUTHOR)
    provider: AgencyId | None = Field(None, sa_type=Text)
    rule: str = Field(sa_type=Text)
    reason: str = Field(sa_type=Text)
    hidden_before: datetime | None = Field(None, sa_type=DateTime(timezone=True))
    unlisted_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    unlisted_by: str = Field(sa_type=Text, sa_column_kwargs=PRACTITIONER)
    relisted_at: datetime | None = Field(None, sa_type=DateTime(timezone=True))
    relisted_by: str | None = Field(None, sa_type=Text)
    relisted_because: str | None = Field(None, sa_type=Text)
