"""Read Open Referral UK 1.0 and Outpost: what arrives is recognised, and ends as the same Record."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from services.directory import formats
from services.directory.formats import Names, Record, Shape
from tests.services.directory import judge
from tests.services.directory.conftest import Directory, Serve
from tests.services.directory.feeds import Feed, an_id

ORUK_1: dict[str, Any] = {
    "id": an_id("one"),
    "name": "Example 1.0 club",
    "description": "<p>Games &amp; tea.</p><ul><li>Mondays</li><li>Fridays</li></ul>",
    "status": "active",
    "deliverable_type": "Advice",
    "attending_access": "referral, drop-in",
    "organization": {
        "id": an_id("org"),
        "name": "Example Trust",
        "description": "",
        "url": "www.example.org",
    },
    "eligibilitys": [
        {"id": "e1", "minimum_age": "5", "maximum_age": 11.0, "eligibility": "children"},
        {"id": "e2", "minimum_age": 4, "gender": "any"},
    ],
    "service_taxonomys": [
        {
            "id": "st1",
            "taxonomy": {
                "id": "esd:12",
                "name": "Youth",
                "vocabulary": "esd",
                "parent_id": "esd:1",
                "parent_name": "People",
            },
        },
        {"id": "st2", "taxonomy": {"id": None, "name": "Nothing"}},
    ],
    "regular_schedules": [
        {"id": "r1", "weekday": "Monday", "opens_at": "09:00:00", "closes_at": "17:00"},
        {"id": "r2", "weekday": "someday"},
    ],
    "holiday_schedules": [
        {"id": "h1", "closed": True, "start_date": "2026-12-24", "end_date": "2027-01-02"},
        {"id": "h2", "closed": "false", "opens_at": "10:00", "start_date": "2026-12-23"},
    ],
    "cost_options": [{"id": "c", "amount": "2.50", "option": "Session"}],
    "fundings": [{"id": "f", "source": "A grant"}],
    "languages": [{"id": "l", "language": "Welsh"}],
    "contacts": [
        {"id": "k", "name": "Reception", "phones": [{"number": "tel:0117 496 0001"}, {"number": "n/a"}]}
    ],
    "service_at_locations": [
        {
            "id": "sal",
            "location": {
                "id": an_id("hall"),
                "name": "Example Hall",
                "latitude": "51.4545",
                "longitude": "-2.5879",
                "physical_addresses": [
                    {
                        "address_1": "1 Example Street",
                        "address_2": "Easton",
                        "city": "Bristol",
                        "postal_code": "BS5 6LA",
                    }
                ],
                "accessibility_for_disabilities": [
                    {"accessibility": "Hearing loop", "details": "In the hall"}
                ],
            },
        }
    ],
}
OUTPOST: dict[str, Any] = {
    "id": 42,
    "name": "Example Outpost group",
    "description": "A group.",
    "updated_at": "2026-09-01T10:00:00.000Z",
    "min_age": 0,
    "max_age": 5,
    "free": True,
    "needs_referral": "true",
    "temporarily_closed": False,
    "visible_from": None,
    "organisation": {"id": 7, "name": "Example Nursery", "url": "https://example.org"},
    "directories": [{"name": "Family Information Service"}],
    "send_needs": [{"id": 1, "name": "Autism", "slug": "autism"}],
    "suitabilities": [{"name": "Physical disabilities", "slug": "physical-disabilities"}],
    "taxonomies": [{"name": "Toddlers", "slug": "toddlers", "parent": {"name": "Play", "slug": "play"}}],
    "regular_schedules": [{"weekday": "Tuesday", "opens_at": "10:00", "closes_at": "11:30"}],
    "cost_options": [],
    "links": [{"label": "Book", "url": "https://example.org/book"}],
    "local_offer": {
        "description": "Staff know Makaton.",
        "survey_answers": [{"question": "Quiet room?", "answer": "Yes"}],
    },
    "contacts": [{"name": "Front desk", "email": "desk@example.org", "phone": "0117 496 0005"}],
    "locations": [
        {
            "name": "Example House",
            "address_1": "2 Example Road",
            "city": "Bristol",
            "postal_code": "BS5 9LE",
            "geometry": {"type": "Point", "coordinates": [-2.55, 51.46]},
            "accessibilities": [{"name": "Ramp", "slug": "ramp"}],
        },
        {
            "name": "Secret",
            "address_1": "***",
            "postal_code": "W1A",
            "mask_exact_address": True,
            "geometry": {"type": "Point", "coordinates": [-2.6, 51.5]},
        },
    ],
}  # fmt: skip


def read(document: dict[str, Any]) -> Record:
    return formats.read_service(document, Names(uuid4()), "A council")


def said(record: Record, table: str, column: str) -> list[Any]:
    return [row[column] for row in record.rows[table]]


@pytest.mark.parametrize(
    ("document", "shape"),
    [
        (ORUK_1, Shape.ORUK_1),
        (OUTPOST, Shape.OUTPOST),
        (judge.read("examples/service_full.json"), Shape.ORUK_3),
        ({"id": "x", "name": "X", "REGULARSCHEDULES": []}, Shape.ORUK_1),
        ("no service", Shape.ORUK_3),
    ],
)
def test_a_shape_is_recognised_by_what_only_it_has(document: object, shape: Shape) -> None:
    assert formats.shape_of(document) is shape


def test_a_service_of_1_0_keeps_everything_that_3_0_can_say() -> None:
    record = read(ORUK_1)
    [service] = record.rows["service"]
    assert service["description"] == "Games & tea.\n\n- Mondays\n\n- Fridays\n\nWho it is for: children; any"
    assert (service["minimum_age"], service["maximum_age"]) == (4, 11)
    assert said(record, "organization", "website") == ["https://www.example.org"]
    assert said(record, "schedule", "byday") == ["MO", None, None, None]
    assert said(record, "schedule", "freq") == ["WEEKLY", None, None, None]
    assert "Closed 24 December 2026 to 2 January 2027" in said(record, "schedule", "description")
    assert said(record, "schedule", "opens_at")[3] == "10:00:00"
    assert said(record, "funding", "source") == ["A grant"]
    assert said(record, "language", "name") == ["Welsh"]
    assert said(record, "phone", "number") == ["0117 496 0001"]
    assert said(record, "address", "address_1") == ["1 Example Street, Easton"]
    assert said(record, "accessibility", "description") == ["Hearing loop"]
    terms = {row["name"]: row for row in record.rows["taxonomy_term"]}
    assert set(terms) == {"Youth", "People", "Advice", "Referral", "Drop-in"}
    assert terms["Youth"]["parent_id"] == terms["People"]["id"]


def test_what_a_service_of_1_0_cannot_mean_is_noted() -> None:
    notes = read(ORUK_1).notes
    assert any("regular_schedules/1/weekday: not a day of the week" in note for note in notes)
    assert any("service_taxonomys/1/taxonomy: without an id and a name" in note for note in notes)
    assert any("phones/1/number: not a telephone number" in note for note in notes)
    assert any("description: markup taken out" in note for note in notes)


def test_a_service_of_outpost_keeps_its_needs_its_words_and_its_places() -> None:
    record = read(OUTPOST)
    [service] = record.rows["service"]
    assert (service["source_id"], service["status"]) == ("42", "active")
    assert "Quiet room? Yes" in service["description"]
    assert "Book: https://example.org/book" in service["description"]
    assert said(record, "cost_option", "amount") == [0]
    assert said(record, "schedule", "byday") == ["TU"]
    assert said(record, "phone", "number") == ["0117 496 0005"]
    terms = {row["name"]: row for row in record.rows["taxonomy_term"]}
    assert set(terms) == {"Autism", "Physical disabilities", "Toddlers", "Play", "Referral"}
    assert terms["Toddlers"]["parent_id"] == terms["Play"]["id"]
    assert (record.rows["location"][0]["latitude"], record.rows["location"][0]["longitude"]) == (51.46, -2.55)


def test_a_blurred_place_stays_blurred() -> None:
    record = read(OUTPOST)
    secret = record.rows["location"][1]
    [address] = [a for a in record.rows["address"] if a["location_id"] == secret["id"]]
    assert (secret["name"], secret["latitude"], address["address_1"], address["postal_code"]) == (
        None,
        None,
        "",
        "",
    )


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"temporarily_closed": True}, "temporarily closed"),
        ({"visible_to": "2020-01-01"}, "inactive"),
        ({"visible_from": "2099-01-01"}, "inactive"),
        ({"marked_for_deletion": "2026-01-01T00:00:00Z"}, "defunct"),
    ],
)
def test_outpost_says_in_other_words_whether_a_service_is_there(more: dict[str, Any], status: str) -> None:
    assert read(OUTPOST | more).rows["service"][0]["status"] == status


@pytest.mark.parametrize("document", [ORUK_1, OUTPOST], ids=["1.0", "outpost"])
async def test_it_goes_in_over_http_and_comes_out_valid(
    directory: Directory, serve: Serve, document: dict[str, Any]
) -> None:
    feed = Feed([document])
    envelope = {"totalElements": 1, "totalPages": 1, "number": 1, "size": 1, "first": True, "last": True}
    feed.envelope = envelope
    report = await directory.pull(await serve(feed.app()))
    assert (report["counts"]["added"], report["shape"]) == (1, formats.shape_of(document).value)
    [change] = report["changes"]
    service = await directory.get(f"/services/{UUID(change['id'])}")
    assert judge.faults("service", service) == []
    assert service["source"]["id"] == str(document["id"])
    assert (await directory.pull(report["url"]))["counts"]["unchanged"] == 1
