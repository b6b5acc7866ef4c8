"""What is held about somebody, for the hub's data protection officer."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from services.referral.schemas.concerns import ConcernShown
from services.referral.schemas.existence import InvolvementShown
from services.referral.schemas.households import MemberShown
from services.referral.schemas.people import PersonShown


class MembershipShown(MemberShown):
    """One person's place in a household."""

    household: UUID


class RecordsShown(PersonShown):
    """Everything held about a person, whoever may see it, and the households that name them."""

    concerns: list[ConcernShown]
    involvements: list[InvolvementShown]
    memberships: list[MembershipShown]


class Belonging(BaseModel):
    """That somebody is of a household."""

    household: UUID
    person: UUID


class Birthday(BaseModel):
    """When somebody was born; the latest day, where agencies differ."""

    person: UUID
    born: date


class FamiliesShown(BaseModel):
    """Who belongs to whom, and their birthdays."""

    memberships: list[Belonging]
    born: list[Birthday]
