"""The readable copy: codes are words, and what was taken out is not guessed at."""

from typing import Any

import pytest

from gateway.rights import written
from gateway.rights.laid_out import numbered, sections, whose

AGENCIES = {
    "oakfield-primary": "Oakfield Primary School",
    "[redacted]": "[redacted] School",
    "x": "[redacted] School",
}


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("receiver", "oakfield-primary", "Oakfield Primary School"),
        ("receiver", "[redacted]", "[redacted]"),
        ("receiver", "x", "[redacted]"),
        ("status", "draft", "Draft"),
        ("status", "early_help", "Early help"),
        ("capacity", "pr_holder", "Somebody with parental responsibility"),
        ("category", "housing_tenancy", "Housing"),
        ("sex", "U", "Not known"),
        ("lead", True, "Yes"),
        ("started", "2026-11-22", "22 November 2026"),
        ("at", "2026-07-01T12:00:00+00:00", "1 July 2026, 13:00"),
        ("narrative", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
        ("narrative", "9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59-12:00"),
        ("narrative", "cold_and_wet", "cold_and_wet"),
        ("role", "keeps a record", "Keeps a record"),
        ("worries", [{"text": "There is damp.", "standing": "fact"}], "There is damp. (Standing: Fact)"),
        ("agencies", ["oakfield-primary"], "Oakfield Primary School"),
        ("children", ["[another person]", "Ash", "[another person]"], "Ash\n2 other people"),
        ("children", ["[another person]"], "1 other person"),
        ("source", "http://127.0.0.1:8000/feed", ""),
        ("source", "The council's own list", "The council's own list"),
        ("household", "56ee0f05-84aa-4d1f-ada3-b38e192fe538", ""),
    ],
)
def test_a_value_reads_as_words(field: str, value: Any, words: str) -> None:
    found = list(written.lines({field: value}, AGENCIES))
    assert [said for _, said in found] == ([words] if words else [])


@pytest.mark.parametrize(
    ("numbers", "words"),
    [([], ""), ([2], "Record 2"), ([4, 2, 3, 9], "Records 2 to 4, 9"), ([9, 8, 1], "Records 1, 8, 9")],
)
def test_records_are_named_as_people_read_them_out(numbers: list[int], words: str) -> None:
    assert numbered(numbers) == words


def record(part: str, content: Any, number: int = 1) -> dict[str, Any]:
    """A record of a copy, as it is released."""
    return {"number": number, "part": part, "redacted": False, "content": content}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"person": "p-1", "given_name": "Ash", "family_name": "Synthetic"}, "Ash Synthetic"),
        ({"person": "p-1", "given_name": "[redacted]", "family_name": "Synthetic"}, "the person asked about"),
        ({"person": "p-2", "given_name": "Robin", "family_name": "Synthetic"}, "the person asked about"),
        ("[erased]", "the person asked about"),
    ],
)
def test_a_copy_names_whose_records_it_is_where_a_record_that_is_released_does(said: Any, name: str) -> None:
    assert whose({"request": {"subject": "p-1"}, "records": [record("identities", said)]}) == name


def test_the_steps_of_a_kind_are_one_table_with_the_number_of_each_record() -> None:
    step = {"assessment": "a", "number": 2, "status": "in_progress", "note": "Seen at home.", "by": "x"}
    done = {"assessment": "a", "number": 3, "status": "done", "by": "oakfield-primary", "at": "2026-11-22"}
    moves = [record("assessment_moves", step, 7), record("assessment_moves", done, 8)]
    [section] = sections(moves, AGENCIES)
    assert section["records"] == []
    assert [(one["record"], one["step"], one["by"]) for one in section["steps"]] == [
        (7, "2", "[redacted]"),
        (8, "3", "Oakfield Primary School"),
    ]
    assert "Note: Seen at home." in section["steps"][0]["what"]


def test_what_was_erased_since_is_said_to_be() -> None:
    [section] = sections([record("goals", "[erased]")], AGENCIES)
    assert section["records"][0]["lines"] == [["Erased", "Since this copy was released."]]


@pytest.mark.parametrize(
    ("said", "whole"), [("Seen. " * 20, True), ("Seen. " * 900, False), ("\n" * 90, False)]
)
def test_what_is_longer_than_a_page_is_broken_over_pages(said: str, whole: bool) -> None:
    move = {"number": 2, "status": "returned", "feedback": f"{said}End."}
    [goals] = sections([record("goals", {"goal": f"{said}End."})], AGENCIES)
    [moves] = sections([record("moves", move)], AGENCIES)
    assert goals["records"][0]["long"] is not whole
    assert (len(moves["steps"]), len(moves["records"])) == ((1, 0) if whole else (0, 1))
