"""Lists as Open Referral UK wants them: a numbered page in its envelope, or everything a line at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from hub.database import Tx
from hub.problem import NotFound
from services.directory.store.shapes import stripped

FIRST = UUID(int=0)
BATCH = 500

# `found` decides what and in which order, from indexes; `item` shows it, under the row policies.
PAGE = """
with found as {kept} ({found}),
page as materialized (
  select * from found n order by {order} limit cast(:per_page as bigint) offset cast(:skip as bigint)
),
numbered as (select *, row_number() over (order by {order}) as place from page n),
total as (
  select count(*)::int as items, ceil(count(*)::numeric / cast(:per_page as bigint))::int as pages from found
),
shown as (
  select count(*)::int as size, coalesce(json_agg(item order by place), '[]'::json) as contents
  from (select n.place, {item} as item from numbered n {tables}) items
)
select json_build_object(
  'total_items', total.items, 'total_pages', total.pages, 'page_number', cast(:page as int),
  'size', shown.size, 'first_page', cast(:page as int) = 1,
  'last_page', cast(:page as int) >= total.pages, 'empty', shown.size = 0,
  'contents', shown.contents
)::text from total, shown
"""
LINES = """
select n.id, {item}::text as line from ({found}) n {tables}
where n.id > cast(:beyond as uuid) order by n.id limit cast(:batch as bigint)
"""
# A little more forgiving than PostgreSQL is by itself: "foodbank" finds a food bank.
FORGIVING = "select set_config('pg_trgm.word_similarity_threshold', '0.5', true)"
ONE = "select {item}::text from (select cast(:id as uuid) as id) n {tables}"


@dataclass(frozen=True)
class Listing:
    """What to list: ids (`found`, known as n), the tables it is shown from, and as what."""

    found: str
    tables: str
    item: str
    order: str
    narrow: bool = False
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])


async def read(tx: Tx, listing: Listing, page: int, per_page: int) -> bytes:
    """One page in its envelope, as JSON."""
    sql = PAGE.format(
        # A narrow search is done once; a list of everything is counted and paged each from an index.
        kept="materialized" if listing.narrow else "not materialized",
        found=listing.found,
        order=listing.order,
        item=stripped(listing.item),
        tables=listing.tables,
    )
    values = {"page": page, "per_page": per_page, "skip": (page - 1) * per_page}
    await _forgive(tx, listing)
    return (await tx.value(sql, **values, **listing.values)).encode()


async def lines(tx: Tx, listing: Listing, beyond: UUID = FIRST) -> tuple[bytes, UUID | None]:
    """The next batch of NDJSON, and the id to go on from; None once there is no more."""
    sql = LINES.format(item=stripped(listing.item), found=listing.found, tables=listing.tables)
    await _forgive(tx, listing)
    rows = await tx.rows(sql, beyond=beyond, batch=BATCH, **listing.values)
    body = "".join(f"{row['line']}\n" for row in rows).encode()
    return body, rows[-1]["id"] if len(rows) == BATCH else None


async def _forgive(tx: Tx, listing: Listing) -> None:
    if "search" in listing.values:
        await tx.run(FORGIVING)


async def one(tx: Tx, tables: str, item: str, which: UUID) -> bytes:
    """One item as JSON. Raises NotFound."""
    body = await tx.value(ONE.format(item=stripped(item), tables=tables), id=which)
    if body is None:
        raise NotFound
    return body.encode()
