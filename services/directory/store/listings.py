"""The lists the directory gives, and the one of each that it shows."""

from uuid import UUID

from hub.database import Tx
from services.directory.schemas import (
    OrganizationQuestion,
    PageQuestion,
    ServiceQuestion,
    TermQuestion,
)
from services.directory.store import pages, search, shapes
from services.directory.store.pages import Listing
from services.directory.store.search import Wanted

ITS_ORGANIZATION = "left join directory.organization o on o.id = s.organization_id"
SERVICES = f"join directory.service s on s.id = n.id and s.hidden_at is null {ITS_ORGANIZATION}"
ORGANIZATIONS = "join directory.organization o on o.id = n.id and o.hidden_at is null"
PLACES = (
    "join directory.service_at_location al on al.id = n.id"
    " join directory.location l on l.id = al.location_id and l.hidden_at is null"
    f" join directory.service s on s.id = al.service_id and s.hidden_at is null {ITS_ORGANIZATION}"
)
TAXONOMIES = "join directory.taxonomy x on x.id = n.id"
TERMS = "join directory.taxonomy_term t on t.id = n.id"
METRES = ("metres", "round(n.metres)::int")
BY_NAME = "n.name, n.id"


def _worded(alias: str) -> str:
    return f"to_tsvector('directory.words', {alias}.name || ' ' || {alias}.description) @@ {search.QUERY}"


def services(wanted: Wanted) -> Listing:
    """Services: their one-to-one fields, all of them, or hardly any."""
    question, is_open = wanted.question, search.is_open(wanted)
    item = shapes.SERVICE_FULL if question.full else shapes.SERVICE
    if isinstance(question, ServiceQuestion) and question.minimal:
        item = shapes.SERVICE_MINIMAL
    elif wanted.near:
        item = shapes.with_extras(item, [METRES])
    return Listing(
        search.services(wanted),
        SERVICES,
        item,
        search.order(wanted),
        narrow=not is_open,
        values=search.values(wanted),
        total=search.total(wanted) if is_open else None,
        first=_first(wanted, search.nearest() if is_open else None),
        forgiving=wanted.alike,
    )


def _first(wanted: Wanted, nearest: str | None) -> str | None:
    """Where a page comes from, if it need not find everything in its last order."""
    if nearest and wanted.near:
        return nearest
    return search.best() if search.is_ranked(wanted) else None


def places(wanted: Wanted) -> Listing:
    """Services at locations, each with its location and its service."""
    is_open = search.is_open(wanted)
    item = _place(full=wanted.question.full)
    return Listing(
        search.places(wanted),
        PLACES,
        shapes.with_extras(item, [METRES]) if wanted.near else item,
        search.order(wanted),
        narrow=not is_open,
        values=search.values(wanted),
        total=search.total(wanted, "places") if is_open else None,
        first=_first(wanted, search.nearest_places() if is_open else None),
        forgiving=wanted.alike,
    )


def _place(*, full: bool) -> str:
    return shapes.shape(
        "al",
        "id service_id location_id",
        location=shapes.LOCATION_FULL if full else shapes.LOCATION,
        service=shapes.SERVICE_FULL if full else shapes.SERVICE,
    )


def organizations(question: OrganizationQuestion) -> Listing:
    """Organisations, with their services if asked."""
    item = shapes.ORGANIZATION
    if question.full or question.full_service:
        item = _organization(full_service=question.full_service)
    where = "o.hidden_at is null" + (f" and {_worded('o')}" if question.search else "")
    return Listing(
        f"select o.id, o.name from directory.organization o where {where}",
        ORGANIZATIONS,
        item,
        BY_NAME,
        values={"search": question.search} if question.search else {},
    )


def _organization(*, full_service: bool) -> str:
    if not full_service:
        return shapes.organization_with(shapes.SERVICE_NAMED)
    whole = shapes.shape("s", shapes.SERVICE_COLUMNS, **shapes.ABOUT_SERVICE, **shapes.SERVICE_FULL_PARTS)
    return shapes.organization_with(whole)


def taxonomies(question: PageQuestion) -> Listing:
    """Taxonomies, without their terms."""
    where = _worded("x") if question.search else "true"
    return Listing(
        f"select x.id, x.name from directory.taxonomy x where {where}",
        TAXONOMIES,
        shapes.TAXONOMY,
        BY_NAME,
        values={"search": question.search} if question.search else {},
    )


def terms(question: TermQuestion) -> Listing:
    """Taxonomy terms."""
    asked = {
        "search": (_worded("t"), question.search),
        "taxonomy_id": ("t.taxonomy_id = :taxonomy_id", question.taxonomy_id),
        "parent_id": ("t.parent_id = :parent_id", question.parent_id),
    }
    given = {name: pair for name, pair in asked.items() if pair[1] is not None}
    where = [sql for sql, _ in given.values()]
    where += ["t.parent_id is null"] if question.top_only else []
    return Listing(
        f"select t.id, t.name from directory.taxonomy_term t where {' and '.join(where) or 'true'}",
        TERMS,
        shapes.TERM,
        BY_NAME,
        values={name: value for name, (_, value) in given.items()},
    )


async def one_service(tx: Tx, which: UUID) -> bytes:
    """One service, whole. Raises NotFound, as they all do."""
    return await pages.one(tx, SERVICES, shapes.SERVICE_FULL, which)


async def one_place(tx: Tx, which: UUID) -> bytes:
    """One service at one location, whole."""
    return await pages.one(tx, PLACES, _place(full=True), which)


async def one_organization(tx: Tx, which: UUID, *, full_service: bool) -> bytes:
    """One organisation with its services."""
    return await pages.one(tx, ORGANIZATIONS, _organization(full_service=full_service), which)


async def one_taxonomy(tx: Tx, which: UUID) -> bytes:
    """One taxonomy with its terms."""
    return await pages.one(tx, TAXONOMIES, shapes.TAXONOMY_FULL, which)


async def one_term(tx: Tx, which: UUID) -> bytes:
    """One taxonomy term."""
    return await pages.one(tx, TERMS, shapes.TERM, which)
