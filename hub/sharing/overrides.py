"""Override (break-glass): one named person sees one subject for a few hours, and answers for it afterwards.

Opening is an event; PostgreSQL makes the grant of it, tells the second person, and ends it by the clock.
Nothing here asks whether the subject exists: an override about nobody is opened just the same.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID, uuid4

from pydantic import AwareDatetime, Field

from hub.caller import PractitionerId, Purpose
from hub.database import Tx
from hub.heard import Heard, Staff, Words
from hub.line import Row
from hub.problem import NotFound, PayloadNotValid, Problem
from hub.sharing.vocabulary import Category
from hub.trace import record

REVIEW_WITHIN = timedelta(hours=72)
LONGEST_DELAY = timedelta(days=90)
MANY_A_DAY = 5

Reasons = Annotated[Words, Field(min_length=10, max_length=2000, description="in words a family could read")]


class PractitionerMissing(Problem):
    """This operation is done in the name of one person, and nobody is named."""

    status = 400


class SecondPersonMissing(Problem):
    """The second person is somebody other than the one who opens the override."""

    status = 422


class ReviewNeedsAnother(Problem):
    """Somebody other than the person who opened an override reviews it, or delays telling the family."""

    status = 403


class FamilyIsTold(Problem):
    """The family is told of an override that was not upheld."""

    status = 409


class AlreadyReviewed(Problem):
    """This override has been reviewed."""

    status = 409


class ReasonCode(StrEnum):
    """Why the glass is broken."""

    IMMEDIATE_RISK = "immediate_risk_of_harm"
    MISSING_CHILD = "missing_child"
    MEDICAL_EMERGENCY = "medical_emergency"
    COURT_DIRECTION = "court_direction"


class Override(Heard):
    """What one person needs to see now, about one person or household, and why."""

    subject: UUID = Field(description="one person or household")
    categories: list[Category] = Field(min_length=1, max_length=30)
    purpose: Purpose
    reason_code: ReasonCode
    words: Reasons
    hours: int = Field(4, ge=1, le=24, description="it ends by itself after these")
    over_restrictions: list[UUID] = Field(
        default=[],
        max_length=30,
        description="the restrictions it reaches over; what another one hides stays hidden, unless another"
        " open override of the same person names that",
    )
    second_person: Staff = Field(description="another person of your agency, who is told at once")


class OverrideReview(Heard):
    """Whether it was right to open it."""

    upheld: bool
    words: Reasons


class Delay(Heard):
    """Until when the family is not told, for whose safety."""

    until: AwareDatetime = Field(description="at most 90 days from now")
    words: Reasons


@dataclass(frozen=True)
class Opened:
    """An override in force."""

    override: UUID
    ends: datetime


def named_person(tx: Tx) -> PractitionerId:
    """The person in whose name this is asked, or PractitionerMissing."""
    if not tx.known_caller.practitioner:
        raise PractitionerMissing("Send the Practitioner header: your own staff id of the person who asks.")
    return tx.known_caller.practitioner


NOT_UPHELD = """
select true from hub.override_event where override = :override and event = 'reviewed_not_upheld'"""


async def open_override(tx: Tx, override: Override) -> Opened:
    """Let the person asking see this, from now on. Nobody can lengthen it; another is another event.

    Raises PractitionerMissing and SecondPersonMissing, and nothing that depends on the subject.
    """
    if named_person(tx).lower() == override.second_person.lower():
        raise SecondPersonMissing("Name a colleague in `second_person`.")
    opened = uuid4()
    ends = await tx.value(
        "insert into hub.override_event (override, event, subject, categories, purpose, reason_code, words,"
        " restrictions, second_person, starts, ends) values (:override, 'opened', :subject, :categories,"
        " :purpose, :reason_code, :words, :restrictions, :second_person, now(),"
        " now() + make_interval(hours => cast(:hours as int))) returning ends",
        override=opened,
        categories=list(override.categories),
        restrictions=override.over_restrictions,
        **override.model_dump(exclude={"categories", "over_restrictions"}),
    )
    await record(tx, "override.opened", override.subject, Category.EXISTENCE, about=opened)
    if await _opened_today(tx) >= MANY_A_DAY:
        await record(tx, "alarm.many_overrides", override.subject, Category.EXISTENCE, about=opened)
    return Opened(opened, ends)


async def end_override(tx: Tx, override: UUID, words: str) -> None:
    """End it before its time, from the next read on; ending it twice is as good as once.

    Raises NotFound for one that is not of the caller's agency.
    """
    named_person(tx)
    first = await _opened(tx, override)
    if await _append(tx, "ended", first, words):
        await record(tx, "override.ended", first["subject"], Category.EXISTENCE, about=override)


async def review_override(tx: Tx, override: UUID, review: OverrideReview) -> None:
    """Say whether it was right. One that was not is an incident, and is over.

    Raises NotFound, ReviewNeedsAnother, AlreadyReviewed.
    """
    first = await _of_another(tx, override)
    event = "reviewed_upheld" if review.upheld else "reviewed_not_upheld"
    if not await _append(tx, event, first, review.words):
        raise AlreadyReviewed
    await record(tx, f"override.{event}", first["subject"], Category.EXISTENCE, about=override)
    if not review.upheld:
        await record(tx, "incident.override_not_upheld", first["subject"], Category.EXISTENCE, about=override)


async def delay_override(tx: Tx, override: UUID, delay: Delay) -> None:
    """Keep what was shown under it from the family's own log for a while, where telling is not safe.

    Oversight is told. Raises NotFound, ReviewNeedsAnother, FamilyIsTold, PayloadNotValid for a moment past or
    more than 90 days away.
    """
    first = await _of_another(tx, override)
    if await tx.value(NOT_UPHELD, override=override):
        raise FamilyIsTold
    now = datetime.now(UTC)
    if not now < delay.until <= now + LONGEST_DELAY:
        wrong = {"pointer": "/until", "detail": "is not within the next 90 days"}
        raise PayloadNotValid(errors=[wrong])
    await _append(tx, "delayed_from_family", first, delay.words, delay.until)


async def _opened_today(tx: Tx) -> int:
    return await tx.value(
        "select count(*) from hub.override_event where event = 'opened' and at > now() - interval '1 day'"
        " and agency = current_setting('hub.agency') and practitioner = current_setting('hub.practitioner')"
    )


async def _of_another(tx: Tx, override: UUID) -> Row:
    person = named_person(tx)
    first = await _opened(tx, override)
    if first["practitioner"].lower() == person.lower():
        raise ReviewNeedsAnother("Let a colleague do it, under their own Practitioner header.")
    return first


async def _opened(tx: Tx, override: UUID) -> Row:
    tx.asked.append(override)
    found = await tx.rows(
        "select override, subject, practitioner from hub.override_event where override = :override"
        " and event = 'opened' and agency = current_setting('hub.agency')",
        override=override,
    )
    if not found:
        raise NotFound
    return found[0]


async def _append(tx: Tx, event: str, first: Row, words: str, until: datetime | None = None) -> bool:
    """Whether this is news: an override ends once, and is reviewed once."""
    return bool(
        await tx.value(
            "insert into hub.override_event (override, event, subject, words, until)"
            " values (:override, :event, :subject, :words, cast(:until as timestamptz))"
            " on conflict do nothing returning true",
            override=first["override"],
            subject=first["subject"],
            event=event,
            words=words,
            until=until,
        )
    )
