"""Store the records of a feed, many at once; where the database will not have one, the others."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from hub.database import Tx, unavailable
from services.directory.formats import Record, differences
from services.directory.rules.places import whereabouts
from services.directory.store import records

KINDS = ("service", "organization", "location")


@dataclass(frozen=True)
class Wanted:
    """A record to store, its fingerprint, and the one it had before; None for a record that is new."""

    record: Record
    fingerprint: str
    before: str | None


@dataclass(frozen=True)
class Outcome:
    """What became of a record, and which of its fields changed."""

    record: Record
    stored: bool
    is_new: bool = False
    fields: list[str] = field(default_factory=list[str])


async def store(tx: Tx, feed: UUID, wanted: Sequence[Wanted]) -> list[Outcome]:
    """Store records together; if the database will not have them, by halves to learn which."""
    if not wanted:
        return []
    rows = await asyncio.to_thread(_rows, feed, wanted)
    try:
        async with tx.attempt():
            changed = await records.put(tx, rows)
    except DBAPIError as reason:
        if unavailable(reason):
            raise
        if len(wanted) == 1:
            return [Outcome(wanted[0].record, stored=False)]
        half = len(wanted) // 2
        return [*await store(tx, feed, wanted[:half]), *await store(tx, feed, wanted[half:])]
    return [_stored(one, changed.get(str(one.record.id), [])) for one in wanted]


def _stored(one: Wanted, columns: list[str]) -> Outcome:
    if one.before is None:
        return Outcome(one.record, stored=True, is_new=True)
    return Outcome(one.record, stored=True, fields=[*columns, *differences(one.before, one.fingerprint)])


def _rows(feed: UUID, wanted: Sequence[Wanted]) -> dict[str, list[dict[str, Any]]]:
    """Every row of some records, with what only the hub knows: feed, fingerprint, place."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for one in wanted:
        for table, more in one.record.rows.items():
            rows.setdefault(table, []).extend(dict(row) for row in more)
        rows["service"][-1]["fingerprint"] = one.fingerprint
        _locate(one.record, rows.get("location", []))
    for kind in KINDS:
        for row in rows.get(kind, []):
            row["feed"] = str(feed)
    return rows


def _locate(record: Record, locations: list[dict[str, Any]]) -> None:
    own = len(record.rows["location"])
    for row in locations[len(locations) - own :]:
        codes = [a["postal_code"] for a in record.rows["address"] if a["location_id"] == row["id"]]
        place = whereabouts(row["latitude"], row["longitude"], codes)
        row["easting"], row["northing"] = place or (None, None)
