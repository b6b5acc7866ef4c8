"""Tell and publish unmet need: by area and need, small numbers hidden, each quarter once it is over."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from hub.database import Tx
from hub.small_numbers import published, quarter_name
from services.directory.rules import needs, postcodes, wording
from services.directory.rules.grid import geographic_of
from services.directory.schemas import SectorMiddle, Unmet, UnmetKind, UnmetRow, UnmetShown
from services.directory.store import search as finding
from services.directory.store import unmet as store
from services.directory.store.search import Wanted


async def met(tx: Tx, asked: Wanted, words: str) -> list[str]:
    """The needs in a search that some service meets, where and when it was looked for, in its own words."""
    return [key for key in needs.looked_for(words) if await _is_met(tx, asked, needs.needs()[key])]


async def _is_met(tx: Tx, asked: Wanted, need: needs.Need) -> bool:
    called = (other for word in (*need.words, *need.said) for other in wording.alternatives(word))
    return await finding.any_is(tx, replace(asked, words=(tuple(dict.fromkeys(called)),)))


async def publish(tx: Tx, quarter: date) -> UnmetShown:
    """The numbers of a quarter, the small ones hidden."""
    counted = await store.of_quarter(tx, quarter)
    rows = [row for kind in UnmetKind for row in _rows(kind, counted)]
    return UnmetShown(quarter=quarter_name(quarter), rows=rows)


def _rows(kind: UnmetKind, counted: Counter[Unmet]) -> list[UnmetRow]:
    mine = {(one.area, f"{one.need}:{one.barrier}"): n for one, n in counted.items() if one.kind is kind}
    rows: list[UnmetRow] = []
    for (area, what), shown in published(mine).cells.items():
        need, _, barrier = what.partition(":")
        rows.append(UnmetRow(kind=kind, area=area, need=need, barrier=barrier or None, count=shown.count))
    return rows


async def middles(areas: Iterable[str]) -> list[SectorMiddle]:
    """Where these postcode sectors are."""
    return await asyncio.to_thread(_middles, sorted(set(areas)))


def _middles(areas: Iterable[str]) -> list[SectorMiddle]:
    found = ((area, postcodes.middle(area)) for area in areas)
    at = ((area, geographic_of(place)) for area, place in found if place)
    return [
        SectorMiddle(area=area, longitude=round(where.longitude, 5), latitude=round(where.latitude, 5))
        for area, where in at
    ]
