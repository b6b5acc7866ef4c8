"""A package's tables in a scratch database, and each service put together from them."""

import csv
import io
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from services.directory.formats.encoding import as_text
from services.directory.formats.oruk import NotAFeed

Document = dict[str, Any]

# Tables by what they are called in HSDS 1.1, 2.0 and 3.x, in one and in many.
NAMES: dict[str, tuple[str, ...]] = {
    "service": ("services",),
    "organization": ("organizations", "organisation", "organisations"),
    "organization_identifier": ("organization_identifiers",),
    "location": ("locations",),
    "service_at_location": ("service_at_locations", "services_at_location", "services_at_locations"),
    "address": ("addresses",),
    "physical_address": ("physical_addresses",),
    "postal_address": ("postal_addresses",),
    "accessibility": (),
    "accessibility_for_disabilities": (),
    "schedule": ("schedules",),
    "regular_schedule": ("regular_schedules",),
    "holiday_schedule": ("holiday_schedules",),
    "service_area": ("service_areas",),
    "cost_option": ("cost_options",),
    "funding": ("fundings",),
    "language": ("languages",),
    "contact": ("contacts",),
    "phone": ("phones",),
    "eligibility": ("eligibilities", "eligibilitys"),
    "attribute": ("attributes",),
    "service_taxonomy": ("service_taxonomies", "services_taxonomy", "services_taxonomies"),
    "taxonomy": ("taxonomies",),
    "taxonomy_term": ("taxonomy_terms",),
}
TABLES = {name: table for table, more in NAMES.items() for name in (table, *more)}
# Whose row a row is: the first of these that it names. A service's own come before its place's.
OWNERS: dict[str, tuple[str, ...]] = {
    "organization_identifier": ("organization_id",),
    **dict.fromkeys(
        ("address", "physical_address", "postal_address", "accessibility", "accessibility_for_disabilities"),
        ("location_id",),
    ),
    **dict.fromkeys(
        ("schedule", "regular_schedule", "holiday_schedule"), ("service_id", "service_at_location_id")
    ),
    "phone": ("contact_id", "service_id", "service_at_location_id"),
    "attribute": ("link_id", "service_id"),
    **dict.fromkeys(
        (
            "service_at_location",
            "service_area",
            "cost_option",
            "funding",
            "language",
            "contact",
            "eligibility",
            "service_taxonomy",
        ),
        ("service_id",),
    ),
}
# What hangs from a service, by the name its list has in a document.
OF_SERVICE = {
    "schedules": "schedule",
    "regular_schedules": "regular_schedule",
    "holiday_schedules": "holiday_schedule",
    "service_areas": "service_area",
    "cost_options": "cost_option",
    "funding": "funding",
    "languages": "language",
    "eligibilitys": "eligibility",
    "phones": "phone",
}
OF_LOCATION = {
    "addresses": "address",
    "physical_addresses": "physical_address",
    "postal_addresses": "postal_address",
    "accessibility": "accessibility",
    "accessibility_for_disabilities": "accessibility_for_disabilities",
}
FIELD = 1024 * 1024
BATCH = 2000
DEEPEST = 8


class Tables:
    """The tables of one package. Rows are kept as JSON under their own id and their owner's."""

    def __init__(self, file: Path) -> None:
        self._base = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        self._base.executescript("pragma journal_mode = off; pragma synchronous = off; begin")
        self._laid: set[str] = set()
        csv.field_size_limit(FIELD)

    def close(self) -> None:
        """Give the file back."""
        self._base.close()

    def lay(self, table: str, source: IO[bytes] | io.RawIOBase) -> None:
        """Lay one CSV out. NotAFeed if it is none."""
        self._base.execute(f"create table {table} (place integer primary key, id text, owner text, row text)")
        self._laid.add(table)
        insert = f"insert into {table} (id, owner, row) values (?, ?, ?)"
        try:
            with as_text(source) as text:
                for batch in _batches(table, csv.DictReader(text, restkey="_more")):
                    self._base.executemany(insert, batch)
        except csv.Error as reason:
            raise NotAFeed(f"The table of {table} is not CSV: {reason}.") from reason
        self._base.executescript(
            f"create index {table}_id on {table} (id); create index {table}_owner on {table} (owner)"
        )

    def services(self) -> Iterator[Document]:
        """Every service, whole, in the order of its table."""
        for (row,) in self._base.execute("select row from service order by place"):
            yield self._whole(json.loads(row))

    def _whole(self, service: Document) -> Document:
        own = str(service.get("id") or "")
        service["organization"] = self._organization(service.get("organization_id"))
        service["service_at_locations"] = [self._place(link) for link in self._of("service_at_location", own)]
        for name, table in OF_SERVICE.items():
            if found := self._of(table, own):
                service[name] = found
        for link in service["service_at_locations"]:
            for name in ("schedules", "regular_schedules", "holiday_schedules", "phones"):
                if found := self._of(OF_SERVICE[name], str(link.get("id") or "")):
                    service[name] = [*service.get(name, ()), *found]
        contacts = self._of("contact", own)
        service["contacts"] = [c | {"phones": self._of("phone", str(c.get("id")))} for c in contacts]
        service["attributes"] = [
            link | {"taxonomy_term": self._term(link.get("taxonomy_term_id"))}
            for link in self._of("attribute", own)
        ]
        if taxonomies := self._of("service_taxonomy", own):
            # HSDS 1.1 and 2.0: what 3.0 calls a term was called a taxonomy.
            service["service_taxonomys"] = [
                link | {"taxonomy": self._one("taxonomy", link.get("taxonomy_id"))} for link in taxonomies
            ]
        return service

    def _organization(self, own: object) -> Document | None:
        organization = self._one("organization", own)
        if organization is not None:
            organization["organization_identifiers"] = self._of("organization_identifier", str(own))
            organization.setdefault("website", organization.get("url"))
        return organization

    def _place(self, link: Document) -> Document:
        own = link.get("location_id")
        location = self._one("location", own)
        if location is not None:
            location |= {name: found for name, t in OF_LOCATION.items() if (found := self._of(t, str(own)))}
        return link | {"location": location}

    def _term(self, own: object, depth: int = 0) -> Document | None:
        term = self._one("taxonomy_term", own)
        if term is None:
            return None
        term["taxonomy_detail"] = self._one("taxonomy", term.get("taxonomy_id"))
        if term.get("parent_id") and depth < DEEPEST:
            term["parent"] = self._term(term["parent_id"], depth + 1)
        return term

    def _one(self, table: str, own: object) -> Document | None:
        if table not in self._laid or not own:
            return None
        found = self._base.execute(f"select row from {table} where id = ? limit 1", (str(own),)).fetchone()
        return json.loads(found[0]) if found else None

    def _of(self, table: str, owner: str) -> list[Document]:
        if table not in self._laid or not owner:
            return []
        found = self._base.execute(f"select row from {table} where owner = ? order by place", (owner,))
        return [json.loads(row) for (row,) in found]


def _batches(table: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[list[tuple[str, str, str]]]:
    """Rows as they are laid: id, owner, everything that is said."""
    batch: list[tuple[str, str, str]] = []
    for row in rows:
        said = {(name or "").strip().lower(): value for name, value in row.items() if value}
        owner = next((said[name] for name in OWNERS.get(table, ()) if said.get(name)), "")
        batch.append((str(said.get("id") or ""), str(owner), json.dumps(said)))
        if len(batch) == BATCH:
            yield batch
            batch = []
    yield batch
