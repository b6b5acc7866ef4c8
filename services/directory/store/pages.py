"""Lists as Open Referral UK wants them: a numbered page in its envelope, or everything a line at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from hub.database import Tx
from hub.problem import NotFound
from services.directory.store.shapes import stripped

FIRST = UUID(int=0)
# Lines at a time; what is searched for is searched for again by every batch, so those are larger.
BATCH, NARROW_BATCH = 500, 5000

# `found` decides what and in which order, from indexes; `item` shows it, under the row policies. How many is
# written out: a plan for any number would read everything first (hub.database plans once).
PAGE = """
with found as {kept} ({found}),
page as materialized (
  select * from {first} n order by {order} limit {most} offset cast(:skip as bigint)
),
numbered as (select *, row_number() over (order by {order}) as place from page n),
counted as materialized ({counted}),
total as (
  select items, ceil(items::numeric / cast(:per_page as bigint))::int as pages from counted as c(items)
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
)::text as body, total.items from total, shown
"""
ALL = "select count(*)::int from found"
# The ids first, from an index: shown under the policies, they would be joined from the beginning every time.
LINES = """
with page as materialized (
  select n.id{also} from ({found}) n where n.id > cast(:beyond as uuid) order by n.id limit {most}
)
select (select id from page order by id offset {most} - 1) as last, coalesce(
  (select string_agg({item}::text || chr(10), '' order by n.id) from page n {tables}), '') as body
"""
# A little more forgiving than PostgreSQL is by itself: "foodbank" finds a food bank.
FORGIVING = "select set_config('pg_trgm.word_similarity_threshold', '0.5', true)"
ONE = "select {item}::text from (select cast(:id as uuid) as id) n {tables}"


@dataclass(frozen=True)
class Listing:
    """What to list: ids (`found`, known as n), the tables it is shown from, and as what.

    `total` counts them where that is cheaper than finding them all; `first` finds only as many as a page
    and those before it need.
    """

    found: str
    tables: str
    item: str
    order: str
    narrow: bool = False
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    total: str | None = None
    first: str | None = None
    forgiving: bool = False


async def read(tx: Tx, listing: Listing, page: int, per_page: int) -> tuple[bytes, int]:
    """One page in its envelope, as JSON, and how many there are on all pages."""
    sql = PAGE.format(
        # A narrow search is done once; a list of everything is counted and paged each from an index.
        kept="materialized" if listing.narrow else "not materialized",
        found=listing.found,
        first=f"({listing.first})" if listing.first else "found",
        counted=listing.total or ALL,
        order=listing.order,
        most=int(per_page),
        item=stripped(listing.item),
        tables=listing.tables,
    )
    values = {"page": page, "per_page": per_page, "skip": (page - 1) * per_page}
    await forgive(tx, forgiving=listing.forgiving)
    [row] = await tx.rows(sql, **values, **listing.values)
    return row["body"].encode(), row["items"]


async def lines(tx: Tx, listing: Listing, beyond: UUID = FIRST) -> tuple[bytes, UUID | None]:
    """The next batch of NDJSON, and the id to go on from; None once there is no more."""
    sql = LINES.format(
        also=", n.metres" if "n.metres" in listing.item else "",
        item=stripped(listing.item),
        found=listing.found,
        tables=listing.tables,
        most=NARROW_BATCH if listing.narrow else BATCH,
    )
    await forgive(tx, forgiving=listing.forgiving)
    [row] = await tx.rows(sql, beyond=beyond, **listing.values)
    return row["body"].encode(), row["last"]


async def forgive(tx: Tx, *, forgiving: bool) -> None:
    """Let names count as alike that PostgreSQL by itself would not, for the rest of the transaction."""
    if forgiving:
        await tx.run(FORGIVING)


async def one(tx: Tx, tables: str, item: str, which: UUID) -> bytes:
    """One item as JSON. Raises NotFound."""
    body = await tx.value(ONE.format(item=stripped(item), tables=tables), id=which)
    if body is None:
        raise NotFound
    return body.encode()
