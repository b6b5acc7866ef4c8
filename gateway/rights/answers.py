"""What is answered about requests for a copy of one's records, to the last field (`shown` has SQL say it)."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field
from typing_extensions import TypeAliasType

from gateway.retention.holds import Signed
from gateway.retention.schedule import KeptCategory
from gateway.rights.proposals import AskerCapacity, CopyFate, Exemption
from hub.caller import AgencyId, PractitionerId
from hub.page import Paged
from hub.sharing import Category

Copied = Annotated[
    dict[str, Any] | Literal["[erased]"],
    Field(description="a record as its service shows it; `[erased]` once it is, copy and all"),
]
Part = Annotated[str, Field(description="what it is called in its service's answers, such as `concerns`")]
AccessRequestStep = TypeAliasType(
    "AccessRequestStep",
    Literal[
        "needs_decision",
        "gathered",
        "refused",
        "released",
        "clock_stopped",
        "clock_started",
        "extended",
        "identity_checked",
    ],
)
WaitsFor = TypeAliasType("WaitsFor", Literal["identity", "scope"])
AccessRequestStatus = TypeAliasType(
    "AccessRequestStatus", Literal["open", "needs_decision", "refused", "released"]
)


class TimeLimitEvent(Signed):
    """What may have happened to the time limit of a request."""

    on: date | None = Field(description="the day it happened, where it is about the time limit")
    waits_for: WaitsFor | None = Field(description="of a clock that was stopped")
    months: int | None = Field(description="by which it was extended")


class RequestEvent(TimeLimitEvent):
    """One entry of a request's history."""

    event: AccessRequestStep


class RequestShown(BaseModel):
    """A request for a copy, and where it stands."""

    request: UUID
    subject: UUID
    asked_by: str = Field(description="who asks, by name")
    asker: UUID | None = Field(description="the hub's id of who asks, where it is another person")
    capacity: AskerCapacity
    received_on: date
    due_on: date | None = Field(
        description="a month after, by its clock and what it is extended by; null while the clock is stopped"
    )
    status: AccessRequestStatus
    recorded_by: PractitionerId
    at: datetime
    history: list[RequestEvent]


class OneRequest(BaseModel):
    """A request without its records."""

    request: RequestShown


class OpenRequests(Paged):
    """A page of the requests that are not answered yet, the most urgent first."""

    requests: list[RequestShown]


class ItemDecided(Signed):
    """What a person decided about one record."""

    decision: CopyFate
    exemption: Exemption | None


class ItemShown(BaseModel):
    """One record that a request gathered, what is proposed for it, and what was decided."""

    item: UUID
    number: int
    part: Part
    category: Category
    content: Copied
    redacted: Copied
    proposal: CopyFate
    exemption: Exemption | None
    why: str
    decision: ItemDecided | None = Field(description="the latest, which counts")


class OneItem(BaseModel):
    """One record of a request."""

    item: ItemShown


class WholeRequest(BaseModel):
    """A request with every record it gathered."""

    request: RequestShown
    items: list[ItemShown]


class ReleasedRequest(BaseModel):
    """Who asked for the copy, and when it was released."""

    request: UUID
    subject: UUID
    asked_by: str
    capacity: AskerCapacity
    received_on: date
    due_on: date | None
    released_at: datetime


class CopiedRecord(BaseModel):
    """One record of the copy, whole or redacted."""

    number: int
    part: Part
    category: Category
    content: Copied
    redacted: bool
    exemption: Exemption | None


class RecipientNamed(BaseModel):
    """An agency that was shown something of them, and of which categories, from when to when.

    Neither looks that are held back, nor categories of which all about them is withheld.
    """

    agency: AgencyId
    name: str
    categories: list[KeptCategory]
    first: datetime
    last: datetime


class CorrectionTold(BaseModel):
    """What was put right of a category that is released as it stands, and who was told.

    Sentences that say who somebody else is are `[redacted]`.
    """

    category: Category
    disputed: str
    correction: str
    at: datetime
    told: list[str] = Field(description="names of agencies; none whose looks are held back")


class PartlyShown(BaseModel):
    """A record of which something is taken out, and by which law."""

    number: int = Field(description="the record's number in this copy")
    decision: Literal["redact"]
    exemption: Exemption
    law: str


class NotShown(BaseModel):
    """A record that is not in the copy, and by which law: neither what it is, nor where it stood."""

    withheld: int = Field(description="counts them, in no order of theirs")
    decision: Literal["withhold"]
    exemption: Exemption
    law: str


class CopyOfRecords(BaseModel):
    """The copy for the person who asked."""

    request: ReleasedRequest
    records: list[CopiedRecord]
    recipients: list[RecipientNamed]
    corrections: list[CorrectionTold]
    manifest: list[PartlyShown | NotShown]
    not_here: str = Field(description="in words: what is kept about them elsewhere, and how to ask for it")
