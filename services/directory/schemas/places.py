"""Where services are offered (Open Referral UK 3.0)."""

from typing import Literal
from uuid import UUID

from pydantic import Field
from typing_extensions import TypeAliasType

from services.directory.schemas.documented import Omitting

PlaceKind = TypeAliasType("PlaceKind", Literal["physical", "postal", "virtual"])


class PostalAddressShown(Omitting):
    """The address of a place. What its source did not say of the first six lines is an empty text."""

    id: UUID
    attention: str | None = None
    address_1: str
    city: str
    region: str | None = None
    state_province: str
    postal_code: str
    country: str = Field(description="ISO 3166, as its source writes it")
    address_type: PlaceKind


class AccessibilityShown(Omitting):
    """What a place has for people with disabilities."""

    id: UUID
    description: str | None = None
    details: str | None = None
    url: str | None = None
    accessibility: str | None = None


class LocationShown(Omitting):
    """A place. Addresses and accessibility are there where it is shown in full."""

    id: UUID
    location_type: PlaceKind
    name: str | None = None
    description: str | None = None
    latitude: float | None = Field(None, description="degrees (WGS 84)")
    longitude: float | None = Field(None, description="degrees (WGS 84)")
    external_identifier: str | None = None
    external_identifier_type: str | None = None
    addresses: list[PostalAddressShown] | None = None
    accessibility: list[AccessibilityShown] | None = None


class ServicePlaceShown(Omitting):
    """That a service is offered at a place."""

    id: UUID
    service_id: UUID
    location_id: UUID
    location: LocationShown
