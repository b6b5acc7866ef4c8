"""A listing as its provider is asked about it."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.directory.schemas.documented import Omitting, Says
from services.directory.schemas.edits import Editable


class ListingPlace(Omitting):
    """A place that a listing publishes."""

    name: str | None = None
    address: str | None = Field(None, description="in one line; several are parted by semicolons")


class Listing(BaseModel):
    """A listing as it is published, as its provider is asked about it."""

    service: UUID
    language: Literal["en", "cy"]
    expires_at: datetime
    organization: str
    verified_at: datetime | None
    document: Annotated[dict[str, Any], Says(Editable)]
    places: list[Annotated[dict[str, str], Says(ListingPlace)]]
