"""Reading an export of concerns: bad lines named by number, good ones kept, in CSV and in NDJSON."""

import json
import tracemalloc
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain, repeat
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.problem import PayloadTooLarge, Problem
from services.referral.formats import concern_export, ctf
from services.referral.formats.concern_export import (
    BadLine,
    ConcernExportNotValid,
    ConcernFormatNotKnown,
    ConcernLine,
)
from tests.services.referral.school_files import (
    COLUMNS,
    CSV,
    GOOD,
    NDJSON,
    NOW,
    ROW,
    SAMPLES,
    as_csv,
    as_ndjson,
)

Lines = list[ConcernLine | BadLine]


def read(content: bytes, kind: str) -> Lines:
    return list(concern_export.read(content, kind, NOW))


def both(*records: dict[str, Any]) -> list[Lines]:
    return [read(as_csv(*records), CSV), read(as_ndjson(*records), NDJSON)]


def the_fault(content: bytes, kind: str) -> tuple[int, str]:
    """The number and the pointer of the only bad line of a file whose other line is good."""
    lines = read(content, kind)
    [bad] = [line for line in lines if isinstance(line, BadLine)]
    assert len(lines) == 2
    assert len(bad.errors) == 1
    return bad.number, bad.errors[0]["pointer"]


def test_the_samples_hold_eleven_concerns_of_which_one_is_wrong_on_purpose() -> None:
    oakfield = read((SAMPLES / "oakfield-concerns.csv").read_bytes(), CSV)
    hilltop = read((SAMPLES / "hilltop-concerns.ndjson").read_bytes(), NDJSON)
    assert (len(oakfield), len(hilltop)) == (7, 4)
    bad = [line for line in chain(oakfield, hilltop) if isinstance(line, BadLine)]
    assert [(line.number, line.errors[0]["pointer"]) for line in bad] == [(8, "/upn")]


def test_the_samples_are_about_pupils_of_the_sample_schools() -> None:
    for school, export, kind in (
        ("oakfield", "oakfield-concerns.csv", CSV),
        ("hilltop", "hilltop-concerns.ndjson", NDJSON),
    ):
        pupils = {pupil.upn for pupil in ctf.read((SAMPLES / f"{school}.ctf.xml").read_bytes()).pupils}
        lines = read((SAMPLES / export).read_bytes(), kind)
        assert {line.upn for line in lines if isinstance(line, ConcernLine)} <= pupils


def test_every_field_is_read_alike_from_both_formats() -> None:
    full = GOOD | {
        "recorded_at": "2026-11-19T11:00:00+00:00",
        "category": "Low_Level",
        "narrative": 'Two\r\nlines, "quoted" — and an emoji 🧥',
        "words_of_the_child": "I'm cold.",
        "immediate_action": "Lent a coat",
        "reporter_role": "teaching assistant",
        "rag": "AMBER",
    }
    [[one], [other]] = both(full)
    assert isinstance(one, ConcernLine)
    assert isinstance(other, ConcernLine)
    assert (one.number, other.number) == (2, 1)
    assert (one.category, one.rag, one.narrative) == ("low_level", "amber", full["narrative"])
    assert all(getattr(one, name) == getattr(other, name) for name in COLUMNS)


def test_what_may_be_left_out_is_left_out() -> None:
    for [line] in both(GOOD | {"rag": ""}):
        assert isinstance(line, ConcernLine)
        assert {line.recorded_at, line.words_of_the_child, line.reporter_role, line.rag} == {None}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-19T10:40", "2026-11-19T10:40"),
        ("2026-07-01 10:40:05", "2026-07-01T09:40:05"),
        ("2026-07-01T10:40:00Z", "2026-07-01T10:40"),
        ("2026-07-01T10:40:00.123+01:00", "2026-07-01T09:40:00.123"),
        ("2026-10-25T01:30", "2026-10-25T00:30"),
    ],
)
def test_a_time_without_a_zone_is_londons(text: str, moment: str) -> None:
    for [line] in both(GOOD | {"occurred_at": text}):
        assert isinstance(line, ConcernLine)
        assert line.occurred_at == datetime.fromisoformat(moment + "+00:00")


