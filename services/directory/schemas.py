"""What the directory hears: questions put to it and feeds named to it; and its report on a feed."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal, NamedTuple
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field, HttpUrl, model_validator

from hub.heard import Heard, Line

LONGEST_PAGE = 1000
PER_PAGE = 50  # what clients of Open Referral UK 1.0 were used to
EVERYTHING = 1_000_000
DETAILS = 1000


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


class FeedHeard(Heard):
    """A feed to keep in step with."""

    url: HttpUrl = Field(description="the feed's base URL: `/services` is read below it")
    publisher: Line = Field(description="who publishes it, as people know them")


class Failure(BaseModel):
    """A record that could not be used."""

    record: str | None = Field(description="what the record calls itself")
    reasons: list[str]


class Change(BaseModel):
    """What happened to a service."""

    what: Literal["added", "changed", "hidden"]
    id: UUID
    name: str


class Note(BaseModel):
    """Something in a record that was left out or mended."""

    record: str
    what: list[str]


class Counts(BaseModel):
    """What a pull found, in numbers."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    repeated: Annotated[int, Field(description="met again on a later page")] = 0
    hidden: Annotated[int, Field(description="in the feed no more")] = 0
    failed: int = 0


class FeedReport(BaseModel):
    """What a pull found and changed: counts, and the first thousand details of each kind."""

    feed: UUID
    url: str
    publisher: str
    complete: Annotated[bool, Field(description="the whole feed was read")] = True
    stopped: Annotated[str | None, Field(description="why not; nothing is hidden then")] = None
    counts: Counts = Counts()
    changes: list[Change] = Field(default_factory=list[Change])
    failures: list[Failure] = Field(default_factory=list[Failure])
    notes: list[Note] = Field(default_factory=list[Note])

    def fail(self, record: str | None, reasons: list[str]) -> None:
        """Count a record that could not be used."""
        self.counts.failed += 1
        if len(self.failures) < DETAILS:
            self.failures.append(Failure(record=record, reasons=reasons))

    def tell(self, what: Literal["added", "changed", "hidden"], service: UUID, name: str) -> None:
        """Count what happened to a service."""
        setattr(self.counts, what, getattr(self.counts, what) + 1)
        if len(self.changes) < DETAILS:
            self.changes.append(Change(what=what, id=service, name=name))

    def note(self, record: str, what: list[str]) -> None:
        """Remember what was left out of a record."""
        if what and len(self.notes) < DETAILS:
            self.notes.append(Note(record=record, what=what[:20]))
