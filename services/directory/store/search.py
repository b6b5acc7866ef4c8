"""How services are found: what is asked for as SQL over the views that indexes serve.

Everything asked for must hold: query parameters are cumulative (HSDS API reference). To ask another
question of the same services: `conditions` and `values` of a `Wanted`, over `directory.findable f`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hub.database import Tx
from services.directory.rules import languages
from services.directory.rules.wording import Alternatives
from services.directory.schemas import Near, PlaceQuestion
from services.directory.store import hours

QUERY = "websearch_to_tsquery('directory.words', :search)"
LIKE = "cast(:search as text)"  # a misspelt name; the operator is the one the trigram index serves
HERE = "point(cast(:easting as float8), cast(:northing as float8))"
# Name before terms before description before who runs it: D, C, B, A.
WEIGHTS = "'{0.05, 0.15, 0.4, 1.0}'"
# So many are put in their finest order; ranks are no higher than `BEHIND`.
BEST, BEHIND = 1_000, 2
EACH = 3  # what a word counts in a relaxed search: more than all else that makes up a rank
CELL, WIDEST = 5_000, 40_000  # metres: entries know their square; a wider circle has too many of them

_WITHIN = f"p.place <@ circle({HERE}, cast(:proximity as float8))"
# A service that says where its users may live is for those who do; one that does not say is for all.
REACHES = "(f.areas = '{}' or f.areas && cast(:areas as text[]))"
_FIRST = "fetch first (cast(:skip as bigint) + cast(:per_page as bigint)) rows with ties"
_CONDITIONS = {
    "modified_after": "f.updated_at >= :modified_after",
    "age": "coalesce(f.minimum_age, 0) <= cast(:age as float8)"
    " and floor(coalesce(f.maximum_age, 1000)) + 1 > cast(:age as float8)",
    "minimum_age": "coalesce(f.maximum_age, 1000) >= cast(:minimum_age as float8)",
    "maximum_age": "coalesce(f.minimum_age, 0) <= cast(:maximum_age as float8)",
    "max_cost": "(f.cheapest <= cast(:max_cost as float8) or f.filters @> '{cost:free}')",
    "language": "f.filters && cast(:language as text[])",
    "accessibility": "f.filters @> (select coalesce(array_agg('access:' || word), '{access:}') from"
    " unnest(tsvector_to_array(to_tsvector('directory.words', cast(:accessibility as text)))) word)",
}
_ROOM = (
    "exists (select from directory.findable_room r where r.service_id = f.id and r.available > 0"
    " and r.updated >= current_date - interval '90 days')"
)


@dataclass(frozen=True)
class Wanted:
    """What somebody wants: their question, where they live, and what they mean by their words.

    Of each of `words` one alternative must be there; None takes the search as PostgreSQL reads it.
    `relaxed`: any of them, the more the better. `alike` forgives the spelling of names instead.
    """

    question: PlaceQuestion
    near: Near | None = None
    words: tuple[Alternatives, ...] | None = None
    alike: bool = False
    relaxed: bool = False


def conditions(wanted: Wanted) -> list[str]:
    """What must hold of a service f, besides the words and the distance."""
    question = wanted.question
    asked = [sql for name, sql in _CONDITIONS.items() if getattr(question, name) is not None]
    asked += ["f.filters @> cast(:tokens as text[])"] if _tokens(question) else []
    asked += [_under(number) for number in range(len(question.terms()))]
    asked += hours.conditions(question)
    asked += [_ROOM] if question.has_room else []
    if _cells(wanted):
        asked.append("f.filters && cast(:cells as text[])")
    return [*asked, REACHES] if wanted.near else asked


def values(wanted: Wanted) -> dict[str, Any]:
    """The parameters of the conditions, of the words and of the place."""
    question, near = wanted.question, wanted.near
    asked = {name: getattr(question, name) for name in (*_CONDITIONS, "search", "proximity")}
    given = {name: value for name, value in asked.items() if value is not None}
    if question.language is not None:
        given["language"] = languages.tokens(question.language)
    given |= {"tokens": _tokens(question)} if _tokens(question) else {}
    given |= {"cells": _cells(wanted)} if _cells(wanted) else {}
    for number, term in enumerate(question.terms()):
        given |= {f"term_{number}": term.id, f"names_{number}": list(term.names)}
    for number, alternatives in enumerate(wanted.words or ()):
        given[f"words_{number}"] = " or ".join(f'"{words}"' for words in alternatives)
    given |= hours.values(question)
    if near:
        given |= {"easting": near.easting, "northing": near.northing, "areas": list(near.areas)}
    return given


def matching(wanted: Wanted, selected: str) -> str:
    """Something of every service f that is wanted, without rank or distance: for counting."""
    bound = wanted.question.proximity is not None and wanted.near
    near = [
        f"exists (select from directory.findable_place p where p.service_id = f.id and {_WITHIN})"
    ] if bound else []  # fmt: skip
    where = " and ".join([_words(wanted)[0], *conditions(wanted), *near])
    return f"select {selected} from directory.findable f where {where}"


async def any_is(tx: Tx, wanted: Wanted) -> bool:
    """Whether any service is wanted."""
    return bool(await tx.value(f"{matching(wanted, 'true')} limit 1", **values(wanted)))


def is_open(wanted: Wanted) -> bool:
    """Whether nothing is asked for but, perhaps, where somebody lives."""
    only = [] if wanted.near is None else [REACHES]
    return wanted.question.search is None and not wanted.question.proximity and conditions(wanted) == only


def services(wanted: Wanted) -> str:
    """The services that are wanted: id, name, metres (to their nearest place), rank."""
    tables, within = "directory.findable f", list[str]()
    if wanted.near:
        bound = "" if wanted.question.proximity is None else f" and {_WITHIN}"
        tables += (
            f" cross join lateral (select min(p.place <-> {HERE}) as metres"
            f" from directory.findable_place p where p.service_id = f.id{bound}) near"
        )
        within = ["near.metres is not null"] if bound else []
    return _found(wanted, f"f.id, f.name, {_metres(wanted, 'near.metres')}", tables, within)


def nearest() -> str:
    """The first `:skip` + `:per_page` of all services for somebody who lives here, by an index.

    Each at its nearest place; those without a place come last, by name. Only for a question that `is_open`.
    """
    closer = (
        " and not exists (select from directory.findable_place q where q.service_id = p.service_id and"
        f" (q.place <-> {HERE}, q.service_at_location_id) < (p.place <-> {HERE}, p.service_at_location_id))"
    )
    return (
        f"({_by_distance('f.id', closer)}) union all"
        " (select f.id, f.name, null, 0 from directory.findable f"
        f" where {REACHES} and not exists (select from directory.findable_place p"
        f" where p.service_id = f.id and p.place is not null) order by f.name, f.id {_FIRST})"
    )


def nearest_places() -> str:
    """The same of all places."""
    return (
        f"({_by_distance('p.service_at_location_id as id')}) union all"
        " (select p.service_at_location_id, f.name, null, 0 from directory.findable_place p"
        " join directory.findable f on f.id = p.service_id"
        f" where p.place is null and {REACHES} order by f.name, p.service_at_location_id {_FIRST})"
    )


def _by_distance(which: str, more: str = "") -> str:
    return (
        f"select {which}, f.name, p.place <-> {HERE} as metres, 0::real as rank"
        " from directory.findable_place p join directory.findable f on f.id = p.service_id"
        f" where p.place is not null and {REACHES}{more} order by p.place <-> {HERE} {_FIRST}"
    )


def best() -> str:
    """What was found with the best of it in a finer order: how like what was typed a name is, takes long."""
    finer = f"n.rank + public.word_similarity({LIKE}, n.name)"
    last = "cast(:skip as bigint) + cast(:per_page as bigint)"
    return (
        f"select n.id, n.name, n.metres, {finer} as rank"
        f" from (select * from found order by rank desc, name, id limit {BEST}) n union all"
        f" (select n.id, n.name, n.metres, n.rank - {BEHIND} from found n where {last} > {BEST}"
        f" order by n.rank desc, n.name, n.id offset {BEST})"
    )


def total(wanted: Wanted, what: str = "services") -> str:
    """How many services, or `places`, an open question finds, from what is kept counted."""
    return f"select coalesce(sum({what}), 0)::int from directory.findable_tally where {reaching(wanted)}"


def reaching(wanted: Wanted) -> str:
    """Which of what is kept counted is for somebody who lives here."""
    return REACHES.replace("f.areas", "areas") if wanted.near else "true"


def is_ranked(wanted: Wanted) -> bool:
    """Whether what is found is in the order of how well its words fit."""
    return wanted.question.search is not None and not wanted.near and not wanted.alike


def places(wanted: Wanted) -> str:
    """The places of the services that are wanted: id, name, metres, rank."""
    tables = "directory.findable f join directory.findable_place p on p.service_id = f.id"
    within = [_WITHIN] if wanted.question.proximity is not None else []
    metres = _metres(wanted, f"p.place <-> {HERE}")
    return _found(wanted, f"p.service_at_location_id as id, f.name, {metres}", tables, within)


def order(wanted: Wanted) -> str:
    """Nearest first; else best first; else by name."""
    first = "n.metres, " if wanted.near else ""
    first = f"floor(n.rank / {EACH}) desc, {first}" if wanted.relaxed else first
    return f"{first}n.rank desc, n.name, n.id" if wanted.near or wanted.question.search else "n.name, n.id"


def _metres(wanted: Wanted, sql: str) -> str:
    return f"{sql if wanted.near else 'null::float8'} as metres"


def _found(wanted: Wanted, selected: str, tables: str, more: list[str]) -> str:
    having, rank = _words(wanted)
    where = " and ".join([having, *conditions(wanted), *more])
    return f"select {selected}, {rank} as rank from {tables} where {where}"


def _words(wanted: Wanted) -> tuple[str, str]:
    """The condition on words, and the rank it gives."""
    if not wanted.question.search:
        return "true", "0::real"
    if wanted.alike:
        return f"{LIKE} operator(public.<%) f.name", f"public.word_similarity({LIKE}, f.name)"
    units = [
        f"websearch_to_tsquery('directory.words', :words_{number})"
        for number in range(len(wanted.words or ()))
    ]
    if wanted.relaxed:
        return _any_of(units)
    query = f"(select {' && '.join(units) or QUERY})"  # a subquery, to be worked out once
    return f"f.words @@ {query}", f"ts_rank({WEIGHTS}, f.words, {query})"


def _any_of(units: list[str]) -> tuple[str, str]:
    """Any of these words, ranked by how many. Not in who runs it: every council's services say "council"."""
    query, said = f"(select {' || '.join(units)})", "ts_filter(f.words, '{a,b,c}')"
    how_many = " + ".join(f"({said} @@ (select {unit}))::int" for unit in units)
    rank = f"({EACH} * ({how_many}) + least(ts_rank({WEIGHTS}, {said}, {query}), 1))::real"
    return f"f.words @@ {query} and {said} @@ {query}", rank


def _tokens(question: PlaceQuestion) -> list[str]:
    """What an entry's filters must all hold."""
    asked = {
        "organization": question.organization_id,
        "term": question.taxonomy_term_id,
        "taxonomy": question.taxonomy_id,
        "cost": "free" if question.free else None,
        "room": "some" if question.has_room else None,
    }
    return [f"{kind}:{value}" for kind, value in asked.items() if value is not None]


def _under(number: int) -> str:
    """That a service is under a term of ours, or under one of any taxonomy that is named like it."""
    return (
        "f.filters && (select coalesce(array_agg('term:' || t.id), '{}') from directory.taxonomy_term t"
        f" where t.id = :term_{number} or lower(t.name) = any(:names_{number}))"
    )


def _cells(wanted: Wanted) -> list[str]:
    """The squares that a circle touches."""
    near, metres = wanted.near, wanted.question.proximity
    if near is None or metres is None or metres > WIDEST:
        return []
    return [f"cell:{x}:{y}" for x in _squares(near.easting, metres) for y in _squares(near.northing, metres)]


def _squares(centre: int, metres: int) -> Iterator[int]:
    # As PostgreSQL divides: towards zero.
    return iter(range(int((centre - metres) / CELL), int((centre + metres) / CELL) + 1))
