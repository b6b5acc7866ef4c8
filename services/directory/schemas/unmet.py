"""Unmet need, as it is counted and as it is asked for."""

from datetime import date
from enum import StrEnum
from typing import Annotated, NamedTuple

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
        None, description="such as 2026-Q3; the last that is over unless it is said"
    )


class UnmetRow(BaseModel):
    """One number of a quarter; `count` is null where it is small."""

    kind: UnmetKind
    area: str
    need: str
    barrier: str | None
    count: int | None


class UnmetShown(BaseModel):
    """A quarter of unmet need, as it is published once: no totals, which the front door makes."""

    quarter: str
    rows: list[UnmetRow]


class SectorMiddle(BaseModel):
    """The middle of a postcode sector."""

    area: str
    longitude: float
    latitude: float


class SectorMiddles(BaseModel):
    """Where postcode sectors are; one that we do not know is left out."""

    areas: list[SectorMiddle]
