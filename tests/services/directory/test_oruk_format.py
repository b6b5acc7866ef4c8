"""Reading Open Referral UK documents: liberal, and never the cause of a fall."""

import json
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.formats import oruk
from services.directory.formats.oruk import Names, NotAFeed, RecordNotUsable
from tests.services.directory import judge
from tests.services.directory.feeds import a_place, a_service, an_id

FEED = UUID(int=7)
NAMES = Names(FEED)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = sorted({*judge.read("schema/service.json")["properties"], "phones", "visibility"})


@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_no_document_breaks_the_reader(said: dict[str, Any]) -> None:
    document = {**said, "id": "1", "name": "Example", "status": "active"}
    record = oruk.read_service(document, NAMES, "A council")
    json.dumps(record.rows).encode()
    assert record.rows["service"][0]["organization_id"] == record.rows["organization"][0]["id"]


@given(JSON)
def test_no_answer_breaks_the_reader_of_pages(parsed: Any) -> None:
    try:
        page = oruk.read_page(parsed)
    except NotAFeed:
        return
    for document in page.services:
        with pytest.raises(RecordNotUsable):
            oruk.read_service(document, NAMES, "A council")


@given(st.binary(max_size=60))
def test_no_bytes_break_the_parser(body: bytes) -> None:
    try:
        oruk.parse(body)
    except NotAFeed:
        return


@pytest.mark.parametrize("body", [b"", b"<html>", b"[" * 100_000, b'{"a": NaN}', b"\xff\xfe", b"{}{}"])
def test_what_is_not_json_is_said_to_be_none(body: bytes) -> None:
    with pytest.raises(NotAFeed):
        oruk.parse(body)


def test_lines_are_read_one_by_one_and_a_bad_one_stays_in_its_place() -> None:
    body = b'{"id": "1"}\n\n{"id": \n{"id": "2"}\n'
    parsed = oruk.parse(body)
    assert [oruk.identity(item) for item in oruk.read_page(parsed).services] == ["1", None, "2"]


@pytest.mark.parametrize("parsed", [None, 3, "x", {}, {"hello": 1}, {"contents": "x"}])
def test_what_holds_no_services_is_no_feed(parsed: Any) -> None:
    with pytest.raises(NotAFeed):
        oruk.read_page(parsed)


@pytest.mark.parametrize(
    ("envelope", "last"),
    [
        ({"last_page": True}, True),
        ({"last_page": False}, False),
        ({"last_page": True, "total_pages": 3}, False),
        ({"last_page": False, "total_pages": 1}, True),
        ({"totalPages": "2"}, False),
        ({"last": False}, False),
        ({}, True),
    ],
)
def test_the_last_page_is_known_however_it_is_said(envelope: dict[str, Any], last: bool) -> None:
    assert oruk.read_page({**envelope, "contents": [a_service("one")]}).last is last


def test_every_reason_is_given_at_once() -> None:
    with pytest.raises(RecordNotUsable) as refused:
        oruk.read_service({"description": "x"}, NAMES, "A council")
    assert [reason.partition(":")[0] for reason in refused.value.reasons] == ["id", "name", "status"]


def test_a_record_keeps_its_own_id_unless_another_feed_has_it() -> None:
    own = UUID(an_id("a"))
    assert oruk.read_service(a_service("a"), NAMES, "A council").id == own
    clash = Names(FEED, frozenset({("service", own)}))
    assert oruk.read_service(a_service("a"), clash, "A council").id == uuid5(FEED, f"service/{own}")
    assert oruk.read_service(a_service("a", id=17), NAMES, "A council").id == uuid5(FEED, "service/17")


def test_the_fingerprint_tells_a_change_and_nothing_else() -> None:
    said = a_service("a", service_at_locations=[a_place("a", "BS5 6LA")])
    shuffled = dict(reversed(said.items()))
    changed = a_service("a", service_at_locations=[a_place("a", "BS5 6LB")])
    prints = [oruk.read_service(d, NAMES, "A council").fingerprint() for d in (said, shuffled, changed)]
    assert prints[0] == prints[1] != prints[2]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("www.example.org", "https://www.example.org"),
        ("http://example.org/two words", "http://example.org/two%20words"),
        ("http://example.org/100%", "http://example.org/100%25"),
        ("http://example.org/caf\u00e9", "http://example.org/caf%C3%A9"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("example", None),
        ("http://[::1]/", None),
        ("ftp://example.org", None),
        ("http://exa mple.org", None),
    ],
)
def test_a_web_address_is_mended_or_left_out(said: str, read: str | None) -> None:
    record = oruk.read_service(a_service("a", url=said), NAMES, "A council")
    assert record.rows["service"][0]["url"] == read
    assert bool(record.notes) == (read is None)


@given(st.text(max_size=40))
def test_a_web_address_that_is_read_is_one(said: str) -> None:
    plain = {"id": an_id("a"), "name": "Example", "status": "active"}
    for prefix in ("", "http://", "https://example.org/", "www."):
        record = oruk.read_service(a_service("a", url=prefix + said), NAMES, "A council")
        url = record.rows["service"][0]["url"]
        assert url is None or judge.faults("service", {**plain, "url": url}) == []


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("2026-07-01T10:00:00", "2026-07-01T10:00:00+01:00"),
        ("2026-12-01T10:00:00", "2026-12-01T10:00:00+00:00"),
        ("2026-07-01T10:00:00.123Z", "2026-07-01T10:00:00.123000+00:00"),
        ("2026-07-01", "2026-07-01T00:00:00+01:00"),
        ("last week", None),
    ],
)
def test_a_moment_without_a_zone_is_on_the_clock_here(said: str, read: str | None) -> None:
    record = oruk.read_service(a_service("a", last_modified=said), NAMES, "A council")
    assert record.rows["service"][0]["source_modified"] == read


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (None, "public"),
        ("Partner", "partner"),
        ("INTERNAL", "internal"),
        ("hidden", "internal"),
        (1, "internal"),
    ],
)
def test_a_visibility_nobody_knows_is_for_nobody_else(said: Any, read: str) -> None:
    record = oruk.read_service(a_service("a", visibility=said), NAMES, "A council")
    assert record.rows["service"][0]["visibility"] == read


def test_an_organisation_for_colleagues_has_no_public_services() -> None:
    hidden = {"id": "o", "name": "O", "visibility": "internal"}
    record = oruk.read_service(a_service("a", organization=hidden), NAMES, "A council")
    assert record.rows["service"][0]["visibility"] == "internal"


def test_the_name_of_a_sealed_place_is_no_search_word() -> None:
    places = [
        a_place("x", "BS5 6LA", name="Sealed", visibility="partner"),
        a_place("y", "BS5 6LA", name="Open"),
    ]
    record = oruk.read_service(a_service("a", service_at_locations=places), NAMES, "A council")
    assert record.rows["service"][0]["keywords"] == "Example Council Open"


def test_a_service_without_an_organisation_is_its_publishers() -> None:
    record = oruk.read_service(a_service("a", organization=None), NAMES, "A council")
    assert record.rows["organization"][0]["name"] == "A council"
