"""Counts of what a question finds, in one statement, from the filters of its entries."""

from collections.abc import Sequence

from hub.database import Tx
from hub.line import Row
from services.directory.store import pages, search
from services.directory.store.search import Wanted

Counts = Sequence[Row]
# What can be counted and then asked for; squares and codes of areas are for finding only.
KINDS = ("age", "cost", "day", "language", "room", "term")
COUNTS = """
with found as materialized ({found}),
tokens as (
  select token, count(*)::int as services
  from found n join directory.findable f on f.id = n.id, unnest(f.filters) token
  where split_part(token, ':', 1) = any(:kinds) group by token
)
select split_part(token, ':', 1) as kind, substr(token, strpos(token, ':') + 1) as value, t.name, services
from tokens left join directory.taxonomy_term t on token = 'term:' || t.id
union all select 'total', '', null, (select count(*)::int from found)
order by services desc, name, value
"""


async def counts(tx: Tx, wanted: Wanted) -> Counts:
    """Rows of kind, value, name (of a term) and services; `total` is a kind of its own."""
    await pages.forgive(tx, forgiving=wanted.alike)
    sql = COUNTS.format(found=search.services(wanted))
    return await tx.rows(sql, kinds=list(KINDS), **search.values(wanted))
