"""Pulls: what each did, line by line, what it has met, and what a person decided."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.database import Tx
from hub.line import Row
from hub.page import beyond, position

SHOWN = (
    "p.id, p.feed, f.url, f.publisher, p.state, p.how, p.shape, p.started_at, p.ended_at,"
    " p.counts::text as counts, p.stopped, p.decided_by, p.decided_at, p.reason"
)
FROM = "from directory.pull p join directory.feed f on f.id = p.feed"


async def begin(tx: Tx, pull: UUID, feed: UUID, how: str) -> None:
    """Begin a pull."""
    await tx.run(
        "insert into directory.pull (id, feed, how, state) values (:pull, :feed, :how, 'reading')",
        pull=pull,
        feed=feed,
        how=how,
    )


async def unfinished(tx: Tx, feed: UUID) -> Row | None:
    """The latest pull of the feed, if it was cut off: by an error, for lack of time, or with its process."""
    rows = await tx.rows(
        "select id, state, page, started_at, shape, counts::text as counts,"
        " (select coalesce(max(number), 0) from directory.pull_line l where l.pull = p.id) as lines"
        " from directory.pull p where feed = :feed and how <> 'imported'"
        " order by started_at desc, id desc limit 1",
        feed=feed,
    )
    return rows[0] if rows and rows[0]["state"] in {"reading", "broken_off", "left"} else None


async def progress(
    tx: Tx, pull: UUID, page: int, state: str, counts: str, stopped: str | None, shape: str | None
) -> None:
    """Remember how far a pull has come."""
    await tx.run(
        "update directory.pull set page = :page, state = :state, counts = cast(:counts as jsonb),"
        " stopped = :stopped, shape = :shape,"
        " ended_at = case when cast(:state as text) in ('reading', 'left') then null else now() end"
        " where id = :pull",
        pull=pull,
        page=page,
        state=state,
        counts=counts,
        stopped=stopped,
        shape=shape,
    )


async def write(tx: Tx, pull: UUID, lines: Sequence[Mapping[str, Any]]) -> None:
    """Add lines to a pull's report."""
    if lines:
        await tx.run(
            "insert into directory.pull_line (pull, number, what, service, source_id, name, said)"
            " select :pull, number, what, service, source_id, name, coalesce(said, '{}')"
            " from jsonb_to_recordset(cast(:lines as jsonb)) as line(number int, what text, service uuid,"
            " source_id text, name text, said text[])",
            pull=pull,
            lines=json.dumps(lines),
        )


async def see(tx: Tx, pull: UUID, source_ids: Iterable[str]) -> None:
    """Remember what a pull has met, for whoever takes it up after us."""
    await tx.run(
        "insert into directory.pull_seen (pull, source_id) select :pull, unnest(cast(:ids as text[]))"
        " on conflict do nothing",
        pull=pull,
        ids=list(source_ids),
    )


async def seen(tx: Tx, pull: UUID) -> set[str]:
    """What a pull has met."""
    rows = await tx.rows("select source_id from directory.pull_seen where pull = :pull", pull=pull)
    return {row["source_id"] for row in rows}


async def forget_seen(tx: Tx, feed: UUID, but: UUID | None = None) -> None:
    """Nobody will take up what is done, or what was left too long."""
    await tx.run(
        "delete from directory.pull_seen s using directory.pull p where p.id = s.pull and p.feed = :feed"
        " and p.id is distinct from cast(:but as uuid)",
        feed=feed,
        but=but,
    )


async def supersede(tx: Tx, feed: UUID, by: UUID) -> None:
    """A later pull says better what is gone: whatever waits for a decision, or was left, waits no more."""
    await tx.run(
        "update directory.pull set state = 'superseded', ended_at = coalesce(ended_at, now())"
        " where feed = :feed and id <> :by and state in ('waiting', 'reading', 'left')",
        feed=feed,
        by=by,
    )


async def find(tx: Tx, pull: UUID, *, lock: bool = False) -> Row | None:
    """One pull of ours."""
    rows = await tx.rows(
        f"select {SHOWN} {FROM} where p.id = :pull{' for update of p' if lock else ''}", pull=pull
    )
    return rows[0] if rows else None


async def page(
    tx: Tx,
    feed: UUID | None,
    state: str | None,
    limit: int,
    moment: datetime | None,
    identity: UUID | None,
) -> Sequence[Row]:
    """Our pulls, the newest first."""
    return await tx.rows(
        f"select {SHOWN}, {position('p.started_at', 'p.id')} {FROM}"
        " where (cast(:feed as uuid) is null or p.feed = cast(:feed as uuid))"
        " and (cast(:state as text) is null or p.state = cast(:state as text))"
        f" and {beyond('p.started_at', 'p.id')}"
        " order by p.started_at desc, p.id desc limit cast(:limit as int)",
        feed=feed,
        state=state,
        limit=limit,
        moment=moment,
        identity=identity,
    )


async def lines(tx: Tx, pull: UUID, what: str | None, after: int, limit: int) -> Sequence[Row]:
    """Lines of a pull's report, in order."""
    return await tx.rows(
        "select number, what, service, source_id, name, said from directory.pull_line"
        " where pull = :pull and number > cast(:after as int)"
        " and (cast(:what as text) is null or what = cast(:what as text))"
        " order by number limit cast(:limit as int)",
        pull=pull,
        what=what,
        after=after,
        limit=limit,
    )


async def hide_proposed(tx: Tx, pull: UUID, feed: UUID) -> int:
    """Hide what a pull proposed to hide, and what has not come back since; how many that was."""
    return await tx.value(
        "with gone as (update directory.service s set hidden_at = now(), updated_at = now()"
        " from directory.pull_line l where l.pull = :pull and l.what = 'to_hide' and s.id = l.service"
        " and s.feed = :feed and s.hidden_at is null returning s.id) select count(*)::int from gone",
        pull=pull,
        feed=feed,
    )


async def decide(tx: Tx, pull: UUID, state: str, by: str, reason: str, counts: str) -> None:
    """Write down what a person decided about a pull that waits."""
    await tx.run(
        "update directory.pull set state = :state, decided_by = :by, decided_at = now(), reason = :reason,"
        " counts = cast(:counts as jsonb) where id = :pull",
        pull=pull,
        state=state,
        by=by,
        reason=reason,
        counts=counts,
    )


async def about(tx: Tx, service: UUID) -> Sequence[Row]:
    """What the last ten pulls that said something of a service said."""
    return await tx.rows(
        "select l.pull, p.started_at, l.what, l.said from directory.pull_line l"
        " join directory.pull p on p.id = l.pull join directory.service s on s.id = :service"
        " and p.feed = s.feed where l.service = :service or (l.service is null and l.source_id = s.source_id)"
        " order by p.started_at desc, l.number desc limit 10",
        service=service,
    )


async def provenance(tx: Tx, service: UUID) -> Row | None:
    """Where a service came from."""
    rows = await tx.rows(
        "select s.id as service, f.id as feed, f.url, f.publisher, f.agency, f.shape, s.source_id,"
        " s.source_modified, s.updated_at as changed_at, f.pulled_at"
        " from directory.service s join directory.feed f on f.id = s.feed where s.id = :service",
        service=service,
    )
    return rows[0] if rows else None
