"""Read files: data packages, NDJSON, any encoding, any length; and nothing that is not safe to open."""

import csv
import gzip
import io
import json
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory import formats
from services.directory.formats import NotAFeed
from services.directory.formats.encoding import as_text
from services.directory.formats.files import opened
from services.directory.formats.oruk.markup import plain
from services.directory.formats.stream import documents
from services.directory.jobs.bring import bring_documents
from services.directory.jobs.turns import each
from tests.services.directory.conftest import Directory, caller
from tests.services.directory.feeds import a_service, an_id

FEED = UUID(an_id("feed"))
Table = list[dict[str, Any]]

HSDS_3: dict[str, Table] = {
    "organizations": [{"id": an_id("o"), "name": "Example Trust", "description": "A trust."}],
    "organization_identifiers": [{"id": "i", "organization_id": an_id("o"), "identifier": "123"}],
    "services": [
        {"id": an_id("s1"), "organization_id": an_id("o"), "name": "Café Cymraeg", "status": "active"},
        {"id": an_id("s2"), "organization_id": an_id("o"), "name": "Example two", "status": "active"},
        {"id": an_id("s3"), "organization_id": an_id("o"), "name": "", "status": "active"},
    ],
    "locations": [{"id": an_id("l"), "location_type": "physical", "name": "Example Hall"}],
    "addresses": [
        {"id": "a", "location_id": an_id("l"), "address_1": "1 Example Street", "postal_code": "BS5 6LA"}
    ],
    "service_at_location": [{"id": "x", "service_id": an_id("s1"), "location_id": an_id("l")}],
    "schedules": [
        {"id": "h1", "service_id": an_id("s1"), "freq": "WEEKLY", "byday": "MO"},
        {"id": "h2", "service_at_location_id": "x", "freq": "WEEKLY", "byday": "FR"},
    ],
    "contacts": [{"id": "c", "service_id": an_id("s1"), "name": "Reception"}],
    "phones": [{"id": "p", "contact_id": "c", "service_id": an_id("s1"), "number": '"0117 496 0001"'}],
    "languages": [{"id": "g", "service_id": an_id("s1"), "name": "Welsh", "code": "cy"}],
    "attributes": [{"id": "t", "link_id": an_id("s1"), "taxonomy_term_id": "tt"}],
    "taxonomy_terms": [
        {"id": "tt", "name": "Cafés", "description": "Places.", "parent_id": "up", "taxonomy_id": "tax"},
        {"id": "up", "name": "Food", "description": "Food.", "taxonomy_id": "tax"},
    ],
    "taxonomies": [{"id": "tax", "name": "Example words", "description": "Words."}],
}
HSDS_1: dict[str, Table] = {
    "organizations": [{"id": "1", "name": "Example Org", "description": "Org.", "url": "http://example.org"}],
    "services": [{"id": "10", "organization_id": "1", "name": "Example pantry", "status": ""}],
    "locations": [{"id": "5", "name": "Example Shop", "latitude": "51.45", "longitude": "-2.58"}],
    "services_at_location": [{"id": "9", "service_id": "10", "location_id": "5"}],
    "physical_addresses": [
        {"id": "7", "location_id": "5", "address_1": "2 Example Street", "city": "Bristol"}
    ],
    "regular_schedules": [{"id": "3", "service_id": "10", "weekday": "Friday", "opens_at": "09:00"}],
    "services_taxonomy": [{"id": "2", "service_id": "10", "taxonomy_id": "bd"}],
    "taxonomy": [{"id": "bd", "name": "Food", "vocabulary": "AIRS"}],
    "eligibility": [{"id": "4", "service_id": "10", "minimum_age": "18"}],
}


def as_csv(table: Table, encoding: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, sorted({name for row in table for name in row}), restval="")
    writer.writeheader()
    writer.writerows(table)
    return text.getvalue().encode(encoding)


def package(tables: dict[str, Table], encoding: str = "utf-8", prefix: str = "") -> dict[str, bytes]:
    files = {f"{prefix}{name}.csv": as_csv(table, encoding) for name, table in tables.items()}
    resources = [{"name": name, "path": f"{name}.csv"} for name in tables]
    return files | {f"{prefix}datapackage.json": json.dumps({"resources": resources}).encode()}


