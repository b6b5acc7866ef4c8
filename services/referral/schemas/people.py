"""People: who somebody is, where they live, how often they are in school; each as one agency knows it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from typing_extensions import TypeAliasType

from hub.caller import AgencyId
from hub.heard import Heard, Line, PastDate

Sex = TypeAliasType("Sex", Literal["M", "F", "U"])

# Nobody: 999 is no school's number, and the check letter is right.
UPN = "G801999922001"
EXAMPLE: dict[str, JsonValue] = {
    "upn": UPN,
    "given_name": "Sky",
    "family_name": "Synthetic",
    "date_of_birth": "2017-05-14",
    "year_group": "4",
    "address": {"lines": ["1 Example Street"], "postcode": "BS1 1AA"},
}


class HouseholdRole(StrEnum):
    """A person's place in a household."""

    CHILD = "child"
    PARENT = "parent"
    CARER = "carer"
    SIBLING = "sibling"
    OTHER_ADULT = "other_adult"


class AddressHeard(Heard):
    """Where somebody lives."""

    lines: list[Line] = Field(min_length=1, max_length=6)
    postcode: Annotated[str, Field(max_length=10)]


class PersonHeard(Heard):
    """A person as the caller's agency knows them."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    upn: Annotated[str, Field(max_length=20)] | None = None
    nhs_number: Annotated[str, Field(max_length=20)] | None = None
    given_name: Line
    family_name: Line
    date_of_birth: PastDate
    sex: Sex | None = None
    year_group: Annotated[str, Field(max_length=10)] | None = None
    address: AddressHeard | None = None


class ByUpn(Heard):
    """A look-up that must not stand in a URL."""

    upn: Annotated[str, Field(max_length=20)]


class PersonRegistered(BaseModel):
    """Who was registered: the same person for the same UPN or NHS number."""

    person: UUID


class IdentityShown(BaseModel):
    """Who somebody is, as one agency knows them."""

    person: UUID
    given_name: str
    family_name: str
    date_of_birth: date
    sex: Sex | None = Field(description="as the agency recorded it; `U` is unknown")
    upn: str | None = Field(description="Unique Pupil Number (DfE)")
    year_group: str | None = Field(description="school year, such as `R` or `4`")
    according_to: AgencyId
    updated_at: datetime


class AddressShown(BaseModel):
    """Where somebody lives, as one agency knows it."""

    person: UUID
    lines: list[str]
    postcode: str | None
    according_to: AgencyId
    updated_at: datetime


class AttendanceShown(BaseModel):
    """Sessions (half days) that one school counted in one school year."""

    person: UUID
    year: str = Field(description="the school year as the school's file names it")
    possible: int
    attended: int
    authorised: int = Field(description="sessions missed with leave")
    unauthorised: int = Field(description="sessions missed without leave")
    percentage: float | None = Field(description="attended of possible, to a tenth; null without any")
    persistent_absence: bool = Field(description="a tenth of the sessions or more were missed")
    according_to: AgencyId


class RoleShown(BaseModel):
    """As what somebody lives in a household, and with whom."""

    household: UUID
    role: HouseholdRole
    according_to: AgencyId
    members: list[UUID]


class PersonShown(BaseModel):
    """What the caller may see of somebody."""

    identities: list[IdentityShown]
    addresses: list[AddressShown]
    attendance: list[AttendanceShown]


class BirthdayShown(BaseModel):
    """When somebody was born, as one agency knows it."""

    person: UUID
    date_of_birth: date
    according_to: AgencyId


class BirthdaysShown(BaseModel):
    """When some people were born, by every account that the caller may see."""

    birthdays: list[BirthdayShown]


class RolesShown(BaseModel):
    """As what somebody lives where."""

    roles: list[RoleShown]