def test_a_clock_a_little_fast_does_not_cost_a_concern() -> None:
    for [line] in both(GOOD | {"occurred_at": (NOW + timedelta(minutes=4)).isoformat()}):
        assert isinstance(line, ConcernLine)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("external_id", "x" * 101),
        ("upn", "A801200001001"),
        ("upn", "H80120000100"),
        ("occurred_at", "2026-11-23T10:00"),
        ("occurred_at", "2026-11-19"),
        ("occurred_at", "19/11/2026 10:40"),
        ("occurred_at", "2026-03-29T01:30"),
        ("occurred_at", "9999-12-31T23:59-14:00"),
        ("occurred_at", "0001-01-01T00:00+14:00"),
        ("recorded_at", "2027-01-01T00:00Z"),
        ("category", "gossip"),
        ("narrative", " \n"),
        ("narrative", "x" * 20_001),
        ("narrative", "a\x00b"),
        ("words_of_the_child", "half \ud83e"),
        ("reporter_role", "x" * 201),
        ("rag", "purple"),
    ],
)
def test_a_bad_field_costs_its_line_and_no_other(field: str, text: str) -> None:
    lines = GOOD | {field: text}, GOOD
    assert the_fault(as_csv(*lines), CSV) == (2, f"/{field}")
    assert the_fault(as_ndjson(*lines), NDJSON) == (1, f"/{field}")


def test_every_fault_of_a_line_is_named_at_once_without_repeating_it() -> None:
    for [line] in both({"external_id": "1", "upn": "zebra", "category": "zebra", "rag": "zebra"}):
        assert isinstance(line, BadLine)
        where = [error["pointer"] for error in line.errors]
        assert where == ["/upn", "/occurred_at", "/category", "/narrative", "/rag"]
        assert "zebra" not in str(line)


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "1e309",
        '{"a": NaN}',
        '{"upn": "1", "upn": "2"}',
        '{"a": {"b": 1, "b": 2}}',
        f'{{"a": {"9" * 5_000}}}',
        "[" * 100_000,
        '{"a":' * 50_000,
        f'{{"a": "{"x" * 600_000}"}}',
        '{"a": "tab\there"}',
    ],
)
def test_a_line_that_is_not_a_sound_object_costs_no_other(line: str) -> None:
    assert the_fault(line.encode() + b"\n\n" + as_ndjson(GOOD), NDJSON) == (1, "")


@pytest.mark.parametrize("value", ["1e309", "7", "true", "[]", "{}", '["text"]'])
def test_a_value_that_is_not_text_is_a_fault(value: str) -> None:
    line = json.dumps(GOOD | {"rag": 0}).replace('"rag": 0', f'"rag": {value}')
    assert the_fault(line.encode() + b"\n" + as_ndjson(GOOD), NDJSON) == (1, "/rag")


def test_an_unknown_name_is_a_fault_and_only_a_plain_one_is_repeated() -> None:
    for name, pointer in (("body_map", "/body_map"), ("Mina's \ud83e", "")):
        assert the_fault(as_ndjson(GOOD | {name: "x"}, GOOD), NDJSON) == (1, pointer)


def test_lines_end_as_they_like_and_a_byte_order_mark_is_dropped() -> None:
    for content in (
        as_csv(GOOD, GOOD, end="\n"),
        b"\xef\xbb\xbf" + as_csv(GOOD, GOOD),
        as_csv(GOOD, GOOD).rstrip(),
    ):
        assert [line.number for line in read(content, CSV)] == [2, 3]
    assert len(read(b"\xef\xbb\xbf" + as_ndjson(GOOD), NDJSON)) == 1


def test_blank_lines_and_empty_rows_are_passed_over_but_counted() -> None:
    header, row = as_csv(GOOD).splitlines(keepends=True)
    lines = read(header + b"\r\n" + b",,,,,,,,,\r\n" + row + b"\n\n" + row, CSV)
    assert [(type(line), line.number) for line in lines] == [(ConcernLine, 4), (ConcernLine, 7)]


def test_columns_come_in_any_order_and_optional_ones_may_be_missing() -> None:
    content = (",".join(reversed(GOOD)) + "\n" + ",".join(reversed(GOOD.values()))).encode()
    assert isinstance(read(content, CSV)[0], ConcernLine)


