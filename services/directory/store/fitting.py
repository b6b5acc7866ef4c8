"""The services that may fit what a family needs, with the facts they are judged by, in one statement.

Found through the views that indexes serve (decision 0016); no words of the family's are among the values.
"""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import time
from typing import Any
from uuid import UUID

from hub.database import Tx
from hub.line import Row
from services.directory.rules.needs import Need
from services.directory.schemas import Facts, MatchAsked, Near, Opening
from services.directory.store import listings, shapes
from services.directory.store.search import CELL, HERE, REACHES, WIDEST

# More than anybody reads, and few enough to judge one by one.
CANDIDATES = 300
NATIONAL = re.compile(r"K0|[EWSN]92")  # codes of nations, and of what they are part of

# Whatever says the words somewhere, near enough or without a place; named for a need before mentioning it.
FOUND = """
with asked as (
  select need, websearch_to_tsquery('directory.words', words) as query
  from unnest(cast(:needs as text[]), cast(:words as text[])) as said(need, words)
),
wanted as (
  select websearch_to_tsquery('directory.words', string_agg(words, ' or ')) as anything
  from unnest(cast(:words as text[])) words
),
found as materialized (
  select f.id, f.name, f.words, f.filters, f.areas, f.minimum_age, f.maximum_age, near.metres,
    near.somewhere, {named} as named, {mentioned} as mentioned
  from wanted join directory.findable f on f.words @@ wanted.anything
  cross join lateral (
    select min({metres}) as metres, count(p.place) > 0 as somewhere
    from directory.findable_place p where p.service_id = f.id) near
  where {reaches} and (near.metres is null and not near.somewhere or {within}) {cells}
    and (cast(:ages as int[]) = '{{}}' or exists (
      select from unnest(cast(:ages as int[])) age
      where coalesce(f.minimum_age, 0) <= age and age < floor(coalesce(f.maximum_age, 1000)) + 1))
),
likely as (
  select * from found
  order by cardinality(named) desc, cardinality(mentioned) desc, metres nulls last, name, id
  limit {candidates}
)
select n.*,
  (select json_agg(json_build_array(o.byday, o.opens_at, o.closes_at, o.freq))::text
    from directory.findable_schedule o where o.service_id = n.id
      and coalesce(o.valid_to, 'infinity') >= current_date) as openings,
  (select sum(r.available)::int from directory.findable_room r where r.service_id = n.id) as free,
  (select max(r.updated)::date from directory.findable_room r where r.service_id = n.id) as counted,
  (select array_agg(lower(t.name)) from directory.attribute a
    join directory.taxonomy_term t on t.id = a.taxonomy_term_id where a.service_id = n.id) as terms,
  (select string_agg(distinct a.description, ' ') from directory.service_at_location al
    join directory.accessibility a using (location_id) where al.service_id = n.id) as access,
  (select s.description from directory.service s where s.id = n.id) as says,
  exists (select from directory.phone p where p.service_id = n.id) as telephone
from likely n
"""
MATCHING = "array(select need from asked where {words} @@ asked.query order by need)"


async def candidates(
    tx: Tx, asked: MatchAsked, wanted: Sequence[Need], near: Near | None
) -> tuple[Facts, ...]:
    """Services that may fit, at most `CANDIDATES`."""
    rows = await tx.rows(
        _statement(asked, near),
        needs=[need.key for need in wanted],
        words=[need.query() for need in wanted],
        ages=asked.ages,
        **_where(asked, near),
    )
    return tuple(_facts(row) for row in rows)


def _statement(asked: MatchAsked, near: Near | None) -> str:
    return FOUND.format(
        named=MATCHING.format(words="ts_filter(f.words, '{a,b}')"),
        mentioned=MATCHING.format(words="f.words"),
        metres=f"p.place <-> {HERE}" if near else "null::float8",
        reaches=REACHES if near else "true",
        within="near.metres <= cast(:within as float8)" if near else "true",
        cells=_IN_CELLS if near and asked.within_metres <= WIDEST else "",
        candidates=CANDIDATES,
    )


# Squares near home, or no square at all: what has no place has none.
_IN_CELLS = (
    "and (f.filters && cast(:cells as text[])"
    " or not exists (select from directory.findable_place p where p.service_id = f.id))"
)


