"""What the directory service shows of a local service, in the words of Open Referral UK 3.0."""

import strawberry

from gateway.graphql.shape import shape


@shape
class Organization:
    """Who offers a service."""

    id: strawberry.ID
    name: str | None
    description: str | None
    email: str | None
    website: str | None
    logo: str | None
    uri: str | None


@shape
class Phone:
    """A number to ring."""

    id: strawberry.ID
    number: str | None
    description: str | None


@shape
class PlaceAddress:
    """Where a place is."""

    id: strawberry.ID
    address_1: str | None
    city: str | None
    region: str | None
    state_province: str | None
    postal_code: str | None
    country: str | None
    address_type: str | None


@shape
class Location:
    """A place where services are offered."""

    id: strawberry.ID
    location_type: str | None
    name: str | None
    description: str | None
    latitude: float | None
    longitude: float | None
    addresses: list[PlaceAddress] | None


@shape
class ServiceAtLocation:
    """A service at one of its places."""

    id: strawberry.ID
    location: Location | None


@shape
class Source:
    """The feed a service was read from."""

    publisher: str | None
    id: str | None
    last_modified: str | None


@shape
class Plain:
    """What a list of services shows of each."""

    id: strawberry.ID
    name: str | None
    description: str | None
    url: str | None
    email: str | None
    status: str | None
    fees: str | None
    accreditations: str | None
    minimum_age: float | None
    maximum_age: float | None
    alert: str | None
    assured_date: str | None
    last_modified: str | None
    metres: int | None
    organization: Organization | None


@shape
class Service(Plain):
    """A local service for families. `metres` is how far it is from the postcode that was given."""

    phones: list[Phone] | None
    service_at_locations: list[ServiceAtLocation] | None
    source: Source | None


# What the directory shows only when asked for whole services.
WHOLE = frozenset({"phones", "serviceAtLocations", "source"})
