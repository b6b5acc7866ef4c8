"""Publish unmet need: by area and need, small numbers hidden, one quarter at a time."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hub.database import Tx
from hub.small_numbers import Cell, Table, published
from services.directory.rules import postcodes
from services.directory.rules.grid import Geographic, geographic_of
from services.directory.schemas import UnmetKind
from services.directory.store import unmet as store


@dataclass(frozen=True)
class Published:
    """A quarter: a table for each way in which needs were not met, and where the areas are."""

    quarter: date
    tables: dict[str, Table]
    middles: dict[str, Geographic]

    @property
    def name(self) -> str:
        """Such as 2026-Q4."""
        return f"{self.quarter.year}-Q{(self.quarter.month + 2) // 3}"


async def publish(tx: Tx, quarter: date) -> Published:
    """The tables of a quarter as anybody may read them."""
    counts: dict[str, dict[Cell, int]] = defaultdict(lambda: defaultdict(int))
    for one, times in (await store.of_quarter(tx, quarter)).items():
        what = f"{one.need}: {one.barrier}" if one.kind is UnmetKind.BARRIER else one.need
        counts[one.kind][one.area, what] += times
    tables = {kind.value: published(counts[kind]) for kind in UnmetKind}
    areas = {area for table in tables.values() for area in table.rows}
    return Published(quarter, tables, await asyncio.to_thread(_middles, areas))


def _middles(areas: Iterable[str]) -> dict[str, Geographic]:
    places = {area: postcodes.middle(area) for area in sorted(areas)}
    return {area: geographic_of(place) for area, place in places.items() if place}
