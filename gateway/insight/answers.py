"""What is answered about unmet need, to the last field: numbers and their totals, and a map."""

from typing import Annotated, Literal, NotRequired

from pydantic import BaseModel, Field
from typing_extensions import TypedDict

Kind = Literal["nothing_found", "full", "barrier", "returned", "signposted"]
Quarter = Annotated[str, Field(description="such as 2026-Q3")]


class UnmetNumber(BaseModel):
    """A number as it may be published."""

    count: int | None = Field(description="null: fewer than five")
    exact: bool = Field(description="false: it is at least so many, or hidden")
    says: str = Field(description="in words")


class UnmetCount(UnmetNumber):
    """How often a need was not met in an area, in one way."""

    kind: Kind
    area: str = Field(description="a postcode sector, such as `BS5 6`")
    need: str = Field(description="and after a colon the barrier, or why a referral came back")


class UnmetTotals(BaseModel):
    """The totals of one way: by area, by need, and of all."""

    areas: dict[str, UnmetNumber]
    needs: dict[str, UnmetNumber]
    all: UnmetNumber


class UnmetTotalsByKind(BaseModel):
    """The totals of every way in which needs were not met."""

    nothing_found: UnmetTotals
    full: UnmetTotals
    barrier: UnmetTotals
    returned: UnmetTotals
    signposted: UnmetTotals


class UnmetNeed(BaseModel):
    """Unmet need of one quarter."""

    quarter: Quarter
    note: str = Field(description="how the numbers are to be read")
    rows: list[UnmetCount]
    totals: UnmetTotalsByKind


class UnmetPoint(BaseModel):
    """The middle of an area."""

    type: Literal["Point"]
    coordinates: list[float] = Field(
        min_length=2, max_length=2, description="longitude and latitude, in degrees (WGS 84)"
    )


class UnmetInArea(TypedDict):
    """The numbers of an area; a way in which nothing was counted there is left out."""

    area: str
    quarter: Quarter
    nothing_found: NotRequired[UnmetNumber]
    full: NotRequired[UnmetNumber]
    barrier: NotRequired[UnmetNumber]
    returned: NotRequired[UnmetNumber]
    signposted: NotRequired[UnmetNumber]


class UnmetFeature(BaseModel):
    """An area on the map."""

    type: Literal["Feature"]
    geometry: UnmetPoint
    properties: UnmetInArea


class UnmetMap(BaseModel):
    """GeoJSON (RFC 7946)."""

    type: Literal["FeatureCollection"]
    features: list[UnmetFeature]
