"""Checks of listings, the links that ask for them, and what is unlisted."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from typing_extensions import TypeAliasType

from hub.caller import AgencyId
from hub.heard import Agency, Heard, Words
from hub.page import Paged

Automatic = Literal["stale", "no_contact_route"]
AssuredHow = TypeAliasType(
    "AssuredHow", Literal["provider_link", "provider_client", "council_officer", "phone"]
)
Days = Annotated[int, Field(ge=1, le=3650)]
Secret = Annotated[str, StringConstraints(max_length=100)]


class Freshness(StrEnum):
    """How far a listing may be trusted. What nobody ever vouched for is ageing at best."""

    FRESH = "fresh"
    AGEING = "ageing"
    STALE = "stale"


class UnlistingRule(StrEnum):
    """Why a service is not listed. The first two the hub can tell by itself."""

    STALE = "stale"
    NO_CONTACT_ROUTE = "no_contact_route"
    CONFIRMED_CLOSED = "confirmed_closed"
    PROVIDER_ASKED = "provider_asked"
    DUPLICATE = "duplicate"


class UpkeepHeard(Heard):
    """How long a check of a listing holds, in days since it, and what the hub unlists for by itself."""

    ageing_after: Days = 180
    stale_after: Days = 365
    unlist_after: Days = 455
    unlist_for: list[Automatic] = Field(default=["stale", "no_contact_route"], max_length=2)
    link_days: int = Field(default=28, ge=1, le=90, description="how long a link to a provider is good")


class UpkeepShown(UpkeepHeard):
    """How long a check of a listing holds, and what the hub unlists for, as it is in force."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


class VerificationHeard(Heard):
    """That somebody of ours checked a listing."""

    how: Literal["council_officer", "phone"]
    still_right: bool = True


class CheckHeard(Heard):
    """That a provider looked at its own listing."""

    still_right: Literal[True] = True


class LinksHeard(Heard):
    """Which providers to ask."""

    services: list[UUID] = Field(min_length=1, max_length=100)
    language: Literal["en", "cy"] = Field("en", description="the language of the page the link opens")


class UnlistHeard(Heard):
    """Why a service is not to be listed."""

    rule: Literal["confirmed_closed", "provider_asked", "duplicate", "no_contact_route", "stale"]
    reason: Words


class ReasonHeard(Heard):
    """Why, in words that stay with the record."""

    reason: Words


class ProviderHeard(Heard):
    """Which agency of the partnership speaks for an organisation."""

    agency: Agency


class Link(BaseModel):
    """A link for one provider about one listing. It is shown this once: the hub keeps no copy."""

    service: UUID
    name: str
    email: str | None = Field(description="the published address to send it to")
    url: str
    expires_at: datetime


class NotAsked(BaseModel):
    """A service whose provider was not asked: not yours to publish, or asked about too often today."""

    service: UUID
    why: Literal["not_found", "asked_often"]


class Links(BaseModel):
    """Links, and the services no provider was asked about."""

    links: list[Link]
    not_asked: list[NotAsked]


class Verification(BaseModel):
    """One check of a listing."""

    id: UUID
    service: UUID
    at: datetime
    how: AssuredHow
    still_right: bool
    by_agency: AgencyId
    by_practitioner: str | None


class Verifications(Paged):
    """Every check of a listing, newest first."""

    verifications: list[Verification]


class ListingDue(BaseModel):
    """A listing nobody has vouched for lately."""

    service: UUID
    name: str
    organization: str | None
    email: str | None
    freshness: Freshness
    verified_at: datetime | None
    assured_by: str | None
    updated_at: datetime
    days: int = Field(description="since the last check, or without one since the last change")
    asked_at: datetime | None = Field(description="when a provider was last sent a link")


class ListingDuePage(Paged):
    """Who is due: those who waited longest first."""

    due: list[ListingDue]


class Unlistable(BaseModel):
    """A service a rule would unlist, or did."""

    service: UUID
    name: str
    organization: str | None
    rule: UnlistingRule
    reason: str


class UnlistingReport(BaseModel):
    """What the rules say of everything your agency keeps: nothing is unlisted unless `done`."""

    done: bool
    count: int
    services: list[Unlistable] = Field(description="at most the first thousand; unlist again for the rest")


class Unlisted(BaseModel):
    """A service that is not listed, and why."""

    service: UUID
    name: str
    rule: UnlistingRule
    reason: str
    unlisted_at: datetime


class UnlistedPage(Paged):
    """What is not listed, newest first."""

    unlisted: list[Unlisted]
