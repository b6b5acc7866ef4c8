"""Training that was completed: by the people behind a client, or by one practitioner."""

from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field, model_validator

from gateway.models import Training
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.heard import Agency, Heard, PastDate, Staff
from hub.page import Cursor, Limit, Paged, after, beyond, position, tail
from hub.problem import NotFound
from hub.sharing import AgencyUnknown

router = APIRouter(route_class=HubRoute, tags=["partnership"])

Read = Annotated[Tx, allow(Scope.PARTNERSHIP_READ)]
Write = Annotated[Tx, allow(Scope.PARTNERSHIP_WRITE)]
Course = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{1,62}$", description="for example `dsl-level-3`")]
ClientName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{1,62}$")]

PAGE = f"""
select t.id as training, t.agency, nullif(t.client, '') as client, nullif(t.practitioner, '') as practitioner,
  t.course, t.completed_on, t.expires_on, t.revoked, t.recorded_by, t.at, {position("t.at", "t.id")}
from gateway.training t where {beyond("t.at", "t.id")}
  and (cast(:agency as text) is null or t.agency = :agency)
  and (cast(:within as int) is null or (not t.revoked
    and t.expires_on between current_date and current_date + cast(:within as int)))
order by t.at desc, t.id desc limit cast(:limit as int)"""


class TrainingHeard(Heard):
    """A course that the people behind a client, or one practitioner, completed."""

    agency: Agency
    client: ClientName | None = None
    practitioner: Staff | None = Field(None, description="an opaque staff id")
    course: Course
    completed_on: PastDate
    expires_on: date = Field(description="the last day on which it counts")

    @model_validator(mode="after")
    def _of_one(self) -> "TrainingHeard":
        if (self.client is None) == (self.practitioner is None):
            raise ValueError("give either client or practitioner")
        if self.expires_on < self.completed_on:
            raise ValueError("expires_on must not be before completed_on")
        return self


class TrainingRecorded(BaseModel):
    """The id of a training record."""

    training: UUID


class TrainingShown(BaseModel):
    """A training record."""

    training: UUID
    agency: str
    client: str | None
    practitioner: str | None
    course: str
    completed_on: date
    expires_on: date
    revoked: bool
    recorded_by: str
    at: datetime


class TrainingPage(Paged):
    """A page of training records, newest first."""

    training: list[TrainingShown]


@router.post("/partnership/training", status_code=201)
async def record_training(tx: Write, heard: TrainingHeard) -> TrainingRecorded:
    """Record a completed course. What depended on it is open within a second."""
    if not await tx.value(
        "select true from hub.agency a where a.id = :agency and (cast(:client as text) is null or exists"
        " (select from gateway.client c where c.id = :client and c.agency = a.id))",
        agency=heard.agency,
        client=heard.client,
    ):
        raise AgencyUnknown("No agency of this partnership is called so, or the client is not its own.")
    said = heard.model_dump(exclude={"client", "practitioner"})
    row = Training(
        id=uuid4(),
        client=heard.client or "",
        practitioner=heard.practitioner or "",
        recorded_by=tx.known_caller.agency,
        at=datetime.now(UTC),
        **said,
    )
    tx.session.add(row)
    await tx.session.flush()
    return TrainingRecorded(training=row.id)


@router.post("/partnership/training/{training}/revoke", status_code=204)
async def revoke_training(tx: Write, training: UUID) -> None:
    """Take back a record that was wrong. What depended on it is shut within a second."""
    if not await tx.value(
        "update gateway.training set revoked = true where id = :id returning true", id=training
    ):
        raise NotFound


@router.get("/partnership/training")
async def list_training(
    tx: Read,
    agency: Agency | None = None,
    expiring_within: Annotated[int | None, Query(ge=1, le=366, description="days")] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> TrainingPage:
    """Training records, newest first; or those that run out within so many days."""
    moment, identity = after(cursor)
    rows = await tx.rows(
        PAGE, agency=agency, within=expiring_within, moment=moment, identity=identity, limit=limit
    )
    return TrainingPage(
        training=[TrainingShown.model_validate(dict(row)) for row in rows],
        next=tail(rows, limit),
    )
