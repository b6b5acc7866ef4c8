"""What is answered about erasures, to the last field (`shown` has PostgreSQL say it)."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field
from typing_extensions import TypeAliasType

from gateway.retention.holds import Signed
from gateway.retention.proposing import ErasureFate, ErasureGround, KeepingGround
from gateway.retention.schedule import KeptCategory
from gateway.rights.answers import TimeLimitEvent
from gateway.rights.proposals import AskerCapacity
from hub.caller import PractitionerId
from hub.page import Paged
from hub.sharing import Category

ErasureStep = TypeAliasType(
    "ErasureStep",
    Literal[
        "needs_decision",
        "gathered",
        "refused",
        "approved",
        "done",
        "clock_stopped",
        "clock_started",
        "extended",
        "identity_checked",
    ],
)
ErasureStatus = TypeAliasType(
    "ErasureStatus", Literal["open", "needs_decision", "refused", "approved", "done"]
)


class ErasureEvent(TimeLimitEvent):
    """One entry of an erasure's history."""

    event: ErasureStep


class ErasureShown(BaseModel):
    """An erasure and where it stands. A routine disposal was asked for by nobody: those fields are null."""

    request: UUID
    subject: UUID
    covers: list[UUID] = Field(description="the subject, and whoever goes with them")
    why: Literal["asked", "schedule"]
    ground: ErasureGround | None
    asked_by: str | None = Field(description="who asks, by name")
    asker: UUID | None = Field(description="the hub's id of who asks, where it is another person")
    capacity: AskerCapacity | None
    received_on: date
    due_on: date | None = Field(
        description="a month after, by its clock and what it is extended by; null while the clock is stopped"
    )
    status: ErasureStatus
    recorded_by: PractitionerId
    at: datetime
    history: list[ErasureEvent]


class OneErasure(BaseModel):
    """An erasure without its records."""

    request: ErasureShown


class FateDecided(Signed):
    """What a person decided about one record."""

    decision: ErasureFate
    ground: KeepingGround | None = Field(description="of what is kept")
    until: date | None = Field(description="until when it is kept; null: until somebody decides")


class ErasureItemShown(BaseModel):
    """One record, not what it says: what is proposed, decided and done."""

    item: UUID
    number: int
    part: Literal["referral", "assessment", "hub"] = Field(description="who keeps it")
    kind: str = Field(description="of record, as that part calls it")
    record: UUID
    subject: UUID
    category: KeptCategory
    author: str = Field(description="the agency that wrote it, or `hub`")
    recorded_at: datetime | None
    proposal: ErasureFate
    ground: KeepingGround | None = Field(description="of what would be kept")
    until: date | None = Field(description="until when it would be kept")
    why: str = Field(description="in words for the family")
    decision: FateDecided | None = Field(description="the latest, which counts")
    erased_at: datetime | None


class OneErasureItem(BaseModel):
    """One record of an erasure."""

    item: ErasureItemShown


class WholeErasure(BaseModel):
    """An erasure with every record it is about."""

    request: ErasureShown
    items: list[ErasureItemShown]


class ErasuresPage(Paged):
    """A page of erasures, the routine disposals among them, newest first."""

    requests: list[ErasureShown]


class ErasureTold(BaseModel):
    """What was erased of what an agency was shown: whose, and of which categories."""

    type: Literal["record.erased"]
    request: UUID
    subject: UUID
    categories: list[Category]
    at: datetime


class ErasuresTold(Paged):
    """A page of what was erased, newest first."""

    erasures: list[ErasureTold]


class RecordsErased(BaseModel):
    """How many records of a kind are gone."""

    what: str = Field(description="in words for the family")
    records: int


class RecordsKept(RecordsErased):
    """How many records of a kind are kept, until when and why."""

    until: str = Field(description="in words")
    why: str


class ErasureLetter(BaseModel):
    """The answer to whoever asked, in words; where it is refused, its lists are empty."""

    request: UUID
    to: str
    about: str = Field(
        description="whose records, in words: no name of theirs is kept in an erasure, nor looked up for it"
    )
    received: str = Field(description="a day, such as `3 March 2026`")
    answered: str = Field(description="a day")
    refused: str | None = Field(description="why, where it is")
    erased: list[RecordsErased]
    kept: list[RecordsKept]
    told: list[str] = Field(
        description="names of the agencies that were told; none whose looks were held back"
    )
    rights: str
