"""Take a feed in: read each record, tell what changed, store it, hide what has gone or ask whether to.

Everything a pull has learnt is written with the records it stores, so that a pull can be cut off anywhere
and taken up again by another process.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from hub.database import Tx
from hub.line import Row
from services.directory import formats
from services.directory.actions import storing, withhold
from services.directory.formats import Names, Record, RecordNotUsable
from services.directory.rules import feeds as rules
from services.directory.schemas import FeedReport, How, PullCounts, Told
from services.directory.store import feeds, pulls, records

KINDS = ("service", "organization", "location")


@dataclass
class Intake:
    """A feed on its way in: the report so far, the records met, the lines not yet written."""

    report: FeedReport
    pull: UUID
    how: How
    started: datetime
    page: int = 1
    resumed: bool = False
    started_before: bool = False
    seen: set[str] = field(default_factory=set[str])
    shapes: dict[str, int] = field(default_factory=dict[str, int])
    met: list[str] = field(default_factory=list[str])
    lines: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    written: int = 0

    @property
    def feed(self) -> UUID:
        """The feed's id."""
        return self.report.feed

    def write(self, what: str, said: Sequence[str] = (), **about: object) -> None:
        """A line of the report, written with the next records."""
        self.written += 1
        self.lines.append({"number": self.written, "what": what, "said": list(said), **about})

    def fail(self, record: str | None, reasons: list[str]) -> None:
        """A record that could not be used."""
        self.report.fail(record, reasons)
        self.write("failed", reasons, source_id=record)


def id_of(url: str) -> UUID:
    """The id of the feed at an address: the same whoever names it."""
    return uuid5(NAMESPACE_URL, url)


async def begin(tx: Tx, url: str, publisher: str, how: How = "asked") -> Intake:
    """Begin to take a feed in, or go on where the last pull of it was cut off. FeedOfAnother."""
    feed = id_of(url)
    rules.check_owner(await feeds.register(tx, feed, url, publisher), tx.known_caller.agency)
    now = datetime.now(UTC)
    report = FeedReport(feed=feed, url=url, publisher=publisher)
    left = await pulls.unfinished(tx, feed)
    if left and how != "imported" and rules.goes_on(started=left["started_at"], now=now):
        return await _go_on(tx, report, left, how)
    pull = report.pull = uuid4()
    await pulls.begin(tx, pull, feed, how)
    await pulls.forget_seen(tx, feed)
    await pulls.supersede(tx, feed, pull)
    return Intake(report, pull, how, now)


async def _go_on(tx: Tx, report: FeedReport, left: Row, how: How) -> Intake:
    report.pull, report.counts = left["id"], PullCounts.model_validate_json(left["counts"])
    report.shape = left["shape"]
    return Intake(
        report,
        left["id"],
        how,
        left["started_at"],
        page=left["page"],
        resumed=True,
        started_before=True,
        seen=await pulls.seen(tx, left["id"]),
        written=left["lines"],
    )


async def take(tx: Tx, intake: Intake, documents: Iterable[object]) -> None:
    """Take some records in. A bad one is reported and stops nothing."""
    fresh = [document for document in documents if _is_new(intake, document)]
    read = await _read(tx, intake, fresh)
    withheld = await withhold.withhold(tx, read)
    _note(intake, read)
    before = await records.known(tx, intake.feed, [record.source_id for record in read])
    wanted: list[storing.Wanted] = []
    for record in read:
        old, fingerprint = before.get(record.source_id), record.fingerprint()
        if old and old["hidden_at"] is None and old["fingerprint"] == fingerprint:
            intake.report.counts.unchanged += 1
        else:
            wanted.append(storing.Wanted(record, fingerprint, old["fingerprint"] if old else None))
    stored: set[str] = set()
    for outcome in await storing.store(tx, intake.feed, wanted):
        _tell(intake, outcome)
        stored |= {str(outcome.record.id)} if outcome.stored else set()
        if outcome.stored and (words := withheld.places.get(str(outcome.record.id))):
            await withhold.ask(tx, outcome.record.id, words)
    await withhold.everywhere(tx, withheld, stored)
    await save(tx, intake)


