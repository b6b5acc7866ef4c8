"""What is said of a listing: reports, edits, reviews, versions."""

import re
from datetime import date, datetime, time
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl, PlainSerializer, StringConstraints
from typing_extensions import TypeAliasType

from hub.caller import AgencyId
from hub.heard import Heard, Line, Words
from hub.page import Paged
from services.directory.schemas.details import PhoneKept, PhoneSaid, ScheduleKept, ScheduleSaid
from services.directory.schemas.documented import Omitting, Says
from services.directory.schemas.freshness import Freshness
from services.directory.schemas.hours import read_days
from services.directory.schemas.services import ServiceStatus

Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
Number = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=40, pattern=r"^[0-9+() ./extEXT-]+$"),
]
Mailbox = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, max_length=200, pattern=r"^[^@\s<>\"]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"
    ),
]
Age = Annotated[float, Field(ge=0, le=150)]
Web = Annotated[HttpUrl, PlainSerializer(str)]
Kind = Literal["report", "edit", "conflict", "sealed"]
State = Literal["open", "waiting", "taken", "accepted", "refused"]
ReviewVia = TypeAliasType(
    "ReviewVia", Literal["family", "provider_link", "provider_client", "officer", "feed"]
)
VersionCause = TypeAliasType("VersionCause", Literal["feed", "edit", "conflict", "before_edit"])


# "1SA" is the first Saturday of a month, "-1SA" the last.
WHICH = re.compile(r"\s*([-+]?[1-5])?(.*)", re.DOTALL)


def _days(said: str) -> str:
    """Days as RFC 5545 writes them, with which of a month it is."""
    found = [WHICH.fullmatch(part) for part in said.split(",")]
    days = [(which[1] or "") + day for which in found if which for day in read_days(which[2])]
    if not days:
        raise ValueError("must be days of the week, such as `MO,WE`, or of a month, such as `1SA`")
    return ",".join(days)


class ListingFault(StrEnum):
    """What was wrong."""

    CLOSED = "closed"
    WRONG_PHONE = "wrong_phone"
    WRONG_TIMES = "wrong_times"
    NOT_SUITABLE = "not_suitable"
    OTHER = "other"


class ReportHeard(Heard):
    """What was wrong with a listing. Say nothing about yourself: we do not want to know who you are."""

    fault: ListingFault
    said: Said | None = Field(None, description="in your own words; numbers and addresses are masked")


class PhoneHeard(Heard):
    """A number to ring."""

    number: Number
    description: Line | None = None


class ScheduleHeard(Heard):
    """When it is open, as in Open Referral UK."""

    freq: Literal["WEEKLY", "MONTHLY"] | None = None
    interval: int | None = Field(None, ge=1, le=1000)
    byday: Annotated[str, AfterValidator(_days)] | None = None
    bymonthday: Line | None = None
    opens_at: time | None = None
    closes_at: time | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    dtstart: date | None = None
    description: Words | None = None
    schedule_link: Web | None = None
    attending_type: Line | None = None
    notes: Words | None = None


class ChangesHeard(Heard):
    """The fields that are to change, each whole. A field set to null is to be empty."""

    name: Line | None = None
    description: Words | None = None
    url: Web | None = None
    email: Mailbox | None = None
    status: ServiceStatus | None = None
    fees: Words | None = None
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    alert: Words | None = None
    phones: list[PhoneHeard] | None = Field(default=None, max_length=20)
    schedules: list[ScheduleHeard] | None = Field(default=None, max_length=50)


class EditHeard(Heard):
    """A proposed edit."""

    changes: ChangesHeard
    note: Said | None = Field(None, description="for whoever decides")


class LinkEditHeard(Heard):
    """What a provider says has changed, from its link."""

    changes: ChangesHeard = ChangesHeard()
    note: Said | None = None


class ReviewDecisionHeard(Heard):
    """A decision on what was said of a listing."""

    outcome: Literal["accepted", "refused"]
    reason: Words


class ReportReceived(BaseModel):
    """That it was heard. `said` is what was kept of the words."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    said: str | None = None


FieldSaid = Annotated[Any, Says(str | float | list[PhoneSaid] | list[ScheduleSaid] | None)]


class FieldDifference(BaseModel):
    """One field: what it was, what it becomes. What is not there is null."""

    was: FieldSaid
    becomes: FieldSaid


class Editable(Omitting):
    """What may be edited of a listing, as it stood."""

    name: str
    description: str | None = None
    url: str | None = None
    email: str | None = None
    status: ServiceStatus
    fees: str | None = None
    minimum_age: float | None = Field(None, description="years")
    maximum_age: float | None = Field(None, description="years")
    alert: str | None = None
    phones: list[PhoneKept] | None = None
    schedules: list[ScheduleKept] | None = None


class ListingReview(BaseModel):
    """Something said of a listing, and what became of it."""

    id: UUID
    service: UUID
    name: str | None = Field(description="of the service, if your agency may read it")
    freshness: Freshness | None = Field(description="of the service, if your agency may read it")
    kind: Kind
    via: ReviewVia
    fault: ListingFault | None
    said: str | None
    changes: dict[str, FieldDifference] | None
    state: Literal["waiting", "taken", "accepted", "refused"]
    raised_at: datetime
    raised_by: str | None
    taken_by: str | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None


class ListingReviewPage(Paged):
    """A page of the queue: those who waited longest first."""

    reviews: list[ListingReview]


class EditProposed(BaseModel):
    """That an edit waits for a decision."""

    review: UUID
    changes: dict[str, FieldDifference]


class ListingVersion(BaseModel):
    """A listing as it stood after a change, and what changed."""

    number: int
    at: datetime
    cause: VersionCause
    by_agency: AgencyId
    by_practitioner: str | None
    review: UUID | None
    changes: dict[str, FieldDifference]
    document: Annotated[dict[str, Any], Says(Editable)]


class ListingVersionPage(BaseModel):
    """Versions, newest first."""

    versions: list[ListingVersion]
    next: int | None = Field(description="`before` of the next page")
