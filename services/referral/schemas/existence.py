"""The existence register: who works with somebody."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field, model_validator

from hub.caller import AgencyId
from hub.heard import Happened, Heard, Line, PastDate


class ExistenceAsked(Heard):
    """About whom: a UPN, an NHS number, or a name with a date of birth."""

    upn: Annotated[str, Field(max_length=20)] | None = None
    nhs_number: Annotated[str, Field(max_length=20)] | None = None
    given_name: Line | None = None
    family_name: Line | None = None
    date_of_birth: PastDate | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "ExistenceAsked":
        name = (self.given_name, self.family_name, self.date_of_birth)
        if any(name) != all(name):
            raise ValueError("a name is given_name, family_name and date_of_birth")
        if [bool(self.upn), bool(self.nhs_number), all(name)].count(True) != 1:
            raise ValueError("give a upn, an nhs_number, or a name with a date of birth")
        return self


class InvolvementHeard(Heard):
    """As what the caller's agency works with somebody."""

    role: Line
    lead: bool = Field(False, description="whether your agency leads")
    contact: Line | None = Field(None, description="whom a colleague calls: a role or a duty line")
    since: Happened | None = None


class InvolvementBegun(BaseModel):
    """The involvement that was begun: the id that ends it."""

    involvement: UUID


class InvolvedShown(BaseModel):
    """An agency that works with somebody now."""

    person: UUID
    agency: AgencyId
    agency_name: str
    agency_type: str = Field(description="such as `school`; the partnership may have types of its own")
    role: str
    lead: bool
    contact: str | None = Field(description="whom a colleague calls: a role or a duty line")
    since: datetime


class ExistenceShown(BaseModel):
    """Who works with somebody. Empty for nobody, for somebody unknown, and for somebody hidden."""

    involved: list[InvolvedShown]


class InvolvementShown(BaseModel):
    """An involvement; one that has ended stands here twice, as it began and as it ended."""

    involvement: UUID
    person: UUID
    agency: AgencyId
    role: str
    lead: bool
    contact: str | None
    starts: datetime
    ends: datetime | None