def _tell(intake: Intake, outcome: storing.Outcome) -> None:
    record = outcome.record
    if not outcome.stored:
        intake.fail(record.source_id, ["the database would not take it"])
        return
    what: Told = "added" if outcome.is_new else "changed"
    intake.report.tell(what, record.id, record.name, outcome.fields)
    about = {"service": str(record.id), "source_id": record.source_id, "name": record.name}
    intake.write(what, outcome.fields, **about)


def miss(intake: Intake, source_id: str, reason: str) -> None:
    """Report a record the feed lists and would not give. It is not gone, so it is not hidden."""
    intake.report.counts.read += 1
    _meet(intake, source_id)
    intake.fail(source_id, [reason])


def unchanged(intake: Intake, source_ids: Iterable[str]) -> None:
    """A page that the feed says is as it was: everything on it is still there."""
    for source_id in source_ids:
        if source_id not in intake.seen:
            intake.report.counts.read += 1
            intake.report.counts.unchanged += 1
            _meet(intake, source_id)


async def save(tx: Tx, intake: Intake) -> None:
    """Write what the pull has learnt since the last time, and how far it has come."""
    report = intake.report
    report.shape = max(intake.shapes, key=lambda shape: intake.shapes[shape], default=report.shape)
    await pulls.write(tx, intake.pull, intake.lines)
    if intake.how != "imported" and intake.met:
        await pulls.see(tx, intake.pull, intake.met)
    intake.lines.clear()
    intake.met.clear()
    counts = report.counts.model_dump_json()
    await pulls.progress(tx, intake.pull, intake.page, report.state, counts, report.stopped, report.shape)


def _meet(intake: Intake, source_id: str) -> None:
    intake.seen.add(source_id)
    intake.met.append(source_id)


def _is_new(intake: Intake, document: object) -> bool:
    """Count a record. Pages shift while they are read, so the same one may come again."""
    source_id = formats.identity(document)
    if source_id is not None and source_id in intake.seen:
        if not intake.resumed:
            intake.report.counts.read += 1
            intake.report.counts.repeated += 1
        return False
    intake.report.counts.read += 1
    if source_id is not None:
        _meet(intake, source_id)
    return True


async def _read(tx: Tx, intake: Intake, documents: Sequence[object]) -> list[Record]:
    """Read records; where another feed has an id already, the record is read again under another."""
    names = Names(intake.feed)
    read: list[Record] = []
    for document in documents:
        try:
            read.append(formats.read_service(document, names, intake.report.publisher))
            shape = formats.shape_of(document).value
            intake.shapes[shape] = intake.shapes.get(shape, 0) + 1
        except RecordNotUsable as reason:
            intake.fail(formats.identity(document), reason.reasons)
    clashes = Names(intake.feed, frozenset(await _taken(tx, intake.feed, read)))
    if clashes.taken:
        usable = {record.source_id for record in read}
        read = [
            formats.read_service(document, clashes, intake.report.publisher)
            for document in documents
            if formats.identity(document) in usable
        ]
    return read


def _note(intake: Intake, read: Sequence[Record]) -> None:
    for record in read:
        intake.report.note(record.source_id, record.notes)
        if record.notes:
            about = {"service": str(record.id), "source_id": record.source_id, "name": record.name}
            intake.write("noted", record.notes[:20], **about)


async def _taken(tx: Tx, feed: UUID, read: Sequence[Record]) -> set[tuple[str, UUID]]:
    found: set[tuple[str, UUID]] = set()
    for kind in KINDS:
        ids = {UUID(row["id"]) for record in read for row in cast("list[Any]", record.rows[kind])}
        found |= {(kind, one) for one in await records.taken(tx, kind, ids, feed)}
    return found
