"""By when a request for a copy is answered (UK GDPR Art 12(3), 12A): its clock, its extension, who asked.

A month, which begins anew when whoever asked shows who they are. While the hub waits to hear what they mean
the days do not count. `hub.time_limit` counts; here stands what may happen, for erasures too.
"""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from gateway.rights import shown
from gateway.rights.answers import OneRequest, WaitsFor
from gateway.rights.requests import RequestMovedOn, known, require_practitioner
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.heard import Heard, PastDate, Words
from hub.problem import Problem

router = APIRouter(route_class=HubRoute, prefix="/rights/access-requests/{access_request}", tags=["rights"])

Handle = Annotated[Tx, allow(Scope.RIGHTS_WRITE, Scope.RECORDS_OVERSEE)]

STANDING = """
select u.received_on, hub.due_on(u.request, u.received_on) as due_on,
  (select max(e.day) from hub.time_limit_event e
    where e.request = u.request and e.event in ('clock_stopped', 'clock_started')) as moved_on,
  exists (select from hub.time_limit_event e
    where e.request = u.request and e.event = 'extended') as extended
from hub.unanswered() u where u.request = :request"""
INSERT = """
insert into hub.time_limit_event (request, event, day, reason, waits_for, months)
values (:request, :event, :day, :reason, cast(:waits_for as text), cast(:months as int))"""


class ClockNotSo(Problem):
    """A clock is stopped while it runs, and started while it is stopped."""

    status = 409


class ExtendedAlready(Problem):
    """A request is extended once."""

    status = 409


class TimeIsOver(Problem):
    """The time to answer was over on that day: nobody gains time then."""

    status = 409


class DaysRunBackwards(Problem):
    """What happens to a request happens after it was received, one thing after another."""

    status = 422


@dataclass(frozen=True)
class Step:
    """What happens to a time limit, and on which day."""

    event: Literal["clock_stopped", "clock_started", "extended", "identity_checked"]
    day: date
    reason: str
    waits_for: str | None = None
    months: int | None = None


class ClockStopping(Heard):
    """Whoever asked was asked something back, without which the request cannot be answered."""

    waits_for: WaitsFor = Field(description="who they are, or what they ask for")
    on: PastDate = Field(description="the day they were asked")
    reason: Words

    def step(self) -> Step:
        """The clock stops."""
        return Step("clock_stopped", self.on, self.reason, waits_for=self.waits_for)


class ClockStarting(Heard):
    """What was asked for came."""

    on: PastDate = Field(description="the day it came")
    reason: Words

    def step(self) -> Step:
        """The clock starts again."""
        return Step("clock_started", self.on, self.reason)


class Extension(Heard):
    """A complex request, or one of many, takes longer; whoever asked was told so, and why."""

    months: int = Field(ge=1, le=2, description="after the first")
    told_on: PastDate = Field(description="the day they were told: before the first month is over")
    reason: Words = Field(description="as they were told it")

    def step(self) -> Step:
        """There is more time."""
        return Step("extended", self.told_on, self.reason, months=self.months)


class IdentityCheck(Heard):
    """Somebody made sure who asks."""

    on: PastDate
    how: Words = Field(description="such as a document that was seen; no number of one, and no copy")

    def step(self) -> Step:
        """It is known who asks."""
        return Step("identity_checked", self.on, self.how)


@dataclass(frozen=True)
class Standing:
    """How a time limit stands: its clock changed on `moved_on`; while it is stopped, `due_on` is None."""

    received_on: date
    due_on: date | None
    moved_on: date | None
    extended: bool


@router.post("/clock/stop", response_model=OneRequest)
async def stop_clock_of_access_request(tx: Handle, access_request: UUID, why: ClockStopping) -> Response:
    """Stop the clock while whoever asked has to say who they are, or what they mean."""
    return await _noted(tx, access_request, why.step())


@router.post("/clock/start", response_model=OneRequest)
async def start_clock_of_access_request(tx: Handle, access_request: UUID, why: ClockStarting) -> Response:
    """Start it again: the month anew from who they are, or where it stood when they say what they mean."""
    return await _noted(tx, access_request, why.step())


@router.post("/extend", response_model=OneRequest)
async def extend_access_request(tx: Handle, access_request: UUID, why: Extension) -> Response:
    """Extend it, once, by one or two months; whoever asked has been told."""
    return await _noted(tx, access_request, why.step())


@router.post("/identity", response_model=OneRequest)
async def check_identity_for_access_request(tx: Handle, access_request: UUID, why: IdentityCheck) -> Response:
    """Record how it was checked who asks. This alone starts no clock."""
    return await _noted(tx, access_request, why.step())


async def note(tx: Tx, request: UUID, step: Step) -> None:
    """Append what happens to the time limit of a request that waits. Raises what `check` does."""
    [row] = await tx.rows(STANDING, request=request)
    check(Standing(**dict(row)), step)
    facts = {"waits_for": step.waits_for, "months": step.months}
    await tx.run(INSERT, request=request, event=step.event, day=step.day, reason=step.reason, **facts)


def check(standing: Standing, step: Step) -> None:
    """May this happen. Raises ClockNotSo, ExtendedAlready, DaysRunBackwards, TimeIsOver."""
    if step.event == "identity_checked":
        return
    stopped = standing.due_on is None
    if step.event in ("clock_stopped", "clock_started") and stopped is (step.event == "clock_stopped"):
        raise ClockNotSo("It is stopped." if stopped else "It runs.")
    if step.event == "extended" and standing.extended:
        raise ExtendedAlready
    before = standing.received_on if step.event == "extended" else standing.moved_on or standing.received_on
    if step.day < before:
        raise DaysRunBackwards(f"Say a day from {before} on.")
    if standing.due_on and step.day > standing.due_on:
        raise TimeIsOver(f"It was due on {standing.due_on}.")


async def _noted(tx: Tx, access_request: UUID, step: Step) -> Response:
    require_practitioner(tx)
    asked = await known(tx, access_request)
    if asked["stands"] in ("released", "refused"):
        raise RequestMovedOn(f"It is {asked['stands']}.")
    await note(tx, access_request, step)
    return Response(await tx.show(shown.ONE, request=access_request), media_type="application/json")
