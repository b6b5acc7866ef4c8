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


@shape
class ListedService(Plain):
    """A local service as a match names it; `services` has the whole."""

    phones: list[Phone] | None


@shape
class Need:
    """A need the directory knows."""

    need: str
    label: str | None


@shape
class Reason:
    """One thing that was asked for, and how a service stands to it: fits, partly, unknown or does_not_fit."""

    about: str
    verdict: str | None
    says: str | None


@shape
class Match:
    """A service, how well it fits out of 100, and why."""

    score: int
    has_room: bool | None
    metres: int | None
    why: list[Reason] | None
    why_not: list[Reason] | None
    service: ListedService | None


@shape
class Asked:
    """What was asked for, of a plan or by itself. Where the family lives is not repeated."""

    needs: list[str] | None
    ages: list[int] | None
    barriers: list[str] | None
    languages: list[str] | None
    near_home: bool | None


@shape
class Matches:
    """Services that fit, the best first."""

    asked: Asked | None
    needs: list[Need] | None
    considered: int | None
    matches: list[Match] | None


@shape
class FirstContact:
    """A family hub or first point of contact; `national` is for everybody."""

    national: bool | None
    metres: int | None
    service: ListedService | None


@strawberry.input(description="A time of the week at which the family can come.")
class TimeOfWeek:
    """A day of the week (`SA`, `sat`, `saturday`), and from when until when (`15:30`)."""

    day: str
    starts: str | None = None
    ends: str | None = None


@strawberry.input(description="What a service should help with. With a plan: instead of what the plan says.")
class MatchQuestion:
    """The words of `POST /directory/matches`."""

    needs: list[str] | None = None
    barriers: list[str] | None = None
    ages: list[int] | None = None
    postcode: str | None = None
    within_metres: int | None = None
    times: list[TimeOfWeek] | None = None
    languages: list[str] | None = None
    first: int | None = None


# What the directory shows only when asked for whole services.
WHOLE = frozenset({"phones", "serviceAtLocations", "source"})
