"""The offers as Open Referral UK 3.0 documents: the same ids every time, coordinates from the postcode."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from deploy.demo.feed.offers import Offer, offers, organisation, parent_of
from services.directory.rules.grid import geographic_of
from services.directory.rules.postcodes import locate
from services.directory.schemas import terms

Document = dict[str, Any]
TAXONOMY = "Early help topics (synthetic)"
HOW = "How services help (synthetic)"
MODIFIED = "2026-11-02T09:00:00.000Z"
BRISTOL = {"name": "Bristol", "uri": "http://statistics.data.gov.uk/id/statistical-geography/E06000023"}
ENGLAND = {"name": "England", "uri": "http://statistics.data.gov.uk/id/statistical-geography/E92000001"}
LANGUAGES = {"pl": "Polish"}


def services() -> list[Document]:
    """Every service in full, as `/services/{id}` gives it."""
    return [_service(number, offer) for number, offer in enumerate(offers())]


def summary(service: Document) -> Document:
    """A service as a list shows it: what is one-to-one, and its organisation."""
    return {name: value for name, value in service.items() if not isinstance(value, list)}


def _id(*names: object) -> str:
    return str(uuid5(NAMESPACE_URL, "early-help-hub/demo/" + "/".join(map(str, names))))


def _said(**members: object) -> Document:
    """An object without what is not said."""
    return {name: value for name, value in members.items() if value not in (None, [], "")}


def _service(number: int, offer: Offer) -> Document:
    low, high = offer.ages or (None, None)
    return _said(
        id=_id("service", offer.name),
        organization_id=_id("organisation", offer.by),
        name=offer.name,
        description=offer.about,
        url=f"https://www.example.org/services/{number}",
        email=f"service{number}@example.org",
        status="active",
        minimum_age=low,
        maximum_age=high,
        assured_date="2026-10-01",
        last_modified=MODIFIED,
        visibility=offer.visibility,
        organization=_organisation(offer.by),
        schedules=_schedules(offer),
        service_areas=[{"id": _id("area", offer.name), **(BRISTOL if offer.postcode else ENGLAND)}],
        service_at_locations=_places(offer),
        languages=_languages(offer),
        cost_options=_costs(offer),
        contacts=_contacts(number, offer),
        attributes=[_attribute(offer, term) for term in offer.terms] + _ours(offer),
    )


def _organisation(key: str) -> Document:
    known = organisation(key)
    number = known.charity and {
        "id": _id("charity", key),
        "identifier_scheme": "GB-CHC",
        "identifier_type": "Charity number",
        "identifier": known.charity,
    }
    return _said(
        id=_id("organisation", key),
        name=known.name,
        description=known.about,
        website="https://www.example.org",
        visibility=known.visibility,
        organization_identifiers=[number] if number else None,
    )


def _schedules(offer: Offer) -> list[Document]:
    if not offer.when:
        return []
    days, _, hours = offer.when.partition(" ")
    opens, _, closes = hours.partition("-")
    when = {"freq": "WEEKLY", "interval": 1, "byday": days}
    return [
        {"id": _id("schedule", offer.name), **when, "opens_at": f"{opens}:00", "closes_at": f"{closes}:00"}
    ]


def _places(offer: Offer) -> list[Document]:
    if offer.postcode is None:
        return []
    where = geographic_of(locate(offer.postcode).place)
    key = (offer.postcode, offer.visibility)
    address = {
        "id": _id("address", *key),
        "address_1": "1 Example Street",
        "city": "Bristol",
        "state_province": "Bristol",
        "postal_code": offer.postcode,
        "country": "GB",
        "address_type": "physical",
    }
    location = _said(
        id=_id("location", *key),
        location_type="physical",
        name=f"Example House, {offer.postcode}",
        latitude=round(where.latitude, 6),
        longitude=round(where.longitude, 6),
        visibility=offer.visibility,
        addresses=[address],
        accessibility=[{"id": _id("accessibility", *key), "description": "Step-free entrance."}],
    )
    return [{"id": _id("at", offer.name), "location": location}]


def _languages(offer: Offer) -> list[Document]:
    if offer.language is None:
        return []
    name = LANGUAGES[offer.language]
    return [{"id": _id("language", offer.name), "code": offer.language, "name": name}]


def _costs(offer: Offer) -> list[Document]:
    if offer.cost is None:
        return []
    said = "free" if offer.cost == 0 else "pounds a visit"
    return [{"id": _id("cost", offer.name), "amount": offer.cost, "amount_description": said}]


def _contacts(number: int, offer: Offer) -> list[Document]:
    # 0117 496 0000 to 0999 are set aside by Ofcom for drama.
    phone = {"id": _id("phone", offer.name), "number": f"0117 496 0{number:03d}"}
    return [{"id": _id("contact", offer.name), "title": "Front desk", "phones": [phone]}]


def _ours(offer: Offer) -> list[Document]:
    """How one comes to it, for whom it is and which barriers it takes away, in the hub's own terms."""
    said = [("referral", offer.referral), ("level_of_need", str(offer.level))]
    said += [("barrier", barrier) for barrier in offer.removes]
    return [
        {
            "id": _id("attribute", offer.name, *one),
            "link_type": "service",
            "taxonomy_term": _said(
                id=str(terms.term(*one).id),
                name=terms.term(*one).name,
                description=f"Services that say: {terms.term(*one).name}.",
                taxonomy=HOW,
                taxonomy_id=_id("taxonomy", HOW),
            ),
        }
        for one in said
    ]


def _attribute(offer: Offer, term: str) -> Document:
    parent = parent_of(term)
    return {
        "id": _id("attribute", offer.name, term),
        "link_type": "service",
        "taxonomy_term": _said(
            id=_id("term", term),
            name=term,
            description=f"Services sorted under {term}.",
            parent_id=parent and _id("term", parent),
            taxonomy=TAXONOMY,
            taxonomy_id=_id("taxonomy"),
        ),
    }
