"""Referrals: what they ask for, how they are decided, and each step of their life."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints, model_validator

from hub.caller import SLUG, AgencyId
from hub.heard import Agency, Heard, Line, Words
from hub.page import Paged
from hub.sharing import Basis, Category
from hub.sharing.circumstances import Reason


class ReferralStatus(StrEnum):
    """Where a referral stands."""

    SUBMITTED = "submitted"
    ACKNOWLEDGED = "acknowledged"
    EARLY_HELP = "early_help"
    SOCIAL_CARE = "social_care"
    RETURNED = "returned"
    SIGNPOSTED = "signposted"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Rag(StrEnum):
    """The MASH colours. A school's colours mean other things and are never converted silently."""

    RED = "red"
    AMBER = "amber"
    GREEN = "green"


class SharingHeard(Heard):
    """On which basis a referral and what belongs to it are shown to the agency it goes to."""

    basis: Basis
    reason: Reason
    given_by: Line | None = None
    detriment_test: Words | None = None
    court_reference: str | None = Field(
        None, min_length=3, max_length=100, description="court_order: which order it is"
    )
    categories: list[Category] = Field(
        default=[
            Category.EXISTENCE,
            Category.IDENTITY,
            Category.HOME_ADDRESS,
            Category.HOUSEHOLD,
            Category.CONCERN,
            Category.REQUEST_FOR_HELP,
            Category.ATTENDANCE,
        ],
        min_length=1,
        max_length=30,
    )


class ReferralHeard(Heard):
    """A request for help about a household."""

    household: UUID
    children: list[UUID] = Field(min_length=1, max_length=30)
    receiver: Agency
    reason: Words
    needs: list[Line] = Field(default=[], max_length=30)
    family_aware: bool
    not_informed_reason: Words | None = None
    sharing: SharingHeard


class PassingOn(Heard):
    """To whom a decision passes a referral on, who decides about it from then on. Left out: it stays."""

    passed_to: Annotated[
        AgencyId | None, StringConstraints(max_length=130, pattern=f"^{SLUG}(/{SLUG})?$")
    ] = Field(None, description="the agency that takes it on, or a team of it as `agency/team`")
    sharing: SharingHeard | None = Field(None, description="on which basis it is shown to them")

    @model_validator(mode="after")
    def _together(self) -> "PassingOn":
        if (self.passed_to is None) != (self.sharing is None):
            raise ValueError("give passed_to and sharing together")
        return self


class TriageHeard(PassingOn):
    """A decision on a referral, in the MASH's own colours."""

    rag: Literal["red", "amber", "green"]
    level_of_need: Annotated[int, Field(ge=1, le=4)]
    outcome: Literal["early_help", "social_care", "returned", "signposted"]
    rationale: Words
    return_reason: str | None = None
    feedback: Words | None = Field(None, description="what the referrer is told")


class LevelHeard(PassingOn):
    """A step up or a step down, and what the referrer is told."""

    feedback: Words


class EndHeard(Heard):
    """A closure or a withdrawal, and what the others are told."""

    feedback: Words


class ReferralShown(BaseModel):
    """A request for help about a household, and where it stands."""

    referral: UUID
    household: UUID
    children: list[UUID] = Field(description="those whom the caller may be told of")
    referrer: AgencyId
    receiver: AgencyId
    reason: str
    needs: list[str]
    family_aware: bool
    not_informed_reason: str | None = Field(description="why the family was not told of it")
    submitted_at: datetime
    decide_by: datetime = Field(description="a working day after it was submitted, by London's clock")
    status: ReferralStatus


class ReferralMoveShown(BaseModel):
    """One step of a referral."""

    referral: UUID
    number: int
    status: ReferralStatus
    return_reason: str | None = Field(description="why it came back, such as `threshold_not_met`")
    feedback: str | None = Field(description="what the referrer is told")
    passed_to: str | None = Field(description="the agency it is with from then on, or a team: `agency/team`")
    by: AgencyId
    at: datetime


class TriageShown(BaseModel):
    """Why a referral was decided as it was."""

    referral: UUID
    scheme: Literal["mash"] = Field(description="whose colours `rag` has")
    rag: Rag
    level_of_need: Annotated[int, Field(ge=1, le=4)]
    rationale: str
    by: AgencyId
    at: datetime


class MovesShown(BaseModel):
    """Steps, and the reasoning of triage where the caller may see it."""

    moves: list[ReferralMoveShown]
    triage: list[TriageShown]


class WholeReferral(MovesShown):
    """A referral with its history."""

    referral: ReferralShown


class ReferralsPage(Paged):
    """A page of the referrals that the caller's agency made, received or was passed, newest first."""

    referrals: list[ReferralShown]
