"""The details of a service: when, for whom, where it reaches, at what cost, whom to ask."""

import re
from collections.abc import Callable
from uuid import UUID, uuid5

from services.directory.formats.oruk.fields import TEXT, Fields
from services.directory.formats.oruk.record import Record, Row, as_uuid

# The codes of local authorities and countries that a postcode's own can be compared with.
GSS = re.compile(r"\b(?:E0[6-9]|W06|S12|N09|[ENSW]92|K0[2-4])\d{6}\b")
MONEY = 1_000_000
Reader = Callable[[Fields], Row]


def add_details(said: Fields, record: Record) -> None:
    """Add every detail of a service, in the order its source gave them."""
    for name, (table, read) in READERS.items():
        for position, part in enumerate(said.parts(name)):
            own = detail_id(record, part, table, position, record.id)
            record.add(table, id=own, position=position, service_id=record.id, **read(part))
    _add_contacts(said, record)


def detail_id(record: Record, part: Fields, table: str, position: int, owner: UUID) -> UUID:
    """The detail's own id, or one that stays the same while its place in the list does."""
    own = as_uuid(part.text("id") or "")
    if own is None or any(row["id"] == str(own) for row in record.rows[table]):
        return uuid5(owner, f"{table}/{position}")
    return own


def _add_contacts(said: Fields, record: Record) -> None:
    """Contacts and their telephones; the UK profile has none of either's numbers, its feeds do."""
    phones: list[tuple[UUID | None, Fields]] = [(None, part) for part in said.parts("phones")]
    for position, contact in enumerate(said.parts("contacts")):
        own = detail_id(record, contact, "contact", position, record.id)
        record.add(
            "contact",
            id=own,
            position=position,
            service_id=record.id,
            name=contact.text("name"),
            title=contact.text("title"),
            email=contact.email("email"),
            visibility=contact.visibility(),
        )
        phones += [(own, part) for part in contact.parts("phones")]
    for position, (contact_id, phone) in enumerate(phones):
        if number := phone.phone("number"):
            record.add(
                "phone",
                id=detail_id(record, phone, "phone", position, record.id),
                position=position,
                service_id=record.id,
                contact_id=contact_id,
                number=number,
                description=phone.text("description"),
            )


def _schedule(part: Fields) -> Row:
    return {
        "valid_from": part.date("valid_from"),
        "valid_to": part.date("valid_to"),
        "dtstart": part.date("dtstart"),
        "freq": part.choice("freq", ("WEEKLY", "MONTHLY")),
        "interval": part.whole("interval", 1, 1000),
        "byday": part.text("byday"),
        "bymonthday": part.text("bymonthday"),
        "description": part.text("description", TEXT),
        "opens_at": part.clock("opens_at"),
        "closes_at": part.clock("closes_at"),
        "schedule_link": part.link("schedule_link"),
        "attending_type": part.text("attending_type"),
        "notes": part.text("notes", TEXT),
    }


def _area(part: Fields) -> Row:
    area: Row = {
        "name": part.text("name", TEXT),
        "extent": part.text("extent", TEXT),
        "extent_type": part.text("extent_type"),
        "uri": part.link("uri"),
        "service_area": part.text("service_area", TEXT),
    }
    code = GSS.search(" ".join(str(value) for value in area.values() if value))
    return {**area, "code": code[0] if code else None}


def _cost(part: Fields) -> Row:
    return {
        "valid_from": part.date("valid_from"),
        "valid_to": part.date("valid_to"),
        "option": part.text("option", TEXT),
        "amount": part.number("amount", -MONEY, MONEY),
        "amount_description": part.text("amount_description", TEXT),
    }


def _funding(part: Fields) -> Row:
    return {"source": part.text("source", TEXT)}


def _language(part: Fields) -> Row:
    return {"name": part.text("name"), "code": part.text("code")}


def _capacity(part: Fields) -> Row:
    """Room, as HSDS 3.1 has it."""
    unit = part.part("unit")
    return {
        "available": part.whole("available", 0, MONEY),
        "maximum": part.whole("maximum", 0, MONEY),
        "updated": part.moment("updated"),
        "description": part.text("description", TEXT),
        "unit": unit.text("name") if unit is not None else None,
    }


READERS: dict[str, tuple[str, Reader]] = {
    "schedules": ("schedule", _schedule),
    "service_areas": ("service_area", _area),
    "cost_options": ("cost_option", _cost),
    "funding": ("funding", _funding),
    "languages": ("language", _language),
    "capacities": ("capacity", _capacity),
}
