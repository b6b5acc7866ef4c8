"""Hiding something from one agency, whatever was decided, and ending that."""

from uuid import UUID, uuid4

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from hub.caller import AgencyId
from hub.database import Tx
from hub.sharing.ledger import append, follow, require_involvement
from hub.sharing.vocabulary import Category, DecisionId, Event


class Restriction(BaseModel):
    """Hide some categories about some people from one agency, whatever else was decided."""

    model_config = ConfigDict(extra="forbid")

    hidden_from: AgencyId = Field(max_length=64)
    subjects: list[UUID] = Field(min_length=1, max_length=50)
    categories: list[Category] = Field(min_length=1, max_length=30)
    reason: str = Field(min_length=3, max_length=2000)
    ends: AwareDatetime | None = Field(None, description="until when; until it is lifted if left out")


async def restrict(tx: Tx, restriction: Restriction) -> DecisionId:
    """Put a restriction in force. It wins over every decision to share."""
    await require_involvement(tx, restriction.subjects)
    restriction_id = DecisionId(uuid4())
    await append(
        tx,
        restriction_id,
        Event.RESTRICTED,
        agency=restriction.hidden_from,
        categories=restriction.categories,
        subjects=restriction.subjects,
        reason=restriction.reason,
        ends=restriction.ends,
    )
    return restriction_id


async def lift(tx: Tx, restriction_id: DecisionId, reason: str) -> None:
    """End a restriction. Raises NotFound for one that the caller's agency did not record."""
    await follow(tx, restriction_id, Event.LIFTED, reason)
