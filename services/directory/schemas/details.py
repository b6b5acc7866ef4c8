"""The details of a service, as Open Referral UK 3.0 has them, and as they are said in an edit."""

from datetime import date, datetime
from typing import Annotated, Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, Field

from services.directory.schemas.documented import Omitting

Clock: TypeAlias = Annotated[
    str,
    Field(
        pattern=r"^\d\d:\d\d(:\d\d(\.\d{1,6})?)?$",
        description="a time of day by the clock in the United Kingdom",
        examples=["09:30:00"],
    ),
]


class ScheduleSaid(BaseModel):
    """When something is open or offered, as RFC 5545 writes what repeats."""

    valid_from: date | None = None
    valid_to: date | None = None
    dtstart: date | None = Field(None, description="the first day")
    freq: Literal["WEEKLY", "MONTHLY"] | None = None
    interval: int | None = Field(None, description="every so many weeks or months")
    byday: str | None = Field(None, description="days of the week, such as `MO,WE`; of a month `1SA`, `-1SA`")
    bymonthday: str | None = None
    description: str | None = None
    opens_at: Clock | None = None
    closes_at: Clock | None = None
    schedule_link: str | None = Field(None, description="a web address with the dates")
    attending_type: str | None = None
    notes: str | None = None


class ScheduleKept(Omitting, ScheduleSaid):
    """When something is open or offered, without what is not said."""


class ScheduleShown(ScheduleKept):
    """When a service is open."""

    id: UUID


class PhoneSaid(BaseModel):
    """A number to ring."""

    number: str
    description: str | None = None


class PhoneKept(Omitting, PhoneSaid):
    """A number to ring, without what is not said."""


class PhoneShown(PhoneKept):
    """A number to ring; of a contact where it names one."""

    id: UUID
    contact_id: UUID | None = None


class ContactShown(Omitting):
    """Whom to ask."""

    id: UUID
    name: str | None = None
    title: str | None = None
    email: str | None = None
    phones: list[PhoneShown] | None = None


class ServiceAreaShown(Omitting):
    """Where somebody must live to use a service."""

    id: UUID
    name: str | None = None
    extent: str | None = None
    extent_type: str | None = None
    uri: str | None = None
    service_area: str | None = None


class LanguageShown(Omitting):
    """A language that a service is offered in."""

    id: UUID
    name: str | None = None
    code: str | None = Field(None, description="ISO 639, as its source writes it")


class FundingShown(Omitting):
    """Who pays for a service."""

    id: UUID
    source: str | None = None


class CostOptionShown(Omitting):
    """What a service costs somebody."""

    id: UUID
    valid_from: date | None = None
    valid_to: date | None = None
    option: str | None = None
    amount: float | None = Field(None, description="in pounds")
    amount_description: str | None = None
    currency: Literal["GBP"] | None = Field(None, description="ISO 4217, wherever there is an amount")


class UnitShown(BaseModel):
    """What room is counted in, such as places."""

    id: str
    name: str


class CapacityShown(Omitting):
    """How much room a service has (HSDS 3.1)."""

    id: UUID
    available: int | None = None
    maximum: int | None = None
    description: str | None = None
    updated: datetime | None = Field(None, description="when somebody last said so")
    unit: UnitShown | None = None
