"""How services are found: what a question asks for as SQL over the views that indexes serve.

Everything asked for must hold: query parameters are cumulative (HSDS API reference).
"""

from typing import Any

from services.directory.schemas import Near, PlaceQuestion

QUERY = "websearch_to_tsquery('directory.words', :search)"
LIKE = "cast(:search as text)"  # a misspelt name; the operator is the one the trigram index serves
HERE = "point(cast(:easting as float8), cast(:northing as float8))"

_CONDITIONS = {
    "organization_id": "f.organization_id = :organization_id",
    "modified_after": "f.updated_at >= :modified_after",
    "taxonomy_term_id": "exists (select from directory.findable_term t"
    " where t.service_id = f.id and t.taxonomy_term_id = :taxonomy_term_id)",
    "taxonomy_id": "exists (select from directory.findable_term t"
    " where t.service_id = f.id and t.taxonomy_id = :taxonomy_id)",
}
# A service that says where its users may live is for those who do; one that does not say is for all.
_REACHES = (
    "(not exists (select from directory.findable_area a where a.service_id = f.id) or exists"
    " (select from directory.findable_area a where a.service_id = f.id and a.code = any(:areas)))"
)
_WITHIN = f"p.place <@ circle({HERE}, cast(:proximity as float8))"

_EXACT = (f"f.words @@ {QUERY}", f"ts_rank(f.words, {QUERY}) + public.word_similarity({LIKE}, f.name)")
_ALIKE = (f"{LIKE} operator(public.<%) f.name", f"public.word_similarity({LIKE}, f.name)")


def conditions(question: PlaceQuestion, near: Near | None) -> list[str]:
    """What must hold of a service f, besides the words."""
    asked = [sql for name, sql in _CONDITIONS.items() if getattr(question, name) is not None]
    return [*asked, _REACHES] if near else asked


def values(question: PlaceQuestion, near: Near | None) -> dict[str, Any]:
    """The parameters of the conditions, of the words and of the place."""
    asked = {name: getattr(question, name) for name in (*_CONDITIONS, "search", "proximity")}
    given = {name: value for name, value in asked.items() if value is not None}
    if near:
        given |= {"easting": near.easting, "northing": near.northing, "areas": list(near.areas)}
    return given


def services(question: PlaceQuestion, near: Near | None) -> str:
    """The services that answer a question: id, name, rank, metres."""
    join = ""
    if near:
        # Each service at its nearest place; with a distance, only those within it.
        within, kind = ("", "left join") if question.proximity is None else (f"where {_WITHIN}", "join")
        join = (
            f"{kind} (select p.service_id, min(p.place <-> {HERE}) as metres"
            f" from directory.findable_place p {within} group by 1) near on near.service_id = f.id"
        )
    tables = f"directory.findable f {join}"
    return _found(question, near, f"select f.id, f.name, {_metres(near, 'near.metres')}", tables, [])


def places(question: PlaceQuestion, near: Near | None) -> str:
    """The places of services that answer a question: id, name, rank, metres."""
    tables = "directory.findable f join directory.findable_place p on p.service_id = f.id"
    within = [_WITHIN] if question.proximity is not None else []
    metres = _metres(near, f"p.place <-> {HERE}")
    return _found(question, near, f"select p.service_at_location_id as id, f.name, {metres}", tables, within)


def _metres(near: Near | None, sql: str) -> str:
    return f"{sql if near else 'null::float8'} as metres"


def _found(question: PlaceQuestion, near: Near | None, selected: str, tables: str, more: list[str]) -> str:
    """What has the words; only if nothing has, what has a name much like them."""
    where = [*conditions(question, near), *more]

    def having(words: str, rank: str) -> str:
        return f"{selected}, {rank} as rank from {tables} where {' and '.join((words, *where))}"

    if not question.search:
        return having("true", "0")
    return (
        f"with exact as materialized ({having(*_EXACT)}) select * from exact union all"
        f" {having(*_ALIKE)} and not exists (select from exact)"
    )


def order(question: PlaceQuestion, near: Near | None) -> str:
    """Nearest first; else best first; else by name."""
    first = "n.metres, " if near else ""
    return f"{first}n.rank desc, n.name, n.id" if near or question.search else "n.name, n.id"
