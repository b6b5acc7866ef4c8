"""Feeds named to the directory, and its report on one."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, HttpUrl

from hub.heard import Heard, Line
from hub.page import Paged
from services.directory.schemas.documented import Omitting

DETAILS = 1000
PullState = Literal["reading", "broken_off", "left", "waiting", "done", "approved", "rejected", "superseded"]
What = Literal["added", "changed", "hidden", "to_hide", "failed", "noted"]
Told = Literal["added", "changed", "hidden", "to_hide"]
How = Literal["asked", "scheduled", "imported"]
Every = Annotated[int, Field(ge=5, le=44_640, description="pulled by itself every so many minutes")]
HideLimit = Annotated[
    float,
    Field(ge=0, le=1, description="a pull that would hide more than this share of what is listed waits"),
]


class FeedHeard(Heard):
    """A feed to keep in step with."""

    url: HttpUrl = Field(description="the feed's base URL: `/services` is read below it")
    publisher: Line = Field(description="who publishes it, as people know them")
    every_minutes: Every | None = None
    hide_limit: HideLimit | None = None


class FeedSettings(Heard):
    """How a feed is kept in step. What is left out stays as it is; null ends the pulls by themselves."""

    publisher: Line | None = None
    every_minutes: Every | None = None
    hide_limit: HideLimit | None = None


class FeedShown(BaseModel):
    """A feed, and how it is doing."""

    id: UUID
    url: str
    publisher: str
    agency: str
    shape: str | None = Field(description="the shape its records came in")
    every_minutes: int | None
    hide_limit: float
    pulled_at: datetime | None = Field(description="when it was last read to its end")
    next_pull_at: datetime | None
    failures: int = Field(description="pulls that failed in a row")
    last_error: str | None


class FeedsPage(Paged):
    """Feeds, the newest first."""

    feeds: list[FeedShown]


class FeedFailure(BaseModel):
    """A record that could not be used."""

    record: str | None = Field(description="what the record calls itself")
    reasons: list[str]


class ServiceChange(BaseModel):
    """What happened to a service."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    what: Told
    id: UUID
    name: str
    fields: list[str] = Field(default_factory=list[str], description="what changed of it")


class FeedNote(BaseModel):
    """Something in a record that was left out or mended."""

    record: str
    what: list[str]


class PullCounts(BaseModel):
    """What a pull found, in numbers."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    repeated: Annotated[int, Field(description="met again on a later page")] = 0
    hidden: Annotated[int, Field(description="in the feed no more")] = 0
    to_hide: Annotated[int, Field(description="in the feed no more, and waiting for a decision")] = 0
    failed: int = 0
    noted: Annotated[int, Field(description="records of which something was left out or mended")] = 0
    alike: Annotated[int, Field(description="proposed as the same as a service of another feed")] = 0


class FeedReport(BaseModel):
    """What a pull found and changed: counts, and the first thousand details of each kind."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    feed: UUID
    url: str
    publisher: str
    pull: Annotated[UUID | None, Field(description="all of this report is at /pulls/{pull}/lines")] = None
    state: PullState = "reading"
    shape: str | None = None
    complete: Annotated[bool, Field(description="the whole feed was read")] = True
    stopped: Annotated[str | None, Field(description="why not; nothing is hidden then")] = None
    counts: PullCounts = Field(default_factory=PullCounts)
    changes: list[ServiceChange] = Field(default_factory=list[ServiceChange])
    failures: list[FeedFailure] = Field(default_factory=list[FeedFailure])
    notes: list[FeedNote] = Field(default_factory=list[FeedNote])

    def fail(self, record: str | None, reasons: list[str]) -> None:
        """Count a record that could not be used."""
        self.counts.failed += 1
        if len(self.failures) < DETAILS:
            self.failures.append(FeedFailure(record=record, reasons=reasons))

    def tell(self, what: Told, service: UUID, name: str, fields: list[str] | None = None) -> None:
        """Count what happened to a service."""
        setattr(self.counts, what, getattr(self.counts, what) + 1)
        if len(self.changes) < DETAILS:
            self.changes.append(ServiceChange(what=what, id=service, name=name, fields=fields or []))

    def note(self, record: str, what: list[str]) -> None:
        """Remember what was left out of a record."""
        if what:
            self.counts.noted += 1
        if what and len(self.notes) < DETAILS:
            self.notes.append(FeedNote(record=record, what=what[:20]))


class PullShown(BaseModel):
    """One pull of a feed."""

    id: UUID
    feed: UUID
    url: str
    publisher: str
    state: PullState
    how: How
    shape: str | None
    started_at: datetime
    ended_at: datetime | None
    counts: PullCounts
    stopped: str | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None


class PullsPage(Paged):
    """Pulls, the newest first."""

    pulls: list[PullShown]


class PullLine(BaseModel):
    """One line of a pull's report."""

    number: int
    what: What
    service: UUID | None
    source_id: str | None
    name: str | None
    said: list[str] = Field(description="fields that changed, reasons, or what was mended")


class PullLines(BaseModel):
    """Lines of a pull's report, in order."""

    lines: list[PullLine]
    next: int | None = Field(description="`after` of the next page")


class PullDecision(Heard):
    """What a person decided about a pull that waits."""

    reason: Line


class ProvenancePull(BaseModel):
    """What a pull said of a record."""

    pull: UUID
    started_at: datetime
    what: What
    said: list[str] = Field(description="fields that changed, reasons, or what was mended")


class Provenance(BaseModel):
    """Where a record came from."""

    service: UUID
    feed: UUID
    url: str
    publisher: str
    agency: str
    shape: str | None
    source_id: str
    source_modified: datetime | None = Field(description="when it changed at its source, as that says")
    changed_at: datetime = Field(description="when it last changed here")
    pulled_at: datetime | None = Field(description="when its feed was last read to its end")
    pulls: list[ProvenancePull] = Field(description="the last pulls that said something of it")


class ServiceProvenance(Omitting, Provenance):
    """Where a service came from, as it stands in the service."""

    shape: str | None = None
    source_modified: datetime | None = None
    pulled_at: datetime | None = None
