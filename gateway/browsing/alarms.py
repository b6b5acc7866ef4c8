"""Alarms of reading beyond one's work, for oversight alone: who, how much, and until when they have to wait.

Nobody else is told, and neither is whom they asked for: `GET /disclosures/by-client` says that.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from gateway.browsing.limits import Kind
from hub.access import HubRoute, allow
from hub.caller import AgencyId, ClientId, PractitionerId, Scope
from hub.database import Tx
from hub.heard import Heard, Words
from hub.page import Cursor, Limit, Paged, after, beyond, position, tail
from hub.problem import NotFound

PAGE = f"""
select a.id as alarm, a.kind, a.agency, nullif(a.client, '') as client,
  nullif(a.practitioner, '') as practitioner, a.hours, a.counted, a.allowed, a.at, a.until,
  case when a.lifted_at is not null then json_build_object('by', a.lifted_by, 'reason', a.lifted_reason,
    'at', a.lifted_at) end as lifted, {position("a.at", "a.id")}
from gateway.browsing_alarm a where {beyond("a.at", "a.id")}
order by a.at desc, a.id desc limit cast(:limit as int)"""

# Of an hour and of a day, together: who is let in again is.
LIFT = """
update gateway.browsing_alarm a set lifted_at = now(), lifted_by = current_setting('hub.agency'),
  lifted_reason = :reason, until = least(a.until, now())
from gateway.browsing_alarm it where it.id = :alarm and a.lifted_at is null and a.kind = it.kind
  and a.agency = it.agency and a.client = it.client and a.practitioner = it.practitioner"""

router = APIRouter(route_class=HubRoute, tags=["disclosures"])

Audit = Annotated[Tx, allow(Scope.DISCLOSURES_AUDIT, Scope.RECORDS_OVERSEE)]


class LiftHeard(Heard):
    """Why they may go on."""

    reason: Words


class AlarmLifted(BaseModel):
    """Who looked into it and let them go on, and why."""

    by: AgencyId
    reason: str
    at: datetime


class AlarmShown(BaseModel):
    """A client, or a practitioner of an agency, read more that was new to them than is usual."""

    alarm: UUID
    kind: Kind
    agency: AgencyId
    client: ClientId | None = Field(description="null where it is one practitioner, through whatever client")
    practitioner: PractitionerId | None = Field(description="as the client says; null where it is a client")
    hours: int = Field(description="within how many hours")
    counted: int = Field(description="how many that were new to them, when it was last counted")
    allowed: int = Field(description="how many pass without an alarm")
    at: datetime
    until: datetime | None = Field(description="until when they read nothing; null: they were not stopped")
    lifted: AlarmLifted | None


class AlarmsPage(Paged):
    """A page of alarms, newest first."""

    alarms: list[AlarmShown]


@router.get("/disclosures/alarms")
async def list_alarms(tx: Audit, limit: Limit = 50, cursor: Cursor = None) -> AlarmsPage:
    """Who asked for many in vain, or was shown many new people; newest first. For oversight."""
    moment, identity = after(cursor)
    rows = await tx.rows(PAGE, moment=moment, identity=identity, limit=limit)
    return AlarmsPage(alarms=[AlarmShown.model_validate(dict(row)) for row in rows], next=tail(rows, limit))


@router.post("/disclosures/alarms/{alarm}/lift", status_code=204)
async def lift_alarm(tx: Audit, alarm: UUID, heard: LiftHeard) -> None:
    """Let them read again within a second, and count from now on. Twice is as good as once.

    Raises NotFound for an alarm that was never raised.
    """
    tx.asked.append(alarm)
    if not await tx.value("select true from gateway.browsing_alarm where id = :alarm", alarm=alarm):
        raise NotFound
    await tx.run(LIFT, alarm=alarm, reason=heard.reason)