def _where(asked: MatchAsked, near: Near | None) -> dict[str, Any]:
    if near is None:
        return {}
    said: dict[str, Any] = {
        "easting": near.easting,
        "northing": near.northing,
        "areas": list(near.areas),
        "within": asked.within_metres,
    }
    if asked.within_metres <= WIDEST:
        said["cells"] = _cells(near, asked.within_metres)
    return said


def _cells(near: Near, metres: int) -> list[str]:
    """The squares that a circle touches."""
    east = range((near.easting - metres) // CELL, (near.easting + metres) // CELL + 1)
    north = range((near.northing - metres) // CELL, (near.northing + metres) // CELL + 1)
    return [f"cell:{x}:{y}" for x in east for y in north]


def _facts(row: Row) -> Facts:
    filters = set(row["filters"])
    return Facts(
        id=row["id"],
        name=row["name"],
        named_for=frozenset(row["named"]),
        mentions=frozenset(row["mentioned"]),
        low=_number(row["minimum_age"]),
        high=_number(row["maximum_age"]),
        metres=row["metres"],
        has_place=row["somewhere"],
        everywhere=not row["somewhere"] and any(map(NATIONAL.match, row["areas"])),
        openings=_openings(row["openings"]),
        free=row["free"],
        counted=row["counted"],
        costs="free" if "cost:free" in filters else "paid" if "cost:paid" in filters else "unknown",
        languages=_after(filters, "language-code:"),
        terms=frozenset(row["terms"] or ()),
        access=row["access"] or "",
        says=row["says"] or "",
        telephone=row["telephone"],
    )


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _after(filters: set[str], prefix: str) -> frozenset[str]:
    return frozenset(one.removeprefix(prefix) for one in filters if one.startswith(prefix))


def _openings(said: Any) -> tuple[Opening, ...]:
    return tuple(opening for one in json.loads(said or "[]") for opening in _opening(*one))


def _opening(byday: str | None, opens: str | None, closes: str | None, freq: str | None) -> Iterator[Opening]:
    """A weekly rule as its days. What is open once a month is no answer to "Saturdays"."""
    if freq == "MONTHLY":
        return
    for day in re.findall(r"MO|TU|WE|TH|FR|SA|SU", (byday or "").upper()):
        yield Opening(day, _time(opens), _time(closes))


def _time(said: str | None) -> time | None:
    return time.fromisoformat(said) if said else None


# Hubs and front doors, by name or by term; those of the whole country after those of the area.
FRONT_DOORS = '"family hub" or "family centre" or "first point of contact" or "front door"'
CONTACTS = """
select f.id, f.name, near.metres, near.somewhere is false as national
from directory.findable f
cross join lateral (
  select min({metres}) as metres, count(p.place) > 0 as somewhere
  from directory.findable_place p where p.service_id = f.id) near
where ts_filter(f.words, '{{a,b}}') @@ websearch_to_tsquery('directory.words', cast(:doors as text))
  and f.areas && cast(:areas as text[])
order by national, near.metres nulls last, f.name, f.id limit cast(:most as bigint)
"""
_SHOWN = shapes.with_extras(shapes.SERVICE, [("phones", shapes.SERVICE_FULL_PARTS["phones"])])
SOME = f"""
select n.id, {shapes.stripped(_SHOWN)}::text as item
from unnest(cast(:ids as uuid[])) as n(id) {listings.SERVICES}
"""


async def first_contacts(tx: Tx, near: Near | None, areas: Sequence[str], most: int) -> Sequence[Row]:
    """Family hubs and first points of contact whose users may live in one of these areas."""
    here = {"easting": near.easting, "northing": near.northing} if near else {}
    metres = f"p.place <-> {HERE}" if near else "null::float8"
    sql = CONTACTS.format(metres=metres)
    return await tx.rows(sql, doors=FRONT_DOORS, areas=list(areas), most=most, **here)


async def shown(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Any]:
    """Services as a list shows them, with their telephones, under the row policies."""
    rows = await tx.rows(SOME, ids=list(ids))
    return {row["id"]: json.loads(row["item"]) for row in rows}
