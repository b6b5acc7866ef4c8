"""Services that may be one, and what people say of it."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from hub.heard import Heard, Line
from hub.page import Paged

LikenessState = Literal["proposed", "same", "different"]


class LikenessSide(BaseModel):
    """One of the two."""

    id: UUID
    name: str
    organization: str | None
    publisher: str
    agency: str
    source_id: str


class LikenessShown(BaseModel):
    """Two services that may be one, and why somebody should look."""

    id: UUID
    score: float = Field(description="how alike, from 0 to 1")
    reasons: list[str]
    state: LikenessState
    services: list[LikenessSide]
    listed: UUID | None = Field(description="the one that stays listed; the other points to it")
    proposed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None


class LikenessPage(Paged):
    """Likenesses, the newest first."""

    duplicates: list[LikenessShown]


class SameHeard(Heard):
    """That both are one service."""

    listed: UUID = Field(description="the one that stays listed")
    reason: Line


class DifferentHeard(Heard):
    """That they are two services, and are not to be proposed again."""

    reason: Line
