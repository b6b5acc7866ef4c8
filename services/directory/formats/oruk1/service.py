"""A service of Open Referral UK 1.0 becomes one of 3.0; what 3.0 has no field for becomes a term or words.

The fields are those of the 1.0 extended data package of the Open Referral UK schemas.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from services.directory.formats.oruk.fields import TEXT, Fields, as_list, is_object
from services.directory.formats.oruk1.times import schedules

Document = dict[str, Any]

# Fields that 3.0 does not have; the plurals are as feeds really spell them.
ONLY_HERE = frozenset(
    {
        "service_taxonomys",
        "service_taxonomies",
        "link_taxonomies",
        "link_taxonomys",
        "taxonomies",
        "eligibilitys",
        "eligibilities",
        "regular_schedule",
        "regular_schedules",
        "holiday_schedule",
        "holiday_schedules",
        "fundings",
        "deliverable_type",
        "attending_type",
        "attending_access",
    }
)
TERMS = ("service_taxonomys", "service_taxonomies", "link_taxonomies", "link_taxonomys", "taxonomies")
# What 3.0 has only as terms, and the list of words each belongs to.
WORDS = {
    "deliverable_type": "Deliverable type",
    "attending_type": "Attending type",
    "attending_access": "Attending access",
}


def is_one(document: object) -> bool:
    """Whether a document has fields, or a place with fields, that only 1.0 has."""
    if not is_object(document):
        return False
    said = Fields(document, "", [])
    if any(name in said for name in ONLY_HERE):
        return True
    links = (link.part("location") for link in said.parts("service_at_locations"))
    return any(place is not None and "physical_addresses" in place for place in links)


def as_oruk3(document: object, notes: list[str]) -> object:
    """The same service in the fields of 3.0. A field that 3.0 has too is passed on as it stands."""
    said = Fields(document, "", notes)
    rewritten: Document = {**cast("Mapping[str, Any]", document)}
    rewritten["status"] = said.raw("status") or "active"
    rewritten["organization"] = _organization(said.raw("organization"))
    rewritten["schedules"] = [*as_list(said.raw("schedules")), *schedules(said)]
    rewritten["service_at_locations"] = [_place(link) for link in said.parts("service_at_locations")]
    rewritten["attributes"] = [*as_list(said.raw("attributes")), *_terms(said)]
    rewritten["funding"] = [*as_list(said.raw("funding")), *as_list(said.raw("fundings"))]
    rewritten["languages"] = [_language(language) for language in said.parts("languages")]
    rewritten["service_areas"] = [_area(area) for area in said.parts("service_areas")]
    return rewritten | _who_for(said)


def _organization(said: object) -> object:
    """1.0 calls its website `url`."""
    if not is_object(said):
        return said
    known = cast("Mapping[str, Any]", said)
    return {"website": known.get("url"), **known}


def _terms(said: Fields) -> Iterator[Document]:
    """Categories from all the places 1.0 has for them, as attributes."""
    for name in (
        "service_taxonomys",
        "service_taxonomies",
        "link_taxonomies",
        "link_taxonomys",
        "taxonomies",
    ):
        for link in said.parts(name):
            nested = link.part("taxonomy")
            term = nested or link
            if "id" in term and "name" in term:
                yield {"id": link.raw("id"), "link_type": link.raw("link_type"), "taxonomy_term": _term(term)}
            elif "taxonomy_detail" not in link:
                link.note("taxonomy", "without an id and a name, left out")
    for name, list_of_words in WORDS.items():
        for word in (said.text(name) or "").split(","):
            if word.strip():
                yield {"taxonomy_term": a_word(word.strip(), list_of_words)}


def _term(term: Fields) -> Document:
    vocabulary = term.text("vocabulary")
    parent = term.text("parent_id")
    return {
        "id": term.raw("id"),
        "name": term.raw("name"),
        "parent_id": parent,
        "taxonomy": vocabulary,
        "parent": {"id": parent, "name": term.raw("parent_name"), "taxonomy": vocabulary}
        if parent and "parent_name" in term
        else None,
    }


def a_word(word: str, list_of_words: str) -> Document:
    """A word without an id as a term of a list of words."""
    return {
        "id": f"{list_of_words}/{word}".lower(),
        "name": word[:1].upper() + word[1:],
        "taxonomy": list_of_words,
    }


def _place(link: Fields) -> Document:
    location = link.part("location")
    if location is None:
        return {"id": link.raw("id")}
    kinds = (("physical_addresses", "physical"), ("postal_addresses", "postal"))
    addresses: list[Document] = [
        _address(address, kind) for name, kind in kinds for address in location.parts(name)
    ]
    return {
        "id": link.raw("id"),
        "location": {
            **location.all(),
            "addresses": [*as_list(location.raw("addresses")), *addresses],
            "accessibility": [
                {
                    "id": part.raw("id"),
                    "description": part.raw("accessibility"),
                    "details": part.raw("details"),
                }
                for part in location.parts("accessibility_for_disabilities")
            ],
        },
    }


def _address(address: Fields, kind: str) -> Document:
    lines = (address.text(f"address_{number}") for number in range(1, 5))
    return {
        **address.all(),
        "address_1": ", ".join(line for line in lines if line),
        "address_type": kind,
    }


def _language(language: Fields) -> Document:
    return {**language.all(), "name": language.raw("name") or language.raw("language")}


def _area(area: Fields) -> Document:
    return {
        **area.all(),
        "name": area.raw("name") or area.raw("service_area"),
        "service_area": area.raw("identifier") or area.raw("service_area"),
        "extent_type": area.raw("extent_type") or area.raw("type"),
    }


def _who_for(said: Fields) -> Document:
    """Ages from the eligibilities; what else they say is added to the description, where people look."""
    found = [*said.parts("eligibilitys"), *said.parts("eligibilities")]
    lows = [age for one in found if (age := one.number("minimum_age", 0, 150)) is not None]
    highs = [age for one in found if (age := one.number("maximum_age", 0, 150)) is not None]
    words = dict.fromkeys(
        word for one in found for name in ("eligibility", "gender") if (word := one.text(name, TEXT))
    )
    description = said.text("description", TEXT)
    more: Document = {
        "minimum_age": said.raw("minimum_age") if not lows else min(lows),
        "maximum_age": said.raw("maximum_age") if not highs else max(highs),
    }
    if words:
        said.note("eligibility", "added to the description")
        more["description"] = f"{description or ''}\n\nWho it is for: {'; '.join(words)}".strip()
    return more
