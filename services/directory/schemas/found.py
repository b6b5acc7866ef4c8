"""What is said of what was found: counts by kind, suggestions while somebody types, points for a map."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from services.directory.schemas.documented import Omitting


class Facet(BaseModel):
    """How many services found have this; `value` is what to ask for to see only those."""

    value: str
    name: str
    count: int


class Facets(Omitting):
    """Counts of what a question finds, by the parameter that narrows it. The largest first."""

    total_items: int
    relaxed: Literal[True] | None = Field(
        default=None, description="Nothing had all of the words, so this is of what has some of them."
    )
    facets: dict[str, list[Facet]] = Field(
        examples=[{"day": [{"value": "SA", "name": "Saturday", "count": 12}]}]
    )


class Suggestion(Omitting):
    """What somebody may be about to ask for; `id` where it is a service or a term and not only words."""

    text: str
    kind: Literal["words", "taxonomy_term", "service"]
    id: UUID | None = None


class Suggestions(BaseModel):
    """Suggestions, best first: words that complete what was typed, then terms, then services."""

    suggestions: list[Suggestion]


class Geometry(Omitting):
    """Where it is: longitude, latitude (WGS 84)."""

    type: Literal["Point"] = "Point"
    coordinates: Annotated[list[float], Field(min_length=2, max_length=2)]


class Marker(Omitting):
    """What a map says of a point."""

    service_id: UUID
    service: str
    organization: str | None = None
    location: str | None = None
    metres: int | None = Field(None, description="from the postcode asked about")


class Feature(Omitting):
    """A service at a place (RFC 7946)."""

    type: Literal["Feature"] = "Feature"
    id: UUID
    geometry: Geometry
    properties: Marker


class FeatureCollection(Omitting):
    """A page of places for a map (RFC 7946)."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    page_number: int
    last_page: bool
    relaxed: Literal[True] | None = Field(
        default=None, description="Nothing had all of the words, so this is of what has some of them."
    )
    features: list[Feature]
