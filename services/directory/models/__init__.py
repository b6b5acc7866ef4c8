"""What the directory stores: the local offer in Open Referral UK 3.0's own nouns, a file per noun."""

from services.directory.models.entry import Change, Entry, Facet, Stale, Tally, Word
from services.directory.models.feed import Feed
from services.directory.models.freshness import (
    Provider,
    Unlisting,
    Upkeep,
    Verification,
    VerificationLink,
)
from services.directory.models.likeness import Likeness
from services.directory.models.location import Accessibility, Address, Location, Sealing
from services.directory.models.mailed import mailboxes, mailed
from services.directory.models.organization import Organization, OrganizationIdentifier
from services.directory.models.pull import FeedPage, Pull, PullLine, PullSeen
from services.directory.models.review import LocalEdit, Review, Version
from services.directory.models.service import Attribute, Service, ServiceAtLocation
from services.directory.models.service_detail import (
    Capacity,
    Contact,
    CostOption,
    Funding,
    Language,
    Phone,
    Schedule,
    ServiceArea,
)
from services.directory.models.taxonomy import Taxonomy, TaxonomyTerm
from services.directory.models.unmet import Unmet

__all__ = [
    "Accessibility",
    "Address",
    "Attribute",
    "Capacity",
    "Change",
    "Contact",
    "CostOption",
    "Entry",
    "Facet",
    "Feed",
    "FeedPage",
    "Funding",
    "Language",
    "Likeness",
    "LocalEdit",
    "Location",
    "Organization",
    "OrganizationIdentifier",
    "Phone",
    "Provider",
    "Pull",
    "PullLine",
    "PullSeen",
    "Review",
    "Schedule",
    "Sealing",
    "Service",
    "ServiceArea",
    "ServiceAtLocation",
    "Stale",
    "Tally",
    "Taxonomy",
    "TaxonomyTerm",
    "Unlisting",
    "Unmet",
    "Upkeep",
    "Verification",
    "VerificationLink",
    "Version",
    "Word",
    "mailboxes",
    "mailed",
]
