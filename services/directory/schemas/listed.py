"""Lists as Open Referral UK 3.0 has them: a numbered page in its envelope, and what stands on it."""

from uuid import UUID

from pydantic import BaseModel, Field

from services.directory.schemas.documented import Omitting
from services.directory.schemas.places import ServicePlaceShown
from services.directory.schemas.services import (
    OrganizationShown,
    ServiceFound,
    ServiceNamed,
    ServiceShown,
    ServiceStamp,
)
from services.directory.schemas.taxonomies import TaxonomyShown, TaxonomyTermShown


class IdentifierShown(Omitting):
    """A number an organisation is registered under."""

    id: UUID
    identifier_scheme: str | None = None
    identifier_type: str
    identifier: str


class WholeOrganization(OrganizationShown):
    """An organisation with what is known of it, and its services by name or whole."""

    organization_identifiers: list[IdentifierShown] | None = None
    services: list[ServiceShown | ServiceNamed] | None = None


class ServiceAtLocationShown(ServicePlaceShown):
    """A service at a place, with both."""

    service: ServiceShown
    metres: int | None = Field(None, description="from the postcode asked about")


class NumberedPage(BaseModel):
    """A page, counted from 1."""

    total_items: int
    total_pages: int
    page_number: int
    size: int = Field(description="how many stand on this page")
    first_page: bool
    last_page: bool
    empty: bool


class ServicesPage(NumberedPage):
    """A page of services, or, of a minimal list, of their ids."""

    contents: list[ServiceFound | ServiceStamp]


class ServiceAtLocationsPage(NumberedPage):
    """A page of services at locations."""

    contents: list[ServiceAtLocationShown]


class OrganizationsPage(NumberedPage):
    """A page of organisations."""

    contents: list[WholeOrganization]


class TaxonomiesPage(NumberedPage):
    """A page of taxonomies."""

    contents: list[TaxonomyShown]


class TaxonomyTermsPage(NumberedPage):
    """A page of taxonomy terms."""

    contents: list[TaxonomyTermShown]


class AboutShown(BaseModel):
    """What this API is: the first thing an Open Referral UK client reads."""

    version: str = Field(description="validators choose their schemas by it", examples=["HSDS-UK-3.0"])
    profile: str
    openapi_url: str
    description: str
