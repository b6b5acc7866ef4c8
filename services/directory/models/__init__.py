"""What the directory stores: the local offer in Open Referral UK 3.0's own nouns, a file per noun."""

from services.directory.models.feed import Feed
from services.directory.models.location import Accessibility, Address, Location
from services.directory.models.organization import Organization, OrganizationIdentifier
from services.directory.models.service import Attribute, Service, ServiceAtLocation
from services.directory.models.service_detail import (
    Contact,
    CostOption,
    Funding,
    Language,
    Phone,
    Schedule,
    ServiceArea,
)
from services.directory.models.taxonomy import Taxonomy, TaxonomyTerm

__all__ = [
    "Accessibility",
    "Address",
    "Attribute",
    "Contact",
    "CostOption",
    "Feed",
    "Funding",
    "Language",
    "Location",
    "Organization",
    "OrganizationIdentifier",
    "Phone",
    "Schedule",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "Taxonomy",
    "TaxonomyTerm",
]
