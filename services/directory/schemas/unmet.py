"""Unmet need, as it is counted and as it is asked for."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, NamedTuple

from pydantic import BaseModel, Field


class UnmetKind(StrEnum):
    """How a need was not met."""

    NOTHING_FOUND = "nothing_found"
    FULL = "full"
    BARRIER = "barrier"


class Unmet(NamedTuple):
    """One need that was not met. `area` is a postcode sector, never a whole postcode."""

    quarter: date
    kind: UnmetKind
    area: str
    need: str
    barrier: str = ""


class UnmetAsked(BaseModel):
    """Which quarter. Periods never overlap, so that none can be taken from another."""

    quarter: Annotated[str, Field(pattern=r"^20\d\d-Q[1-4]$")] | None = Field(
        None, description="such as 2026-Q4; this one unless it is said"
    )
    format: Literal["json", "csv", "geojson", "html"] = "json"
