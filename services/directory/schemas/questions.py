"""Questions put to the directory (Open Referral UK query parameters)."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field, model_validator

LONGEST_PAGE = 1000
PER_PAGE = 50  # what clients of Open Referral UK 1.0 were used to
EVERYTHING = 1_000_000


def _moment(said: object) -> object:
    """A `+` that was not escaped arrives as a space."""
    return said.strip().replace(" ", "+") if isinstance(said, str) and "T" in said else said


def _zoned(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _printable(said: object) -> object:
    return "".join(c for c in said if c.isprintable()).strip() if isinstance(said, str) else said


Asked = Annotated[str, BeforeValidator(_printable), Field(max_length=200)]
Moment = Annotated[datetime, BeforeValidator(_moment)]


class PageQuestion(BaseModel):
    """Which page, and in which format."""

    search: Asked | None = Field(None, description="Full text search; spelling is forgiven.")
    page: int = Field(1, ge=1, le=EVERYTHING, description="Page number.")
    per_page: int = Field(PER_PAGE, ge=1, le=LONGEST_PAGE, description="Results on a page.")
    format: Literal["json", "ndjson"] = Field(
        "json", description="`ndjson` streams every result, one a line, without pages."
    )

    @model_validator(mode="before")
    @classmethod
    def _unsaid(cls, said: Any) -> Any:
        """`?search=` asks for nothing."""
        return {name: value for name, value in dict(said).items() if value != ""}


class TermQuestion(PageQuestion):
    """A question about taxonomy terms."""

    taxonomy_id: UUID | None = Field(None, description="Terms of this taxonomy.")
    parent_id: UUID | None = Field(None, description="Terms right under this term.")
    top_only: bool = Field(False, description="Terms without a parent.")


class OrganizationQuestion(PageQuestion):
    """A question about organisations."""

    full: bool = Field(False, description="With identifiers and the names of services.")
    full_service: bool = Field(False, description="With whole services.")


class PlaceQuestion(PageQuestion):
    """A question about services where they are offered."""

    taxonomy_term_id: UUID | None = Field(None, description="Services under this term.")
    taxonomy_id: UUID | None = Field(None, description="Services under any term of this taxonomy.")
    organization_id: UUID | None = Field(None, description="Services of this organisation.")
    modified_after: Moment | None = Field(None, description="Changed on or after this moment.")
    full: bool = Field(False, description="Fully nested.")
    postcode: Asked | None = Field(None, description="Available to somebody who lives here; nearest first.")
    proximity: int | None = Field(
        None, ge=1, le=2_000_000, description="Within so many metres of the postcode."
    )

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


class Near(NamedTuple):
    """Where somebody lives: OSGB metres, and the codes of the areas that contain it."""

    easting: int
    northing: int
    areas: tuple[str, ...]
