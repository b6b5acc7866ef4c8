"""Counts of what a question finds, in one statement, from the filters of its entries."""

from collections.abc import Sequence

from hub.database import Tx
from hub.line import Row
from services.directory.store import pages, search
from services.directory.store.search import Wanted

Counts = Sequence[Row]
# What can be counted and then asked for; squares and codes of areas are for finding only.
KINDS = ("age", "cost", "day", "language", "room", "term")
NAMED = """
select split_part(token, ':', 1) as kind, substr(token, strpos(token, ':') + 1) as value, t.name, services
from tokens left join directory.taxonomy_term t on token = 'term:' || t.id
union all select 'total', '', null, ({total})
order by services desc, name, value
"""
COUNTS = """
with found as materialized ({found}),
tokens as (
  select token, count(*)::int as services from found, unnest(found.filters) token
  where split_part(token, ':', 1) = any(:kinds) group by token
)"""
# Of everything there is, from what is kept counted.
OPEN = """
with tokens as (
  select token, sum(services)::int as services from directory.findable_facet
  where {reaching} and split_part(token, ':', 1) = any(:kinds) group by token
)"""


async def counts(tx: Tx, wanted: Wanted) -> Counts:
    """Rows of kind, value, name (of a term) and services; `total` is a kind of its own."""
    await pages.forgive(tx, forgiving=wanted.alike)
    if search.is_open(wanted):
        sql = OPEN.format(reaching=search.reaching(wanted)) + NAMED.format(total=search.total(wanted))
    else:
        found = search.matching(wanted, "f.filters")
        sql = COUNTS.format(found=found) + NAMED.format(total="select count(*)::int from found")
    return await tx.rows(sql, kinds=list(KINDS), **search.values(wanted))
