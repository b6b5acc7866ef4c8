"""What synthetic services are made of: `kinds.json`, as temporary tables that every other statement reads."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from deploy.seed.chance import listed, quoted

FILE = Path(__file__).with_name("kinds.json")


@cache
def said() -> dict[str, Any]:
    """The file."""
    return json.loads(FILE.read_text("utf-8"))


# A kind stands in `draw` as often as it weighs, so that a number picks it by its weight.
TABLES = """
create temp table kind as
select nth, said->>'name' as name, said->>'about' as about, said->>'term' as term, said->>'top' as top,
  said->>'by' as by, (said->'ages'->>0)::numeric as low, (said->'ages'->>1)::numeric as high,
  (said->>'cost')::numeric as cost, (said->>'room')::int as room,
  coalesce((said->>'refer')::boolean, false) as refer, coalesce((said->>'sealed')::boolean, false) as sealed,
  coalesce((said->>'everywhere')::boolean, false) as everywhere, (said->>'weight')::int as weight
from jsonb_array_elements({kinds}::jsonb) with ordinality kinds (said, nth);
create temp table draw as
select (row_number() over (order by nth, turn))::int - 1 as ticket, kind.*
from kind cross join generate_series(1, weight) turn;
create unique index on draw (ticket);
create temp table topic as
select name, parent, pg_temp.random_id('term', row_number() over (order by parent nulls first, name)) as id
from (select distinct top as name, null as parent from kind union select distinct term, top from kind) names
"""
TAXONOMY = """
insert into directory.taxonomy (id, agency, name, description)
values (pg_temp.random_id('taxonomy', 1), $1, $2, 'What families in the hub''s samples ask for. Synthetic.')
on conflict do nothing"""
TERMS = """
insert into directory.taxonomy_term (id, agency, name, description, parent_id, taxonomy, taxonomy_id)
select id, $1, name, format('Services sorted under %s.', name),
  (select top.id from topic top where top.name = topic.parent and top.parent is null), $2,
  pg_temp.random_id('taxonomy', 1)
from topic order by parent nulls first on conflict do nothing"""


def tables() -> str:
    """The kinds and their topics, as SQL."""
    return TABLES.format(kinds=quoted(json.dumps(said()["kinds"])))


def words(name: str) -> str:
    """One of the file's lists as an SQL array."""
    return listed(said()[name])
