"""What the referral service says and hears."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from hub.caller import AgencyId
from hub.heard import Agency, Happened, Heard, Line, PastDate, Words
from hub.sharing import Basis, Category
from hub.sharing.recipients import SLUG


class AddressHeard(Heard):
    """Where somebody lives."""

    lines: list[Line] = Field(min_length=1, max_length=6)
    postcode: Annotated[str, Field(max_length=10)]


class PersonHeard(Heard):
    """A person as the caller's agency knows them."""

    upn: Annotated[str, Field(max_length=20)] | None = None
    nhs_number: Annotated[str, Field(max_length=20)] | None = None
    given_name: Line
    family_name: Line
    date_of_birth: PastDate
    sex: Literal["M", "F", "U"] | None = None
    year_group: Annotated[str, Field(max_length=10)] | None = None
    address: AddressHeard | None = None


class Role(StrEnum):
    """A person's place in a household."""

    CHILD = "child"
    PARENT = "parent"
    CARER = "carer"
    SIBLING = "sibling"
    OTHER_ADULT = "other_adult"


class MemberHeard(Heard):
    """Who, and as what."""

    person: UUID
    role: Role = Role.CHILD


class HouseholdHeard(Heard):
    """People who live as one family."""

    name: Line
    members: list[MemberHeard] = Field(min_length=1, max_length=30)


class ConcernKind(StrEnum):
    """What a concern is about."""

    PHYSICAL = "physical"
    EMOTIONAL = "emotional"
    NEGLECT = "neglect"
    SEXUAL = "sexual"
    LOW_LEVEL = "low_level"
    ATTENDANCE = "attendance"
    BEHAVIOUR = "behaviour"
    WELFARE = "welfare"
    ONLINE = "online"
    OTHER = "other"


class ConcernHeard(Heard):
    """What somebody noticed about a child: facts, the child's own words, what was done at once."""

    upn: Annotated[str, Field(max_length=20)]
    external_id: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    kind: ConcernKind
    narrative: Words
    words_of_the_child: Words | None = None
    immediate_action: Words | None = None
    reporter_role: Line | None = None
    school_rag: Literal["red", "amber", "green"] | None = None
    occurred_at: Happened
    recorded_at: Happened | None = None


class SharingHeard(Heard):
    """On which basis a referral and what belongs to it are shown to the agency it goes to."""

    basis: Basis
    reason: Words
    given_by: Line | None = None
    detriment_test: Words | None = None
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


class ByUpn(Heard):
    """A look-up that must not stand in a URL."""

    upn: Annotated[str, Field(max_length=20)]


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
