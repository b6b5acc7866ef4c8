"""Who may see where a service is."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field
from typing_extensions import TypeAliasType

from hub.caller import AgencyId
from hub.heard import Heard, Words

PlaceVisibility = TypeAliasType("PlaceVisibility", Literal["public", "partner", "internal"])


class VisibilityHeard(Heard):
    """Who may see a place: anybody, the agencies of the partnership, or only the one that keeps it."""

    visibility: PlaceVisibility
    reason: Words


class PlaceSealing(BaseModel):
    """A decision about who may see a place. The latest is in force, over every later pull of its feed."""

    number: int
    visibility: PlaceVisibility
    reason: str
    at: datetime
    by_agency: AgencyId
    by_practitioner: str | None


class PlaceSealingPage(BaseModel):
    """Decisions about a place, newest first."""

    sealings: list[PlaceSealing]
    next: int | None = Field(description="`before` of the next page")
