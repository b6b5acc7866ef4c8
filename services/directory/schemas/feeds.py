"""Feeds named to the directory, and its report on one."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, HttpUrl

from hub.heard import Heard, Line

DETAILS = 1000


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
