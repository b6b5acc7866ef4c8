"""How PostgreSQL writes each noun of Open Referral UK 3.0 as JSON. Nulls are stripped from the whole.

An alias stands for a table throughout: s service, o organization, l location, al service_at_location,
t taxonomy_term, x taxonomy, d a detail.
"""

from collections.abc import Iterable

from services.directory.rules.contacts import SHARED_MAILBOX


def moment(sql: str) -> str:
    """A moment in RFC 3339, to the millisecond, in UTC."""
    return f"""to_char({sql} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"""


def shape(alias: str, columns: str, **more: str) -> str:
    """An object of columns and of what is worked out."""
    pairs = [f"'{column}', {alias}.{column}" for column in columns.split()]
    pairs += [f"'{name}', {sql}" for name, sql in more.items()]
    return f"json_build_object({', '.join(pairs)})"


def many(table: str, of: str, columns: str, **more: str) -> str:
    """A record's details of one kind as an array, in their order; null if there are none."""
    return _agg(shape("d", columns, **more), f"directory.{table} d where d.{of}", "d.position, d.id")


def _agg(item: str, source: str, order: str) -> str:
    return f"(select json_agg({item} order by {order}) from {source})"


def stripped(item: str) -> str:
    """An object without its nulls, at any depth: "omitted rather than included with null"."""
    return f"json_strip_nulls({item})"


ORGANIZATION_COLUMNS = "id name description email website logo uri parent_organization_id"
SERVICE_COLUMNS = (
    "id organization_id name description url email status fees accreditations minimum_age maximum_age alert"
)
LOCATION_COLUMNS = (
    "id location_type name description latitude longitude external_identifier external_identifier_type"
)
TERM_COLUMNS = "id name description parent_id taxonomy taxonomy_id term_uri term"
TAXONOMY_COLUMNS = "id name description uri version"

ORGANIZATION = shape("o", ORGANIZATION_COLUMNS)
ITS_ORGANIZATION = f"case when o.id is not null then {ORGANIZATION} end"
IDENTIFIERS = many(
    "organization_identifier",
    "organization_id = o.id",
    "id identifier_scheme identifier_type identifier",
)
TERM = shape("t", TERM_COLUMNS)
TAXONOMY = shape("x", TAXONOMY_COLUMNS)
TAXONOMY_FULL = shape(
    "x",
    TAXONOMY_COLUMNS,
    taxonomy_terms=_agg(TERM, "directory.taxonomy_term t where t.taxonomy_id = x.id", "t.name, t.id"),
)
LOCATION = shape("l", LOCATION_COLUMNS)
LOCATION_FULL = shape(
    "l",
    LOCATION_COLUMNS,
    addresses=many(
        "address",
        "location_id = l.id",
        "id attention address_1 city region state_province postal_code country address_type",
    ),
    accessibility=many("accessibility", "location_id = l.id", "id description details url accessibility"),
)

# Whether the last check of a service s still holds; a function that looked its keeper up would cost far more.
FRESHNESS = (
    "(select directory.freshness(s.verified_at, s.updated_at, u.ageing_after, u.stale_after)"
    " from (select) here left join directory.upkeep u on u.agency = s.agency)"
)
ABOUT_SERVICE = {
    "assured_date": "to_char(s.verified_at at time zone 'UTC', 'YYYY-MM-DD')",
    # A member of staff's own mailbox is never published (docs/decisions/0024).
    "assurer_email": f"case when lower(s.verified_by) ~ '{SHARED_MAILBOX}' then s.verified_by end",
    # Ours: who vouched for it, and whether that still holds.
    "assured_how": "s.assured_how",
    "freshness": FRESHNESS,
    "last_modified": moment("s.updated_at"),
}
SERVICE = shape("s", SERVICE_COLUMNS, **ABOUT_SERVICE, organization=ITS_ORGANIZATION)
SERVICE_MINIMAL = shape("s", "id", modified_date=moment("s.updated_at"), last_modified=moment("s.updated_at"))
SERVICE_NAMED = shape("s", "id name status", last_modified=moment("s.updated_at"))


def _phones(whose: str) -> str:
    numbers = "directory.phone p where p.service_id = s.id and p.contact_id " + whose
    return _agg(shape("p", "id contact_id number description"), numbers, "p.position, p.id")


_PLACES = (
    "directory.service_at_location al join directory.location l on l.id = al.location_id"
    " where al.service_id = s.id and l.hidden_at is null"
)
_TERMS = (
    "directory.attribute d join directory.taxonomy_term t on t.id = d.taxonomy_term_id"
    " where d.service_id = s.id"
)
_SOURCE = (
    "(select json_build_object('publisher', f.publisher, 'id', s.source_id, 'last_modified', "
    f"{moment('s.source_modified')}) from directory.feed f where f.id = s.feed)"
)
SERVICE_FULL_PARTS = {
    "schedules": many(
        "schedule",
        "service_id = s.id",
        "id valid_from valid_to dtstart freq interval byday bymonthday description"
        " opens_at closes_at schedule_link attending_type notes",
    ),
    "service_areas": many("service_area", "service_id = s.id", "id name extent extent_type uri service_area"),
    "service_at_locations": _agg(
        shape("al", "id service_id location_id", location=LOCATION_FULL),
        _PLACES,
        "al.position, al.id",
    ),
    "languages": many("language", "service_id = s.id", "id name code"),
    "funding": many("funding", "service_id = s.id", "id source"),
    "cost_options": many(
        "cost_option",
        "service_id = s.id",
        "id valid_from valid_to option amount amount_description",
        currency="case when d.amount is not null then 'GBP' end",
    ),
    "capacities": many(
        "capacity",
        "service_id = s.id",
        "id available maximum description",
        updated=moment("d.updated"),
        unit="case when d.unit is not null then json_build_object('id', d.unit, 'name', d.unit) end",
    ),
    "contacts": many("contact", "service_id = s.id", "id name title email", phones=_phones("= d.id")),
    "phones": _phones("is null"),
    "attributes": _agg(
        shape("d", "id link_type taxonomy_term_id", link_id="d.service_id", taxonomy_term=TERM),
        _TERMS,
        "d.position, d.id",
    ),
    "source": _SOURCE,
}
SERVICE_FULL = shape(
    "s", SERVICE_COLUMNS, **ABOUT_SERVICE, organization=ITS_ORGANIZATION, **SERVICE_FULL_PARTS
)

_OF_ORGANIZATION = "directory.service s where s.organization_id = o.id and s.hidden_at is null"


def organization_with(service: str) -> str:
    """An organisation with its identifiers and its services, each in the given shape."""
    services = _agg(service, _OF_ORGANIZATION, "s.name, s.id")
    return shape("o", ORGANIZATION_COLUMNS, organization_identifiers=IDENTIFIERS, services=services)


def with_extras(item: str, extras: Iterable[tuple[str, str]]) -> str:
    """An object with a few more members at its end."""
    more = "".join(f", '{name}', {sql}" for name, sql in extras)
    return f"{item.removesuffix(')')}{more})"
