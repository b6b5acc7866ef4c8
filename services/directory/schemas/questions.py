"""Questions put to the directory (Open Referral UK query parameters)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, NamedTuple, Self, cast
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator

from services.directory.schemas import hours, terms
from services.directory.schemas.typed import Asked, Question, Word, is_blank

LONGEST_PAGE = 1000
PER_PAGE = 50  # what clients of Open Referral UK 1.0 were used to
EVERYTHING = 1_000_000


def _moment(said: object) -> object:
    """A `+` that was not escaped arrives as a space."""
    return said.strip().replace(" ", "+") if isinstance(said, str) and "T" in said else said


def _zoned(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _several(said: object) -> list[object]:
    """`transport,cost`, or the parameter repeated."""
    return [word for part in _listed(said) for word in (part.split(",") if isinstance(part, str) else [part])]


def _days(said: object) -> list[object]:
    return [
        day for part in _listed(said) for day in (hours.read_days(part) if isinstance(part, str) else [part])
    ]


def _listed(said: object) -> list[object]:
    return cast("list[object]", said) if isinstance(said, list) else [said]


def _part_of_day(said: str) -> str:
    hours.read_span(said)
    return said


Years = Annotated[float, Field(ge=0, le=150)]
Days = Annotated[
    list[hours.Code],
    BeforeValidator(_days, json_schema_input_type=str | list[str]),
]
PartOfDay = Annotated[str, AfterValidator(_part_of_day), Field(max_length=20)]
Barriers = Annotated[
    list[Literal["transport", "language", "cost", "stigma", "digital", "hours", "send_access", "childcare"]],
    BeforeValidator(_several),
]
Moment = Annotated[datetime, BeforeValidator(_moment)]


class PageQuestion(Question):
    """Which page, and in which format."""

    search: Asked | None = Field(
        None,
        description="Full text search; spelling is forgiven. Where nothing has all of the words, what has"
        " some of them, and the header `Search-Relaxed: true`. Operators are taken as they are written.",
        examples=["autism", "food bank"],
    )
    page: int = Field(1, ge=1, le=EVERYTHING, description="Page number.")
    per_page: int = Field(PER_PAGE, ge=1, le=LONGEST_PAGE, description="Results on a page.")
    format: Literal["json", "ndjson"] = Field(
        "json", description="`ndjson` streams every result, one a line, without pages."
    )


class TermQuestion(PageQuestion):
    """A question about taxonomy terms."""

    taxonomy_id: UUID | None = Field(None, description="Terms of this taxonomy.")
    parent_id: UUID | None = Field(None, description="Terms right under this term.")
    top_only: bool = Field(False, description="Terms without a parent.")


class SuggestionQuestion(Question):
    """What stands in a search box."""

    q: Asked = Field("", description="What has been typed so far.", examples=["auti"])
    limit: int = Field(8, ge=1, le=20, description="How many suggestions at most.")


class OneOrganizationQuestion(Question):
    """How much of one organisation to show."""

    full_service: bool = Field(False, description="With whole services.")


class OrganizationQuestion(PageQuestion):
    """A question about organisations."""

    full: bool = Field(False, description="With identifiers and the names of services.")
    full_service: bool = Field(False, description="With whole services.")


class MeantQuestion(PageQuestion):
    """What people mean and Open Referral UK has no parameter for. Everything asked for must hold."""

    age: Years | None = Field(None, description="For somebody of this age.", examples=[7])
    minimum_age: Years | None = Field(None, description="For somebody of this age or older.")
    maximum_age: Years | None = Field(None, description="For somebody of this age or younger.")
    day: Days = Field([], description="Open on one of these days of the week.", examples=["saturday"])
    time: PartOfDay | None = Field(
        None, description="Open in this part of the day.", examples=["morning", "10:00", "16:00-18:00"]
    )
    on: date | None = Field(None, description="Open on this very day. Bank holidays are not known.")
    free: bool = Field(False, description="Costs nothing.")
    max_cost: float | None = Field(None, ge=0, description="Costs no more than this, in pounds.")
    language: Word | None = Field(
        None, description="Offered in it: a code, or a name in English or Welsh.", examples=["Polish"]
    )
    accessibility: Word | None = Field(None, description="At a place said to have it.", examples=["ramp"])
    send: bool = Field(False, description="For special educational needs and disabilities.")
    referral: Literal["self", "professional"] | None = Field(
        None, description="`self`: come as you are; `professional`: somebody must refer."
    )
    tier: Literal["universal", "targeted", "specialist"] | None = Field(None, description="How specialised.")
    level_of_need: int | None = Field(None, ge=1, le=4, description="Level of need, 1 to 4.")
    barrier: Barriers = Field([], description="Takes every one of these barriers away.")
    has_room: bool = Field(False, description="Said within 90 days that it has room.")

    @model_validator(mode="after")
    def _ages_in_order(self) -> Self:
        youngest, oldest = self.minimum_age, self.maximum_age
        if youngest is not None and oldest is not None and youngest > oldest:
            raise ValueError("minimum_age is above maximum_age")
        return self

    def terms(self) -> list[terms.Term]:
        """The terms of our own that a service must be under."""
        asked = {
            "referral": self.referral,
            "tier": self.tier,
            "level_of_need": self.level_of_need,
            "send": "yes" if self.send else None,
        }
        given = [(kind, str(value)) for kind, value in asked.items() if value is not None]
        return [terms.term(*one) for one in (*given, *(("barrier", barrier) for barrier in self.barrier))]


class PlaceQuestion(MeantQuestion):
    """A question about services where they are offered."""

    taxonomy_term_id: UUID | None = Field(None, description="Services under this term.")
    taxonomy_id: UUID | None = Field(None, description="Services under any term of this taxonomy.")
    organization_id: UUID | None = Field(None, description="Services of this organisation.")
    modified_after: Moment | None = Field(None, description="Changed on or after this moment.")
    full: bool = Field(False, description="Fully nested.")
    postcode: Asked | None = Field(
        None, description="Available to somebody who lives here; nearest first.", examples=["BS5 6LA"]
    )
    proximity: int | None = Field(
        None, ge=1, le=2_000_000, description="Within so many metres of the postcode."
    )

    @model_validator(mode="before")
    @classmethod
    def _from_somewhere(cls, said: Any) -> Any:
        """A form sends a distance with a postcode that nobody filled in: it is none."""
        if not isinstance(said, Mapping):
            return said
        asked = dict(cast("Mapping[str, Any]", said))
        if is_blank(asked.get("postcode")):
            asked.pop("proximity", None)
        return asked

    @model_validator(mode="after")
    def _in_order(self) -> "PlaceQuestion":
        if self.proximity is not None and self.postcode is None:
            raise ValueError("proximity needs a postcode to measure from")
        if self.modified_after:
            self.modified_after = _zoned(self.modified_after)
        return self


class ServiceQuestion(PlaceQuestion):
    """A question about services."""

    minimal: bool = Field(False, description="Only ids and when they were modified, all on one page.")

    @model_validator(mode="after")
    def _all_at_once(self) -> "ServiceQuestion":
        if self.minimal and "per_page" not in self.model_fields_set:
            self.per_page = EVERYTHING
        return self


class MapQuestion(PlaceQuestion):
    """A question about places that a map may show."""

    format: Literal["json", "ndjson", "geojson"] = Field(  # pyright: ignore[reportIncompatibleVariableOverride]
        "json",
        description="`ndjson` streams every result, one a line, without pages; `geojson`: a page of points.",
    )


class ServiceSearch(ServiceQuestion):
    """A question about services as a JSON body, so that a postcode is in no address and no log."""

    model_config = ConfigDict(extra="forbid")


class PlaceSearch(MapQuestion):
    """A question about places as a JSON body."""

    model_config = ConfigDict(extra="forbid")


class Near(NamedTuple):
    """Where somebody lives: OSGB metres, and the codes of the areas that contain it."""

    easting: int
    northing: int
    areas: tuple[str, ...]
