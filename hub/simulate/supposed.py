"""What somebody may suppose, and what they are answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field

from hub.caller import AgencyId, Purpose
from hub.heard import Agency, Heard, Until
from hub.sharing import Basis, Category
from hub.sharing.recipients import Recipient


class Supposed(Heard):
    """A decision to share that nobody has recorded."""

    agency: Recipient = Field(description="an agency, `type:housing`, or a team as `agency/team`")
    subjects: list[UUID] | None = Field(None, min_length=1, max_length=50, description="all, if left out")
    categories: list[Category] = Field(min_length=1, max_length=30)
    basis: Basis
    purpose: Purpose | None = Field(None, description="the question's, if left out")
    starts: AwareDatetime | None = None
    ends: Until | None = None


class SupposedAgreement(Heard):
    """An agreement between organisations that nobody has signed. Your agency is a party."""

    parties: list[Agency] = Field(min_length=2, max_length=100)
    categories: list[Category] = Field(min_length=1, max_length=30)
    purposes: list[Purpose] = Field(min_length=1, max_length=10)


@dataclass(frozen=True)
class Question:
    """Who would join, what for, about whom, and what is supposed to have been decided before."""

    agency: Recipient
    subjects: Sequence[UUID]
    purpose: Purpose
    practitioner: str = ""
    decisions: Sequence[Supposed] = ()
    agreement: SupposedAgreement | None = None


class SeenOf(BaseModel):
    """What one category would show, of what the asker wrote or may see: nothing else opens by its word.

    As far as the asker may know, now and then: neither what others share nor what they hide counts.
    """

    category: Category
    sees: bool
    records: int
    records_now: int
    records_hidden: int
    why: list[str]


class WouldSee(BaseModel):
    """What one agency would see."""

    agency: AgencyId
    team: str | None
    categories: list[SeenOf]


class NotRecorded(BaseModel):
    """A supposed decision that the hub would refuse, and why."""

    number: int
    type: str
    detail: str
