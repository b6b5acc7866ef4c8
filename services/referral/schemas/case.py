"""The referral service's part of the shared case view."""

from services.referral.schemas.concerns import ConcernShown
from services.referral.schemas.households import HouseholdShown, MemberShown
from services.referral.schemas.people import PersonShown
from services.referral.schemas.referrals import MovesShown, ReferralShown


class HouseholdCaseShown(PersonShown, MovesShown):
    """One household as far as the caller may see it: who is of it, what was noticed, what was asked for."""

    household: HouseholdShown
    members: list[MemberShown]
    concerns: list[ConcernShown]
    referrals: list[ReferralShown]
