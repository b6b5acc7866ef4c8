"""Withhold what is not for everybody: mailboxes of colleagues, places that are a secret (decision 0024).

What is sensitive is the address, not the field it stands in: a mailbox that is a contact for colleagues
is in no other field of any listing, and a secret address in no text of its own.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from hub.database import Tx
from services.directory.actions import secret_places
from services.directory.formats import Record
from services.directory.rules import contacts, masks
from services.directory.rules.confidential import secret_words
from services.directory.rules.freshness import NotYourListing
from services.directory.schemas.locations import PlaceSealing, PlaceSealingPage, VisibilityHeard
from services.directory.store import freshness, reviews, withholding
from services.directory.store.reviews import Said

SEALED = {"visibility": {"was": "public", "becomes": "internal"}}
TEXTS = ("name", "description", "fees", "alert", "accreditations")
# Of every table but these any text is published: a check's mailbox has a rule of its own.
KEPT = frozenset({"verified_by", "fingerprint"})


class Withheld(NamedTuple):
    """What was taken out of records: mailboxes nobody knew for colleagues' until now, and places.

    `places` are the words by which services say that theirs is a secret, by the service's own id; `secret`
    are all services with a place that is not for everybody.
    """

    mailboxes: set[str]
    places: dict[str, str]
    secret: set[str]


async def withhold(tx: Tx, records: Sequence[Record]) -> Withheld:
    """Take out of records on their way in what is not for everybody, and note it."""
    for record in records:
        _mark_colleagues(record)
    own = {masks.plain(contact["email"]) for record in records for contact in _colleagues(record)}
    named = masks.mailboxes([list(record.rows.values()) for record in records])
    known = await withholding.colleagues(tx, own | named) if own or named else set[str]()
    withheld = own | known
    if withheld:
        for record in records:
            _mask(record, withheld)
    decided = await withholding.decided(
        tx, [row["id"] for record in records for row in record.rows.get("location", [])]
    )
    places = _seal_places(records, decided)
    return Withheld(own - known, places, await secret_places.keep_out(tx, records, decided))


async def everywhere(tx: Tx, withheld: Withheld, stored: set[str]) -> None:
    """Mask mailboxes and places, now that they are stored, in all that was stored before them."""
    if withheld.mailboxes:
        await withholding.mask(tx, withheld.mailboxes)
    await secret_places.mask_stored(tx, [UUID(one) for one in sorted(withheld.secret & stored)])


def _mark_colleagues(record: Record) -> None:
    for contact in record.rows.get("contact", []):
        if contact["visibility"] == "public" and contacts.is_personal(contact["name"], contact["email"]):
            contact["visibility"] = "partner"


def _colleagues(record: Record) -> list[dict[str, str]]:
    return [
        contact
        for contact in record.rows.get("contact", [])
        if contact["visibility"] != "public" and contact["email"] and not contacts.is_office(contact["email"])
    ]


def _mask(record: Record, withheld: set[str]) -> None:
    for table, rows in record.rows.items():
        for row in rows:
            if table == "contact" and row["visibility"] != "public":
                continue
            for column, said in row.items():
                if column in KEPT or (shown := masks.without(said, withheld, column)) == said:
                    continue
                row[column] = shown
                if column != "keywords":
                    record.notes.append(f"{table}.{column}: a member of staff's own mailbox, not published")


def _seal_places(records: Sequence[Record], decided: Mapping[str, str]) -> dict[str, str]:
    """Keep the places of records that say they are a secret for whoever keeps them, unless it was decided."""
    secret: dict[str, str] = {}
    for record in records:
        public = {row["id"] for row in record.rows.get("location", []) if row["visibility"] == "public"}
        places = public - decided.keys()
        words = _secret_words(record) if places else None
        if words is not None:
            _seal(record, places)
            record.notes.append(f'location: not published, because the record says "{words}"')
            secret[str(record.id)] = words
    return secret


def _secret_words(record: Record) -> str | None:
    service, places = record.rows["service"][0], record.rows.get("location", [])
    terms = record.rows.get("taxonomy_term", [])
    names = [service["name"], *(row["name"] for row in (*places, *terms))]
    texts = [service[column] for column in TEXTS] + [row["description"] for row in places]
    return secret_words(names, texts)


def _seal(record: Record, places: set[str]) -> None:
    for row in record.rows["location"]:
        if row["id"] in places:
            row["visibility"] = "internal"
    for link in record.rows["service_at_location"]:
        if link["location_id"] in places:
            link["visibility"] = "internal"


async def ask(tx: Tx, service: UUID, words: str) -> None:
    """Put the places that were kept back before a person, once."""
    if not await withholding.asked(tx, service):
        kept = await freshness.kept(tx, service)
        said = f'The feed publishes where it is, and the record says "{words}".'
        await reviews.raise_(tx, kept, Said("sealed", "feed", said=said, changes=SEALED))


async def decide(tx: Tx, location: UUID, heard: VisibilityHeard) -> PlaceSealing:
    """An officer decides who may see a place, whatever its feed says. NotFound, NotYourListing."""
    await _check_ours(tx, location)
    return await _decided(tx, location, heard.visibility, heard.reason)


async def decide_all(tx: Tx, service: UUID, visibility: str, reason: str) -> None:
    """The same for every place of a service that its agency keeps."""
    for location in await withholding.places_of(tx, service):
        await _decided(tx, location, visibility, reason)


async def _decided(tx: Tx, location: UUID, visibility: str, reason: str) -> PlaceSealing:
    services = await withholding.services_at(tx, [location])
    done = await withholding.seal(tx, location, visibility, reason)
    if visibility != "public":
        await secret_places.mask_stored(tx, services)
    return PlaceSealing.model_validate(dict(done))


async def history(tx: Tx, location: UUID, limit: int, before: int | None) -> PlaceSealingPage:
    """What was decided about a place, newest first. NotFound, NotYourListing."""
    await _check_ours(tx, location)
    rows = await withholding.sealings(tx, location, limit, before)
    found = [PlaceSealing.model_validate(dict(row)) for row in rows]
    return PlaceSealingPage(sealings=found, next=found[-1].number if len(found) == limit else None)


async def _check_ours(tx: Tx, location: UUID) -> None:
    if await withholding.keeper(tx, location) != tx.known_caller.agency:
        raise NotYourListing
