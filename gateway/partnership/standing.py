"""Who is suspended: an agency, a client or a practitioner is out within a second, and in again as fast."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import BaseModel

from gateway.models import StandingEvent
from gateway.oauth import clients
from gateway.partnership.training import ClientName
from hub.access import HubRoute, allow
from hub.caller import AgencyId, ClientId, Scope
from hub.database import Tx
from hub.heard import Agency, Heard, Staff, Words
from hub.page import (
    Cursor,
    Limit,
    Paged,
    after,
    after_names,
    beyond,
    position,
    position_by_names,
    tail,
)
from hub.problem import NotFound, Problem

router = APIRouter(route_class=HubRoute, tags=["partnership"])

Read = Annotated[Tx, allow(Scope.PARTNERSHIP_READ)]
Write = Annotated[Tx, allow(Scope.PARTNERSHIP_WRITE)]

SUSPENDED = f"""
select agency, nullif(client, '') as client, nullif(practitioner, '') as practitioner,
  {position_by_names("agency", "client", "practitioner")}
from (
  select id, '', '' from hub.agency where not active
  union all select agency, id, '' from gateway.client where not active
  union all select agency, '', practitioner from gateway.suspended_practitioner
) s(agency, client, practitioner) where (agency, client, practitioner) > (:agency, :client, :practitioner)
order by s.agency, s.client, s.practitioner limit cast(:limit as int)"""

HISTORY = f"""
select e.event, e.agency, nullif(e.client, '') as client,
  nullif(e.practitioner, '') as practitioner, e.reason, e.recorded_by, e.recorded_by_client, e.at,
  {position("e.at", "e.id")}
from gateway.standing_event e where {beyond("e.at", "e.id")}
order by e.at desc, e.id desc limit cast(:limit as int)"""


class OwnDoorStaysOpen(Problem):
    """Nobody suspends its own agency or the client it is asking with."""

    status = 409


class OversightStaysOpen(Problem):
    """Whoever oversees the hub is not shut out by those it oversees."""

    status = 409


class StandingReasonHeard(Heard):
    """Why somebody is suspended, or let in again."""

    reason: Words


class SuspendedOne(BaseModel):
    """An agency, one client of it, or one practitioner."""

    agency: str
    client: str | None
    practitioner: str | None


class SuspendedPage(Paged):
    """A page of who is suspended now, by agency."""

    suspended: list[SuspendedOne]


class StandingHappened(SuspendedOne):
    """Somebody was suspended or let in again."""

    event: str
    reason: str
    recorded_by: str
    recorded_by_client: str
    at: datetime


class SuspensionHistoryPage(Paged):
    """A page of what happened, newest first."""

    history: list[StandingHappened]


@router.get("/partnership/suspensions")
async def list_suspensions(tx: Read, limit: Limit = 50, cursor: Cursor = None) -> SuspendedPage:
    """Everybody who is suspended now."""
    agency, client, practitioner = after_names(cursor, 3)
    rows = await tx.rows(SUSPENDED, agency=agency, client=client, practitioner=practitioner, limit=limit)
    return SuspendedPage(
        suspended=[SuspendedOne.model_validate(dict(row)) for row in rows], next=tail(rows, limit)
    )


@router.get("/partnership/suspensions/history")
async def list_suspension_history(
    tx: Read, limit: Limit = 50, cursor: Cursor = None
) -> SuspensionHistoryPage:
    """Who was suspended and let in again, by whom and why, newest first."""
    moment, identity = after(cursor)
    rows = await tx.rows(HISTORY, moment=moment, identity=identity, limit=limit)
    return SuspensionHistoryPage(
        history=[StandingHappened.model_validate(dict(row)) for row in rows],
        next=tail(rows, limit),
    )


@router.post("/partnership/agencies/{agency}/suspend", status_code=204)
async def suspend_agency(tx: Write, agency: Agency, heard: StandingReasonHeard) -> None:
    """Shut out every client of an agency, within a second."""
    if agency == tx.known_caller.agency:
        raise OwnDoorStaysOpen
    await _refuse_oversight(tx, agency)
    await clients.leave(tx, agency)
    await _note(tx, "suspended", heard, agency)


@router.post("/partnership/agencies/{agency}/restore", status_code=204)
async def restore_agency(tx: Write, agency: Agency, heard: StandingReasonHeard) -> None:
    """Let an agency in again."""
    await clients.come_back(tx, agency)
    await _note(tx, "restored", heard, agency)


@router.post("/partnership/clients/{client}/suspend", status_code=204)
async def suspend_client(tx: Write, client: ClientName, heard: StandingReasonHeard) -> None:
    """Shut out one client: no new token, and within a second no old one."""
    if client == tx.known_caller.client:
        raise OwnDoorStaysOpen
    agency = await _agency_of(tx, client)
    await _refuse_oversight(tx, agency)
    await clients.suspend(tx, ClientId(client))
    await _note(tx, "suspended", heard, agency, client=client)


@router.post("/partnership/clients/{client}/restore", status_code=204)
async def restore_client(tx: Write, client: ClientName, heard: StandingReasonHeard) -> None:
    """Let a client in again."""
    await clients.restore(tx, ClientId(client))
    await _note(tx, "restored", heard, await _agency_of(tx, client), client=client)


@router.post("/partnership/agencies/{agency}/practitioners/{practitioner}/suspend", status_code=204)
async def suspend_practitioner(
    tx: Write, agency: Agency, practitioner: Staff, heard: StandingReasonHeard
) -> None:
    """Refuse every request in the name of a practitioner, within a second."""
    if not await tx.value("select true from hub.agency where id = :agency", agency=agency):
        raise NotFound
    await _refuse_oversight(tx, agency)
    await tx.run(
        "insert into gateway.suspended_practitioner (agency, practitioner) values (:agency, :practitioner)"
        " on conflict do nothing",
        agency=agency,
        practitioner=practitioner,
    )
    await _note(tx, "suspended", heard, agency, practitioner=practitioner)


@router.post("/partnership/agencies/{agency}/practitioners/{practitioner}/restore", status_code=204)
async def restore_practitioner(
    tx: Write, agency: Agency, practitioner: Staff, heard: StandingReasonHeard
) -> None:
    """Let a practitioner in again. NotFound for one who is not suspended."""
    if not await tx.value(
        "delete from gateway.suspended_practitioner where agency = :agency and practitioner = :practitioner"
        " returning true",
        agency=agency,
        practitioner=practitioner,
    ):
        raise NotFound
    await _note(tx, "restored", heard, agency, practitioner=practitioner)


async def _refuse_oversight(tx: Tx, agency: AgencyId) -> None:
    if await tx.value(
        "select true from hub.agency where id = :agency and type = 'data_protection_officer'", agency=agency
    ):
        raise OversightStaysOpen


async def _agency_of(tx: Tx, client: str) -> AgencyId:
    return await tx.value("select agency from gateway.client where id = :id", id=client)


async def _note(
    tx: Tx,
    event: str,
    heard: StandingReasonHeard,
    agency: AgencyId,
    *,
    client: str = "",
    practitioner: str = "",
) -> UUID:
    row = StandingEvent(
        id=uuid4(),
        event=event,
        agency=agency,
        client=client,
        practitioner=practitioner,
        reason=heard.reason,
        recorded_by=tx.known_caller.agency,
        recorded_by_client=tx.known_caller.client,
        at=datetime.now(UTC),
    )
    tx.session.add(row)
    await tx.session.flush()
    return row.id
