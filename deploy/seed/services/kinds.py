"""What synthetic services are made of: `kinds.json`, as temporary tables that every other statement reads."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from deploy.seed.chance import listed, quoted
from services.directory.schemas import terms

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
# What Open Referral UK has no field for: a kind and one of its values, with our own term for it.
OURS = """
create temp table ours as
select row_number() over (order by kind, id) as nth, * from (values {rows}) said(kind, id, name)"""
TAXONOMY = """
insert into directory.taxonomy (id, agency, name, description)
values
  (pg_temp.random_id('taxonomy', 1), $1, $2, 'What families in the hub''s samples ask for. Synthetic.'),
  (pg_temp.random_id('taxonomy', 2), $1, 'How services help (synthetic)', 'For whom, and how one comes.')
on conflict do nothing"""
TERMS = """
insert into directory.taxonomy_term (id, agency, name, description, parent_id, taxonomy, taxonomy_id)
select id, $1, name, format('Services sorted under %s.', name),
  (select top.id from topic top where top.name = topic.parent and top.parent is null), $2,
  pg_temp.random_id('taxonomy', 1)
from topic order by parent nulls first on conflict do nothing"""
OUR_TERMS = """
insert into directory.taxonomy_term (id, agency, name, description, taxonomy, taxonomy_id)
select distinct on (id) id, $1, name, format('Services that say: %s.', lower(name)),
  'How services help (synthetic)', pg_temp.random_id('taxonomy', 2)
from ours on conflict do nothing"""
TIERS = {1: "universal", 2: "targeted", 3: "targeted", 4: "specialist"}


def tables() -> str:
    """The kinds and their topics, as SQL."""
    rows = ", ".join(
        f"({quoted(kind['name'])}, '{term.id}'::uuid, {quoted(term.name)})"
        for kind in said()["kinds"]
        for term in _ours(kind)
    )
    return TABLES.format(kinds=quoted(json.dumps(said()["kinds"]))) + ";" + OURS.format(rows=rows)


def _ours(kind: dict[str, Any]) -> Iterator[terms.Term]:
    """How one comes to a service of this kind, for whom it is, and what keeps nobody away from it."""
    yield terms.term("referral", "professional" if kind.get("refer") else "self")
    yield terms.term("tier", TIERS[kind["level"]])
    yield terms.term("level_of_need", str(kind["level"]))
    for barrier in kind.get("removes", ()):
        yield terms.term("barrier", barrier)
    if kind.get("send"):
        yield terms.term("send", "yes")


def words(name: str) -> str:
    """One of the file's lists as an SQL array."""
    return listed(said()[name])
