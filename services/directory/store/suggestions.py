"""What somebody who types may be about to ask for, from words, terms and names they may know of."""

from collections.abc import Sequence

from hub.database import Tx
from hub.line import Row

_COMPLETED = """
select word, services from directory.findable_word
where word >= :typed and word < :typed || chr(1114111) order by services desc, word limit :most
"""
_SUGGESTED = """
with asked as materialized (
  select (select string_agg('(' || query::text || ')', ' | ')::tsquery
    from (select plainto_tsquery('directory.words', w) as query from unnest(cast(:last as text[])) w) q
    where numnode(query) > 0) as last,
    plainto_tsquery('directory.words', :before) as before
),
wanted as materialized (
  select case when numnode(before) > 0 then before && last else last end as query from asked
),
terms as (
  select 'taxonomy_term' as kind, t.id, t.name from directory.taxonomy_term t, wanted
  where to_tsvector('directory.words', t.name) @@ wanted.query
    and exists (select from directory.findable_facet f where f.token = 'term:' || t.id)
  order by length(t.name), t.name limit :most
),
likely as materialized (
  select f.id, f.name from directory.findable f where f.words @@ (select query from wanted) limit 200
),
named as (
  select 'service' as kind, s.id, s.name from likely s, wanted
  where to_tsvector('directory.words', s.name) @@ wanted.query order by length(s.name), s.name limit :most
)
select * from terms union all select * from named
"""


async def completed(tx: Tx, typed: str, most: int) -> Sequence[Row]:
    """Words that begin with what was typed, the commonest first."""
    return await tx.rows(_COMPLETED, typed=typed, most=most)


async def suggested(tx: Tx, before: str, last: Sequence[str], most: int) -> Sequence[Row]:
    """Terms and services whose names have all of `before` and one of `last`."""
    return await tx.rows(_SUGGESTED, before=before, last=list(last), most=most)
