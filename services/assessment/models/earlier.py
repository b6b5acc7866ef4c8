"""What a record said before it was put right."""

from uuid import UUID

from sqlalchemy import Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from hub.caller import AgencyId
from services.assessment.models.rows import SCHEMA, Row


class EarlierVersion(Row, table=True):
    """Shown beside the record to whoever may see it, never instead of it."""

    __tablename__ = "earlier_version"  # pyright: ignore[reportAssignmentType]  # SQLModel's hook
    __table_args__ = (
        Index("earlier_version_of", "record"),
        Index("earlier_version_about", "subject", text("at desc"), text("id desc")),
        SCHEMA,
    )
    agency: AgencyId = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    record: UUID
    was: dict[str, object] = Field(sa_type=JSONB)
    correction: UUID
