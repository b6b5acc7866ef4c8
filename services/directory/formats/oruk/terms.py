"""The terms a service is sorted by, and the taxonomies they come from."""

from collections.abc import Iterable
from uuid import UUID

from services.directory.formats.oruk.details import detail_id
from services.directory.formats.oruk.fields import TEXT, Fields, is_object
from services.directory.formats.oruk.record import Names, Record, Row
from services.directory.schemas import terms

DEEPEST = 8


def add_terms(said: Fields, record: Record) -> list[str]:
    """Add every term of a service; the names of those by which it may be found."""
    known: list[str] = []
    for position, attribute in enumerate(said.parts("attributes")):
        term = attribute.part("taxonomy_term")
        if term is None or "id" not in term or "name" not in term:
            attribute.note("taxonomy_term", "without an id and a name, left out")
            continue
        record.add(
            "attribute",
            id=detail_id(record, attribute, "attribute", position, record.id),
            position=position,
            service_id=record.id,
            taxonomy_term_id=_add_term(term, record),
            link_type=attribute.text("link_type"),
        )
        if not terms.is_a_degree(name := term.needed("name")):
            known.append(name)
    return known


def _add_term(term: Fields, record: Record, depth: int = 0) -> UUID:
    """Add a term and those above it, where the feed nests them in it."""
    own = record.names.word("taxonomy_term", term.needed("id"))
    name, parent = term.needed("name"), term.text("parent_id")
    above = term.part("parent")
    if above is not None and "id" in above and "name" in above and depth < DEEPEST:
        parent = above.text("id")
        _add_term(above, record, depth + 1)
    taxonomy = term.raw("taxonomy")
    record.add(
        "taxonomy_term",
        id=own,
        name=name,
        description=term.text("description", TEXT) or name,
        parent_id=record.names.word("taxonomy_term", parent) if parent else None,
        taxonomy=taxonomy if isinstance(taxonomy, str) else None,
        taxonomy_id=_add_taxonomy(term, record),
        term_uri=term.link("term_uri"),
        term=term.text("term"),
    )
    return own


def _add_taxonomy(term: Fields, record: Record) -> UUID | None:
    """The taxonomy a term names by id, by name, or as an object; None if it names none."""
    whole = term.part("taxonomy_detail")
    name = (whole and whole.text("name")) or term.text("taxonomy")
    source_id = (whole and whole.text("id")) or term.text("taxonomy_id") or name
    if source_id is None:
        return None
    own = record.names.word("taxonomy", source_id)
    record.add(
        "taxonomy",
        id=own,
        name=name or source_id,
        description=(whole and whole.text("description", TEXT)) or name or source_id,
        uri=whole.link("uri") if whole else None,
        version=whole.text("version") if whole else None,
    )
    return own


def read_words(kind: str, documents: Iterable[object], names: Names) -> dict[str, list[Row]]:
    """Rows of taxonomies, or of taxonomy terms, that a feed lists. Unusable ones are passed over."""
    record = Record("", names, names.feed)
    for document in documents:
        if not is_object(document):
            continue
        said = Fields(document, "", record.notes)
        if "id" in said and "name" in said:
            if kind == "taxonomy_terms":
                _add_term(said, record)
            else:
                _add_taxonomy(Fields({"taxonomy_detail": document}, "", record.notes), record)
    return dict(record.rows)
