"""Keep the addresses of secret places out of everything that is published about their services.

One rule (`rules.secret_places`) wherever words come from: a feed, an edit, or what is stored already when a
place becomes a secret.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from hub.database import Tx
from services.directory.formats import Record
from services.directory.rules import secret_places as rules
from services.directory.rules.secret_places import Place
from services.directory.store import edits, withholding

ADDRESS = ("city", "address_1", "postal_code")


async def keep_out(tx: Tx, records: Sequence[Record], decided: Mapping[str, str]) -> set[str]:
    """Keep them out of records on their way in; which services have such a place."""
    places = await _places(tx, records, decided)
    for record in records:
        _keep_out(record, places, decided)
    return {str(record.id) for record in records if places[str(record.id)]}


async def without(tx: Tx, service: UUID, values: dict[str, Any]) -> dict[str, Any]:
    """What is to be written into a listing, without them."""
    [owner] = await withholding.owners(tx, [service])
    places = await withholding.secret_places(tx, [service])
    names = (owner["name"], owner["organization"])
    return rules.without(values, rules.sought([dict(place) for place in places], names))


async def mask_stored(tx: Tx, services: Iterable[UUID]) -> None:
    """Take them out of what is stored of services, their organisations and the edits that stand."""
    owners = await withholding.owners(tx, services)
    ids = {row[part] for row in owners for part in ("id", "organization_id")}
    places: dict[UUID, list[Place]] = defaultdict(list)
    for row in await withholding.secret_places(tx, ids) if ids else ():
        places[row["owner"]].append(dict(row))
    for row in owners:
        mine, theirs = places[row["id"]], places[row["organization_id"]]
        sought = rules.sought(mine, (row["name"], row["organization"]))
        theirs_sought = rules.sought(theirs, (row["organization"],))
        found_by = rules.found_by(mine, row["still"])
        await withholding.mask_places(tx, row["id"], sought, theirs_sought, found_by)
        await _mask_edits(tx, row["id"], sought)


async def _mask_edits(tx: Tx, service: UUID, sought: str | None) -> None:
    """The next pull would write an edit that stands again, as it is kept."""
    for edit in await edits.standing(tx, service) if sought else ():
        field, source, value = edit["field"], json.loads(edit["source"]), json.loads(edit["value"])
        shown = [rules.without(said, sought, field) for said in (source, value)]
        if shown != [source, value]:
            await edits.restate(tx, service, field, *shown)


async def _places(
    tx: Tx, records: Sequence[Record], decided: Mapping[str, str]
) -> defaultdict[str, list[Place]]:
    """The secret places of services and of organisations: those on their way in, and those stored."""
    found: defaultdict[str, list[Place]] = defaultdict(list)
    owners = {str(record.id) for record in records} | {_organization(record) for record in records}
    secret = {one for record in records for one in _secret(record, decided)}
    public = {row["id"] for record in records for row in record.rows.get("location", [])} - secret
    for row in await withholding.secret_places(tx, map(UUID, owners)) if owners else ():
        if str(row["place"]) not in public:
            found[str(row["owner"])].append(dict(row))
    for record in records:
        here = list(_addressed(record, _secret(record, decided)))
        found[str(record.id)] += here
        found[_organization(record)] += here
    return found


def _organization(record: Record) -> str:
    return record.rows["service"][0]["organization_id"]


def _secret(record: Record, decided: Mapping[str, str]) -> set[str]:
    rows = record.rows.get("location", [])
    return {row["id"] for row in rows if decided.get(row["id"], row["visibility"]) != "public"}


def _addressed(record: Record, places: set[str]) -> Iterable[Place]:
    nowhere = dict.fromkeys(ADDRESS)
    for row in record.rows.get("location", []):
        if row["id"] in places:
            own = [a for a in record.rows.get("address", []) if a["location_id"] == row["id"]]
            yield from (
                {"name": row["name"], **{part: a[part] for part in ADDRESS}} for a in own or [nowhere]
            )


def _keep_out(record: Record, places: Mapping[str, list[Place]], decided: Mapping[str, str]) -> None:
    service, secret = record.rows["service"][0], _secret(record, decided)
    mine, theirs = places[str(record.id)], places[_organization(record)]
    organizations = [row["name"] for row in record.rows.get("organization", [])]
    sought = rules.sought(mine, (service["name"], *organizations))
    found_by = rules.found_by(mine, _still(record, secret))
    service["keywords"] = rules.without_words(service["keywords"], sought, found_by)
    patterns = dict.fromkeys(rules.PUBLISHED, sought) | {"organization": rules.sought(theirs, organizations)}
    for table, pattern in patterns.items():
        for row in record.rows.get(table, []) if pattern else ():
            if not {row.get("location_id"), row.get("id")} & secret:
                _mask(row, rules.PUBLISHED[table], pattern)


def _still(record: Record, secret: set[str]) -> set[str]:
    """By which names and towns a service is still found: those of its public places."""
    public = {row["id"] for row in record.rows.get("location", [])} - secret
    found = (place[part] for place in _addressed(record, public) for part in ("name", "city"))
    return {word.casefold() for word in found if word}


def _mask(row: dict[str, Any], columns: Iterable[str], pattern: str | None) -> None:
    row |= {column: rules.without(row[column], pattern, column) for column in columns if row.get(column)}
