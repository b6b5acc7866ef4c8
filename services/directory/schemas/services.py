"""Services and who runs them (Open Referral UK 3.0, and what is ours beside it)."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field
from typing_extensions import TypeAliasType

from services.directory.schemas.details import (
    CapacityShown,
    ContactShown,
    CostOptionShown,
    FundingShown,
    LanguageShown,
    PhoneShown,
    ScheduleShown,
    ServiceAreaShown,
)
from services.directory.schemas.documented import Omitting
from services.directory.schemas.feeds import ServiceProvenance
from services.directory.schemas.freshness import AssuredHow, Freshness
from services.directory.schemas.places import ServicePlaceShown
from services.directory.schemas.taxonomies import AttributeShown

ServiceStatus = TypeAliasType("ServiceStatus", Literal["active", "inactive", "defunct", "temporarily closed"])


class OrganizationShown(Omitting):
    """Who runs services."""

    id: UUID
    name: str
    description: str
    email: str | None = None
    website: str | None = None
    logo: str | None = None
    uri: str | None = None
    parent_organization_id: UUID | None = None


class SourceShown(Omitting):
    """Where a record came from."""

    publisher: str
    id: str = Field(description="the record's own id there")
    last_modified: datetime | None = Field(None, description="when it changed there, as that says")


class ServiceShown(Omitting):
    """A service. Its details are there where it is shown in full and has any."""

    id: UUID
    organization_id: UUID
    name: str
    description: str | None = None
    url: str | None = None
    email: str | None = None
    status: ServiceStatus
    fees: str | None = None
    accreditations: str | None = None
    minimum_age: float | None = Field(None, description="years")
    maximum_age: float | None = Field(None, description="years")
    alert: str | None = None
    assured_date: date | None = Field(None, description="when somebody last vouched for it")
    assurer_email: str | None = Field(None, description="an office's mailbox, never a person's own")
    assured_how: AssuredHow | None = Field(None, description="who vouched for it")
    freshness: Freshness
    last_modified: datetime
    organization: OrganizationShown | None = None
    schedules: list[ScheduleShown] | None = None
    service_areas: list[ServiceAreaShown] | None = None
    service_at_locations: list[ServicePlaceShown] | None = None
    languages: list[LanguageShown] | None = None
    funding: list[FundingShown] | None = None
    cost_options: list[CostOptionShown] | None = None
    capacities: list[CapacityShown] | None = None
    contacts: list[ContactShown] | None = None
    phones: list[PhoneShown] | None = None
    attributes: list[AttributeShown] | None = None
    source: SourceShown | None = None


class ServiceFound(ServiceShown):
    """A service that a question found."""

    metres: int | None = Field(None, description="from the postcode asked about to its nearest place")


class ServiceStamp(BaseModel):
    """A service of a minimal list: its id, and when it changed."""

    id: UUID
    modified_date: datetime
    last_modified: datetime


class WholeService(ServiceShown):
    """A service by itself, with everything about it."""

    provenance: ServiceProvenance | None = Field(None, description="for those who keep feeds")


class ServiceNamed(BaseModel):
    """A service of an organisation, by name."""

    id: UUID
    name: str
    status: ServiceStatus
    last_modified: datetime
