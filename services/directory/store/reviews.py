"""The queue of what is said of listings: raised by anybody, decided by whoever keeps the listing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from hub.database import Tx
from hub.line import Row
from hub.page import position
from hub.policy import OURS
from hub.problem import NotFound
from services.directory.store.freshness import Kept
from services.directory.store.shapes import FRESHNESS

COLUMNS = (
    "r.id, r.service_id as service, s.name,"
    f" {FRESHNESS} as freshness, r.kind, r.via, r.fault,"
    " r.said, r.changes::text as changes, r.state, r.raised_at, nullif(r.raised_by, '') as raised_by,"
    " r.taken_by, r.decided_by, r.decided_at, r.reason"
)
FROM = "from directory.review r left join directory.service s on s.id = r.service_id"
STATES = {"open": ["waiting", "taken"]}


@dataclass(frozen=True)
class Said:
    """Something said of a listing."""

    kind: str
    via: str
    fault: str | None = None
    said: str | None = None
    changes: Mapping[str, Any] | None = None


async def raise_(tx: Tx, kept: Kept, said: Said) -> UUID:
    """Put something into the queue of whoever keeps the service."""
    own = uuid4()
    await tx.run(
        "insert into directory.review (id, service_id, agency, provider, kind, via, fault, said, changes)"
        " values (:id, :service, :agency, :provider, :kind, :via, :fault, :said, cast(:changes as jsonb))",
        id=own,
        service=kept.id,
        agency=kept.agency,
        provider=kept.provider,
        kind=said.kind,
        via=said.via,
        fault=said.fault,
        said=said.said,
        changes=None if said.changes is None else json.dumps(said.changes),
    )
    return own


async def reported_today(tx: Tx, service: UUID) -> int:
    """How many families reported a service in the last day."""
    return await tx.value("select directory.reports_lately(:service)", service=service)


@dataclass(frozen=True)
class Wanted:
    """Which part of the queue."""

    state: str
    kind: str | None
    freshness: str | None
    service: UUID | None


async def queue(
    tx: Tx, wanted: Wanted, limit: int, moment: datetime | None, identity: UUID | None
) -> Sequence[Row]:
    """A page of the queue, the longest waiting first."""
    return await tx.rows(
        f"select {COLUMNS}, {position('r.raised_at', 'r.id')} {FROM} where r.state = any(:states)"
        " and (cast(:kind as text) is null or r.kind = :kind)"
        " and (cast(:service as uuid) is null or r.service_id = :service)"
        " and (cast(:freshness as text) is null"
        f"  or {FRESHNESS} = :freshness)"
        " and (cast(:moment as timestamptz) is null"
        "  or (r.raised_at, r.id) > (cast(:moment as timestamptz), cast(:identity as uuid)))"
        " order by r.raised_at, r.id limit cast(:limit as int)",
        states=STATES.get(wanted.state, [wanted.state]),
        kind=wanted.kind,
        service=wanted.service,
        freshness=wanted.freshness,
        limit=limit,
        moment=moment,
        identity=identity,
    )


async def one(tx: Tx, review: UUID) -> Row:
    """One entry; NotFound if it is not the caller's to read."""
    found = await tx.rows(f"select {COLUMNS} {FROM} where r.id = :review", review=review)
    if not found:
        raise NotFound
    return found[0]


async def hold(tx: Tx, review: UUID) -> Row:
    """One entry of the caller's own queue, kept from others until this is decided. NotFound otherwise."""
    found = await tx.rows(
        "select service_id, kind, via, fault, changes::text as changes, state"
        " from directory.review where id = :review"
        f" and agency = {OURS} for update",
        review=review,
    )
    if not found:
        raise NotFound
    return found[0]


async def take(tx: Tx, review: UUID) -> None:
    """Say who looks into it."""
    await tx.run(
        "update directory.review set state = 'taken', taken_at = now(),"
        " taken_by = current_setting('hub.practitioner') where id = :review",
        review=review,
    )


async def decide(tx: Tx, review: UUID, outcome: str, reason: str) -> None:
    """Close it, with the reason."""
    await tx.run(
        "update directory.review set state = :outcome, reason = :reason, decided_at = now(),"
        " decided_by = current_setting('hub.practitioner') where id = :review",
        review=review,
        outcome=outcome,
        reason=reason,
    )
