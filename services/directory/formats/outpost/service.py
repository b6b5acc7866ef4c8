"""A service of Outpost becomes one of Open Referral UK 3.0. Its fields are Outpost's serialisers'."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from services.directory.formats.oruk.fields import TEXT, Fields, is_object
from services.directory.formats.oruk1.service import a_word
from services.directory.formats.oruk1.times import a_week
from services.directory.formats.outpost.places import places

Document = dict[str, Any]

ONLY_HERE = (
    "target_directories",
    "directories",
    "send_needs",
    "suitabilities",
    "local_offer",
    "age_band_all",
    "needs_referral",
    "min_age",
    "max_age",
    "temporarily_closed",
    "visible_from",
)
WORDS = {"send_needs": "SEND needs", "suitabilities": "Suitability", "taxonomies": "Category"}
TRUE = ("true", "1")


def is_one(document: object) -> bool:
    """Whether a document has fields that only Outpost has."""
    if not is_object(document):
        return False
    said = Fields(document, "", [])
    return "service_at_locations" not in said and any(name in said for name in ONLY_HERE)


def as_oruk3(document: object, notes: list[str]) -> object:
    """The same service in the fields of 3.0."""
    said = Fields(document, "", notes)
    contacts = list(_contacts(said))
    return {
        "id": said.raw("id"),
        "name": said.raw("name"),
        "description": _description(said),
        "url": said.raw("url"),
        "email": said.raw("email") or next((c["email"] for c in contacts if c["email"]), None),
        "status": _status(said),
        "minimum_age": said.raw("min_age"),
        "maximum_age": said.raw("max_age"),
        "last_modified": said.raw("updated_at"),
        "assured_date": said.raw("approved_at") or said.raw("assured_date"),
        "organization": _organization(said),
        "schedules": [a_week(part) for part in said.parts("regular_schedules")],
        "cost_options": list(_costs(said)),
        "contacts": contacts,
        "attributes": [{"taxonomy_term": term} for term in _terms(said)],
        "service_at_locations": list(places(said)),
        "visibility": said.raw("visibility"),
    }


def _status(said: Fields) -> str:
    """Outpost takes what is over out of its feed; what it still shows may be out of its season."""
    until, since = said.date("visible_to"), said.date("visible_from")
    today = date.today().isoformat()  # noqa: DTZ011  # the feed's own dates have no zone
    if str(said.raw("marked_for_deletion")).strip().lower() not in ("none", "", "false"):
        return "defunct"
    if (until and until < today) or (since and since > today):
        return "inactive"
    return "temporarily closed" if _is(said, "temporarily_closed") else "active"


def _is(said: Fields, name: str) -> bool:
    return str(said.raw(name)).lower() in TRUE


def _organization(said: Fields) -> object:
    organization = said.part("organisation")
    if organization is None:
        return None
    return {**organization.all(), "website": organization.raw("website") or organization.raw("url")}


def _description(said: Fields) -> str | None:
    """The description, with what the local offer adds to it and where to read more."""
    words = [said.text("description", TEXT)]
    offer = said.part("local_offer")
    if offer is not None:
        words.append(offer.text("description", TEXT))
        words += [
            f"{one.text('question', TEXT) or ''} {one.text('answer', TEXT)}".strip()
            for one in offer.parts("survey_answers")
            if "answer" in one
        ]
        words.append(offer.text("link", TEXT))
    words += [
        f"{link.text('label') or 'More'}: {link.text('url', TEXT)}"
        for link in said.parts("links")
        if "url" in link
    ]
    return "\n\n".join(word for word in words if word) or None


def _costs(said: Fields) -> Iterator[Document]:
    costs = list(said.parts("cost_options"))
    for cost in costs:
        kind = cost.text("cost_type")
        yield {**cost.all(), "amount_description": cost.raw("amount_description") or kind}
    if not costs and _is(said, "free"):
        yield {"option": "Free", "amount": 0}


def _contacts(said: Fields) -> Iterator[Document]:
    for contact in said.parts("contacts"):
        phones = [phone.all() for phone in contact.parts("phones")]
        if "phone" in contact:
            phones.append({"number": contact.raw("phone")})
        visible = str(contact.raw("visible")).lower() != "false"
        yield {
            "id": contact.raw("id"),
            "name": contact.raw("name"),
            "title": contact.raw("title"),
            "email": contact.raw("email"),
            "phones": phones,
            "visibility": contact.raw("visibility") or ("public" if visible else "internal"),
        }


def _terms(said: Fields) -> Iterator[Document]:
    for name, list_of_words in WORDS.items():
        for part in said.parts(name):
            if word := part.text("name") or part.text("label"):
                yield _nested(part, word, list_of_words)
    if _is(said, "needs_referral"):
        yield a_word("referral", "Attending access")


def _nested(part: Fields, word: str, list_of_words: str) -> Document:
    """A word by its slug, which outlives its number, with the word above it where the feed nests them."""
    term = a_word(word, list_of_words)
    term["id"] = f"{list_of_words}/{part.text('slug') or word}".lower()
    above = part.part("parent")
    if above is not None and (name := above.text("name")):
        term["parent"] = _nested(above, name, list_of_words)
        term["parent_id"] = term["parent"]["id"]
    return term