def zipped(file: Path, members: dict[str, bytes], **more: Any) -> Path:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, **more) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return file


def read(file: Path) -> list[Any]:
    with opened(file) as found:
        return list(found)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("prefix", ["", "export/2026/"])
def test_a_package_of_hsds_3_is_put_together(tmp_path: Path, encoding: str, prefix: str) -> None:
    first, second, _ = read(zipped(tmp_path / "offer.zip", package(HSDS_3, encoding, prefix)))
    record = formats.read_service(first, formats.Names(FEED), "A council")
    assert record.name == "Café Cymraeg"
    assert [row["byday"] for row in record.rows["schedule"]] == ["MO", "FR"]
    assert [row["number"] for row in record.rows["phone"]] == ["0117 496 0001"]
    assert [row["postal_code"] for row in record.rows["address"]] == ["BS5 6LA"]
    assert [row["identifier"] for row in record.rows["organization_identifier"]] == ["123"]
    terms = {row["name"]: row for row in record.rows["taxonomy_term"]}
    assert terms["Cafés"]["parent_id"] == terms["Food"]["id"]
    assert record.rows["taxonomy"][0]["name"] == "Example words"
    assert second["service_at_locations"] == []


def test_a_package_of_hsds_1_is_put_together(tmp_path: Path) -> None:
    [document] = read(zipped(tmp_path / "offer.zip", package(HSDS_1)))
    record = formats.read_service(document, formats.Names(FEED), "A council")
    [service] = record.rows["service"]
    assert (service["status"], service["minimum_age"]) == ("active", 18)
    assert record.rows["schedule"][0]["byday"] == "FR"
    assert record.rows["taxonomy_term"][0]["name"] == "Food"
    assert record.rows["address"][0]["city"] == "Bristol"


def test_a_package_that_is_not_zipped_is_read_from_its_descriptor(tmp_path: Path) -> None:
    for name, body in package(HSDS_3).items():
        (tmp_path / name).write_bytes(body)
    assert [d["name"] for d in read(tmp_path / "datapackage.json")[:2]] == ["Café Cymraeg", "Example two"]


async def test_a_package_goes_in_and_what_is_bad_in_it_is_told(directory: Directory, tmp_path: Path) -> None:
    turn = each(directory.database, caller(), "test")
    with opened(zipped(tmp_path / "offer.zip", package(HSDS_3))) as found:
        report = await bring_documents(turn, "file:offer.zip", "A council", found)
    assert (report.counts.added, report.counts.failed) == (2, 1)
    shown = await directory.get(f"/services/{an_id('s1')}")
    assert shown["contacts"][0]["phones"][0]["number"] == "0117 496 0001"
    assert shown["organization"]["name"] == "Example Trust"


SERVICES = [a_service("file a"), a_service("file b", name="Sgrîn fach")]


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(SERVICES),
        json.dumps({"total_items": 2, "empty": False, "contents": SERVICES}),
        json.dumps({"contents": SERVICES, "total_items": 2}, indent=2),
        json.dumps({"totalElements": 2, "content": SERVICES}),
        "\n".join(json.dumps(service) for service in SERVICES),
        "\n\n".join(json.dumps(service) for service in SERVICES) + "\n",
        json.dumps({"id": "o", "name": "O", "services": SERVICES}),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("packed", ["", "gzip", "zip"])
def test_json_is_read_in_any_of_its_shapes_and_coats(
    tmp_path: Path, body: str, encoding: str, packed: str
) -> None:
    text = body.encode(encoding) if encoding != "cp1252" else body.replace("\\u00ee", "î").encode(encoding)
    file = tmp_path / "offer.json"
    if packed == "zip":
        zipped(file, {"offer.json": text, "__MACOSX/._offer.json": b"\0\0"})
    else:
        file.write_bytes(gzip.compress(text) if packed else text)
    assert [service["name"] for service in read(file)] == ["Example file a", "Sgrîn fach"]


