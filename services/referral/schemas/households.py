"""Households, who is of them, and the pages they stand on."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from hub.caller import AgencyId
from hub.heard import Heard, Line
from hub.page import Paged
from services.referral.schemas.people import HouseholdRole


class MemberHeard(Heard):
    """Who, and as what."""

    person: UUID
    role: HouseholdRole = HouseholdRole.CHILD


class HouseholdHeard(Heard):
    """People who live as one family."""

    name: Line
    members: list[MemberHeard] = Field(min_length=1, max_length=30)


class HouseholdOpened(BaseModel):
    """The household that was opened."""

    household: UUID


class HouseholdShown(BaseModel):
    """A household."""

    household: UUID
    name: str
    opened_by: AgencyId
    created_at: datetime


class MemberShown(BaseModel):
    """One person's place in the household, as one agency knows it."""

    person: UUID
    role: HouseholdRole
    according_to: AgencyId


class HouseholdListed(BaseModel):
    """A household on the caller's caseload."""

    household: UUID
    name: str
    updated_at: datetime = Field(description="when something the caller may see of it last changed")


class HouseholdsPage(Paged):
    """A page of the caller's caseload, the most recently changed first."""

    households: list[HouseholdListed]