@pytest.mark.parametrize(
    "row",
    [
        ROW.replace(b",welfare", b""),
        ROW.replace(b",welfare", b",welfare,welfare"),
        ROW.replace(b"Came", b'"Came" in'),
        ROW.replace(b"Came", b"\rCame"),
        ROW.replace(b"Came in", b'"' + b"x\n" * 400_000 + b'"'),
        ROW.replace(b"Came in", b'"' + ROW * 10_000 + b'"'),
    ],
)
def test_a_row_that_is_not_csv_costs_no_other(row: bytes) -> None:
    assert the_fault(as_csv() + row + ROW, CSV) == (2, "")


def test_a_byte_that_is_not_utf_8_costs_one_line() -> None:
    assert the_fault(as_csv() + ROW.replace(b"Came", b"C\xe4me") + ROW, CSV) == (2, "/narrative")


def test_a_quotation_mark_inside_a_plain_field_is_only_a_quotation_mark() -> None:
    [line] = read(as_csv() + ROW.replace(b"a coat", b'a 5" nail'), CSV)
    assert isinstance(line, ConcernLine)
    assert line.narrative == 'Came in without a 5" nail.'


def test_a_quotation_mark_never_closed_says_that_nothing_after_it_was_read() -> None:
    first, second = read(as_csv() + ROW + ROW.replace(b"Came", b'"Came') + ROW * 3, CSV)
    assert isinstance(first, ConcernLine)
    assert isinstance(second, BadLine)
    assert (second.number, "nothing after it" in second.errors[0]["detail"]) == (3, True)


def test_a_record_quoted_inside_another_is_never_taken_for_one() -> None:
    smuggled = GOOD | {"narrative": "x" * 600_000 + "\r\n" + ROW.decode() * 3}
    assert [type(line) for line in read(as_csv(smuggled, GOOD), CSV)] == [BadLine, ConcernLine]


@pytest.mark.parametrize(
    ("header", "pointers"),
    [
        ("", ["/external_id", "/upn", "/occurred_at", "/category", "/narrative"]),
        ("external_id,upn,occurred_at,category,narrative,body_map", ["/body_map"]),
        ("external_id,upn,occurred_at,category,narrative,upn", [""]),
        ('"external_id', ["/external_id", "/upn", "/occurred_at", "/category", "/narrative"]),
    ],
)
def test_a_header_that_is_not_ours_is_refused(header: str, pointers: list[str]) -> None:
    with pytest.raises(ConcernExportNotValid) as refused:
        read(header.encode(), CSV)
    assert [error["pointer"] for error in refused.value.errors] == pointers


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/json", "text/csv; charset=latin-1", "\udcff"]
)
def test_another_content_type_is_refused_before_anything_is_read(kind: str) -> None:
    with pytest.raises(ConcernFormatNotKnown):
        concern_export.read(b"", kind)


def test_an_export_is_bounded_in_concerns() -> None:
    assert len(read(b"{\n" * 5_000, NDJSON)) == 5_000
    with pytest.raises(PayloadTooLarge):
        read(b"{\n" * 5_001, NDJSON)


def test_it_reads_a_stream_however_it_is_cut_in_flat_memory() -> None:
    def stream() -> Iterator[bytes]:
        whole = as_csv() + ROW * 50
        yield from (whole[at : at + 7] for at in range(0, len(whole), 7))
        yield from repeat(ROW * 100, 40)

    tracemalloc.start()
    count = sum(isinstance(line, ConcernLine) for line in concern_export.read(stream(), CSV, NOW))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (count, peak < 500_000) == (4_050, True)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")), max_size=4))
@settings(max_examples=60)
def test_any_narrative_comes_through_as_it_was_typed(narratives: list[str]) -> None:
    said = [text for text in narratives if text.strip()]
    for lines in both(*(GOOD | {"narrative": text} for text in said)):
        assert [line.narrative for line in lines if isinstance(line, ConcernLine)] == said


@given(st.binary(max_size=200))
@settings(max_examples=60)
def test_any_bytes_are_reported_and_nothing_breaks(junk: bytes) -> None:
    for content, kind in ((junk, CSV), (as_csv() + junk, CSV), (junk, NDJSON)):
        try:
            json.dumps([line.errors for line in read(content, kind) if isinstance(line, BadLine)]).encode()
        except Problem as problem:
            assert problem.status == 422  # noqa: PT017  # any other exception fails the test
