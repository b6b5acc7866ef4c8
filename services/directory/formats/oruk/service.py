"""A service document becomes rows."""

from uuid import UUID

from services.directory.formats.oruk.details import add_details, detail_id
from services.directory.formats.oruk.fields import TEXT, Fields
from services.directory.formats.oruk.places import add_places
from services.directory.formats.oruk.record import Names, Record, RecordNotUsable, as_uuid, narrower
from services.directory.formats.oruk.terms import add_terms

STATUSES = ("active", "inactive", "defunct", "temporarily closed")
KNOWN = ", ".join(STATUSES)
OLDEST = 150

# A list entry with none of these is a summary: the full record is at /services/{id}.
DETAILED = (
    "service_at_locations",
    "schedules",
    "contacts",
    "attributes",
    "cost_options",
    "service_areas",
    "languages",
    "funding",
)


def read_service(document: object, names: Names, publisher: str, notes: list[str] | None = None) -> Record:
    """Read one service. `publisher` runs it if the document names no organisation.

    `notes` has what was noted before the document was put into this shape.
    Raises RecordNotUsable with every reason a person can act on.
    """
    notes = [] if notes is None else notes
    said = Fields(document, "", notes)
    source_id, name, status = _essentials(said)
    record = Record(source_id, names, names.record("service", source_id), name, notes=notes)
    organization_id, organization, widest = _organization(said, record, publisher)
    visibility = narrower(said.visibility(), widest)
    terms = add_terms(said, record)
    places = add_places(said, record)
    add_details(said, record)
    record.add(
        "service",
        id=record.id,
        source_id=source_id,
        visibility=visibility,
        organization_id=organization_id,
        name=name,
        status=status,
        keywords=" ".join(word for word in (organization, *terms, *places) if word),
        **_about(said),
    )
    return record


def identity(document: object) -> str | None:
    """What a document calls itself: its id at its source."""
    try:
        return Fields(document, "", []).text("id")
    except RecordNotUsable:
        return None


def is_detailed(document: object) -> bool:
    """Whether this is a whole record. A summary has none of its details."""
    try:
        said = Fields(document, "", [])
    except RecordNotUsable:
        return False
    return any(name in said for name in DETAILED)


def _essentials(said: Fields) -> tuple[str, str, str]:
    """Id, name and status, or every reason why not at once."""
    reasons: list[str] = []
    found: list[str] = []
    for name in ("id", "name"):
        try:
            found.append(said.needed(name))
        except RecordNotUsable as reason:
            reasons += reason.reasons
    status = said.choice("status", STATUSES)
    if status is None:
        reasons.append(f"status: {'not' if 'status' in said else 'missing;'} one of {KNOWN}")
    if reasons or status is None:
        raise RecordNotUsable(*reasons)
    return found[0], found[1], status


def _about(said: Fields) -> dict[str, object]:
    return {
        "description": said.text("description", TEXT),
        "url": said.link("url"),
        "email": said.email("email"),
        "fees": said.text("fees", TEXT),
        "accreditations": said.text("accreditations", TEXT),
        "minimum_age": _age(said, "minimum_age"),
        "maximum_age": _age(said, "maximum_age"),
        "alert": said.text("alert", TEXT),
        "verified_at": said.date("assured_date"),
        "verified_by": said.email("assurer_email"),
        "source_modified": said.moment("last_modified"),
    }


def _age(said: Fields, name: str) -> float | None:
    # Feeds write -1 for "any age".
    return None if str(said.raw(name)) == "-1" else said.number(name, 0, OLDEST)


def _organization(said: Fields, record: Record, publisher: str) -> tuple[UUID, str, str]:
    """Add the organisation's rows; its id, its name, and how widely it shows."""
    organization = said.part("organization")
    if organization is None or "id" not in organization or "name" not in organization:
        source_id = said.text("organization_id") or "publisher"
        organization = Fields({"id": source_id, "name": publisher}, "organization", record.notes)
    source_id, name = organization.needed("id"), organization.needed("name")
    own = record.names.record("organization", source_id)
    parent = organization.text("parent_organization_id")
    record.add(
        "organization",
        id=own,
        source_id=source_id,
        visibility=organization.visibility(),
        name=name,
        description=organization.text("description", TEXT) or name,
        email=organization.email("email"),
        website=organization.link("website"),
        logo=organization.link("logo"),
        uri=organization.link("uri"),
        parent_organization_id=as_uuid(parent) if parent else None,
    )
    for position, number in enumerate(organization.parts("organization_identifiers")):
        if "identifier" in number:
            record.add(
                "organization_identifier",
                id=detail_id(record, number, "organization_identifier", position, own),
                position=position,
                organization_id=own,
                identifier_scheme=number.text("identifier_scheme"),
                identifier_type=number.text("identifier_type") or "unknown",
                identifier=number.needed("identifier"),
            )
    return own, name, organization.visibility()