@given(
    st.lists(st.dictionaries(st.text(), st.none() | st.integers() | st.text() | st.booleans()), max_size=8)
)
def test_a_list_streams_as_it_parses(said: list[dict[str, Any]]) -> None:
    listed = [{"id": str(n), **one, "services": None, "service": None} for n, one in enumerate(said)]
    text = json.dumps(listed, ensure_ascii=False, indent=1).encode(errors="replace")
    assert list(documents(as_text(io.BytesIO(text)))) == json.loads(text)


def test_a_bad_line_is_one_bad_record(tmp_path: Path) -> None:
    (tmp_path / "offer.ndjson").write_text(f"{json.dumps(SERVICES[0])}\n{{broken\n{json.dumps(SERVICES[1])}")
    first, broken, second = read(tmp_path / "offer.ndjson")
    assert (first["id"], broken, second["id"]) == (SERVICES[0]["id"], "{broken", SERVICES[1]["id"])


async def test_a_file_that_breaks_off_keeps_what_was_read_and_hides_nothing(directory: Directory) -> None:
    turn = each(directory.database, caller(), "test")
    whole = [a_service(f"broken {n}") for n in range(4)]
    await bring_documents(turn, "file:broken", "A council", whole)
    text = json.dumps([*whole[:1], a_service("broken new")])[:-1] + ", {"
    report = await bring_documents(
        turn, "file:broken", "A council", documents(as_text(io.BytesIO(text.encode())))
    )
    assert (report.complete, report.counts.added, report.counts.hidden) == (False, 1, 0)
    assert report.stopped == "After 2 records: The file stops being JSON."


UNSAFE: dict[str, dict[str, bytes]] = {
    "leads out of its folder": {"../../etc/services.csv": b"id,name\n"},
    "names a file outside": package(HSDS_3)
    | {"datapackage.json": b'{"resources": [{"name": "services", "path": "../../../etc/passwd"}]}'},
    "packed too well": {"services.csv": b"0" * 40_000_000},
    "more than 200 files": {f"{n}.csv": b"id\n" for n in range(201)},
    "neither tables": {"picture.png": b"\x89PNG"},
    "no table of services": {"phones.csv": b"id,number\n"},
}


@pytest.mark.parametrize("why", UNSAFE)
def test_a_zip_that_is_not_safe_or_not_ours_is_refused(tmp_path: Path, why: str) -> None:
    with pytest.raises(NotAFeed, match=why):
        read(zipped(tmp_path / "offer.zip", UNSAFE[why]))
    assert [file.name for file in tmp_path.iterdir()] == ["offer.zip"]


def test_a_zip_that_lies_about_its_size_is_stopped(tmp_path: Path) -> None:
    file = zipped(tmp_path / "offer.zip", {"offer.json": json.dumps(SERVICES).encode() * 2})
    body = bytearray(file.read_bytes())
    for mark, where in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = body.index(mark) + where
        body[at : at + 4] = (50).to_bytes(4, "little")
    file.write_bytes(body)
    with pytest.raises(NotAFeed):
        read(file)


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"id,name\n1,x\n", b"[", b'{"a": ', b"PK\x03\x04broken", b"\x1f\x8bx", b"nul"]
)
def test_what_is_no_offer_is_refused(tmp_path: Path, body: bytes) -> None:
    (tmp_path / "offer.json").write_bytes(body)
    with pytest.raises(NotAFeed):
        read(tmp_path / "offer.json")


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "long.json"
    line = json.dumps(a_service("long", description="long " * 400))
    with file.open("w") as out:
        out.write('{"total_items": 20000, "contents": [' + line)
        for _ in range(20_000):
            out.write("," + line)
        out.write("]}")
    assert file.stat().st_size > 40_000_000
    tracemalloc.start()
    with opened(file) as found:
        count = sum(1 for _ in found)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_001
    assert peak < 8_000_000


@pytest.mark.parametrize(
    ("html", "words"),
    [
        ("<p>One &amp; two.</p><p>Three<br/>four</p>", "One & two.\n\nThree\nfour"),
        ("<ul><li>Tea</li><li>Cake</li></ul>", "- Tea\n\n- Cake"),
        ("Hello<script>alert(1)</script> all", "Hello all"),
        ("5 < 6 and <b>bold", "5 < 6 and bold"),
    ],
)
def test_markup_becomes_the_words_it_stands_for(html: str, words: str) -> None:
    assert plain(html) == words
