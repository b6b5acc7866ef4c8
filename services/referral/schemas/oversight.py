"""What is held about somebody and can be put right, for the hub's data protection officer."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel

from hub.erasure import as_heard
from services.referral.schemas.concerns import ConcernHeard, ConcernShown
from services.referral.schemas.existence import InvolvementHeard, InvolvementShown
from services.referral.schemas.households import HouseholdHeard, MemberHeard, MemberShown
from services.referral.schemas.people import AddressHeard, PersonHeard, PersonShown
from services.referral.schemas.referrals import LevelHeard, ReferralHeard, TriageHeard

CORRECTABLE = as_heard(
    *(PersonHeard, AddressHeard, HouseholdHeard, MemberHeard, ConcernHeard),
    *(InvolvementHeard, ReferralHeard, TriageHeard, LevelHeard),
)


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
