"""Take a feed in: read each record, tell what changed, store it, hide what has gone."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy.exc import DBAPIError

from hub.database import Tx, unavailable
from services.directory.formats import oruk
from services.directory.formats.oruk import Names, Record, RecordNotUsable
from services.directory.rules import feeds as rules
from services.directory.rules.places import whereabouts
from services.directory.schemas import FeedReport
from services.directory.store import feeds, records

KINDS = ("service", "organization", "location")


@dataclass
class Intake:
    """A feed on its way in: the report so far, and the records met."""

    report: FeedReport
    seen: set[str] = field(default_factory=set[str])

    @property
    def feed(self) -> UUID:
        """The feed's id."""
        return self.report.feed


async def begin(tx: Tx, url: str, publisher: str) -> Intake:
    """Begin to take a feed in, alone. FeedOfAnother if another agency keeps it."""
    assert tx.caller is not None, "a feed is taken in by an agency"
    feed = uuid5(NAMESPACE_URL, url)
    rules.check_owner(await feeds.register(tx, feed, url, publisher), tx.caller.agency)
    await feeds.hold(tx, feed)
    return Intake(FeedReport(feed=feed, url=url, publisher=publisher))


async def take(tx: Tx, intake: Intake, documents: Iterable[object]) -> None:
    """Take some records in. A bad one is reported and stops nothing."""
    fresh = [document for document in documents if _is_new(intake, document)]
    read = await _read(tx, intake, fresh)
    before = await records.known(tx, intake.feed, [record.source_id for record in read])
    wanted: list[tuple[Record, bool]] = []
    for record in read:
        old = before.get(record.source_id)
        if old and old["hidden_at"] is None and old["fingerprint"] == record.fingerprint():
            intake.report.counts.unchanged += 1
        else:
            wanted.append((record, old is None))
    await _store(tx, intake, wanted)


def miss(intake: Intake, source_id: str, reason: str) -> None:
    """Report a record the feed lists and would not give. It is not gone, so it is not hidden."""
    intake.report.counts.read += 1
    intake.seen.add(source_id)
    intake.report.fail(source_id, [reason])


async def finish(tx: Tx, intake: Intake) -> FeedReport:
    """Hide what a whole feed no longer has, and settle how widely organisations and places show."""
    report = intake.report
    if rules.may_hide(complete=report.complete, read=report.counts.read):
        for row in await records.hide_vanished(tx, report.feed, intake.seen):
            report.tell("hidden", row["id"], row["name"])
    await records.settle_organizations(tx, report.feed)
    await records.settle_locations(tx, report.feed)
    await feeds.pulled(tx, report.feed, report.publisher)
    return report


async def import_document(tx: Tx, url: str, publisher: str, parsed: object) -> FeedReport:
    """Take in a parsed document that holds a whole feed: a page, a list, NDJSON or one full record.

    `url` says where it came from and is what the next import of the same is known by. Raises NotAFeed.
    """
    page = oruk.read_page(parsed)
    intake = await begin(tx, url, publisher)
    for start in range(0, len(page.services), 100):
        await take(tx, intake, page.services[start : start + 100])
    return await finish(tx, intake)


def _is_new(intake: Intake, document: object) -> bool:
    """Count a record. Pages shift while they are read, so the same one may come again."""
    intake.report.counts.read += 1
    source_id = oruk.identity(document)
    if source_id is None:
        return True
    if source_id in intake.seen:
        intake.report.counts.repeated += 1
        return False
    intake.seen.add(source_id)
    return True


async def _read(tx: Tx, intake: Intake, documents: Sequence[object]) -> list[Record]:
    """Read records; where another feed has an id already, the record is read again under another."""
    names = Names(intake.feed)
    read: list[Record] = []
    for document in documents:
        try:
            read.append(oruk.read_service(document, names, intake.report.publisher))
        except RecordNotUsable as reason:
            intake.report.fail(oruk.identity(document), reason.reasons)
    clashes = Names(intake.feed, frozenset(await _taken(tx, intake.feed, read)))
    if clashes.taken:
        usable = {record.source_id for record in read}
        read = [
            oruk.read_service(document, clashes, intake.report.publisher)
            for document in documents
            if oruk.identity(document) in usable
        ]
    for record in read:
        intake.report.note(record.source_id, record.notes)
    return read


async def _taken(tx: Tx, feed: UUID, read: Sequence[Record]) -> set[tuple[str, UUID]]:
    found: set[tuple[str, UUID]] = set()
    for kind in KINDS:
        ids = {UUID(row["id"]) for record in read for row in record.rows[kind]}
        found |= {(kind, one) for one in await records.taken(tx, kind, ids, feed)}
    return found


async def _store(tx: Tx, intake: Intake, wanted: Sequence[tuple[Record, bool]]) -> None:
    """Store records together; if the database will not have them, by halves to learn which."""
    if not wanted:
        return
    rows = await asyncio.to_thread(_rows, intake.feed, [record for record, _ in wanted])
    try:
        async with tx.attempt():
            await records.put(tx, rows)
    except DBAPIError as reason:
        if unavailable(reason):
            raise
        if len(wanted) == 1:
            intake.report.fail(wanted[0][0].source_id, ["the database would not take it"])
            return
        half = len(wanted) // 2
        await _store(tx, intake, wanted[:half])
        await _store(tx, intake, wanted[half:])
        return
    for record, is_new in wanted:
        intake.report.tell("added" if is_new else "changed", record.id, record.name)


def _rows(feed: UUID, read: Sequence[Record]) -> dict[str, list[dict[str, Any]]]:
    """Every row of some records, with what only the hub knows: feed, fingerprint, place."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for record in read:
        fingerprint = record.fingerprint()
        for table, more in record.rows.items():
            rows.setdefault(table, []).extend(dict(row) for row in more)
        rows["service"][-1]["fingerprint"] = fingerprint
        _locate(record, rows.get("location", []))
    for kind in KINDS:
        for row in rows.get(kind, []):
            row["feed"] = str(feed)
    return rows


def _locate(record: Record, locations: list[dict[str, Any]]) -> None:
    mine = {row["id"] for row in record.rows["location"]}
    for row in locations:
        if row["id"] in mine and "easting" not in row:
            codes = [a["postal_code"] for a in record.rows["address"] if a["location_id"] == row["id"]]
            place = whereabouts(row["latitude"], row["longitude"], codes)
            row["easting"], row["northing"] = place or (None, None)
