"""The readable copy: codes are words, and what was taken out is not guessed at."""

from typing import Any

import pytest

from gateway.rights import readable

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
        ("role", "keeps a record", "keeps a record"),
        ("worries", [{"text": "There is damp.", "standing": "fact"}], "There is damp. (Standing: Fact)"),
        ("household", "56ee0f05-84aa-4d1f-ada3-b38e192fe538", ""),
    ],
)
def test_a_value_reads_as_words(field: str, value: Any, words: str) -> None:
    lines = list(readable._lines({field: value}, AGENCIES))  # pyright: ignore[reportPrivateUsage]
    assert [said for _, said in lines] == ([words] if words else [])


@pytest.mark.parametrize(
    ("numbers", "words"), [([], ""), ([2], "Record 2"), ([4, 2, 3, 9], "Records 2 to 4, 9")]
)
def test_records_are_named_as_people_read_them_out(numbers: list[int], words: str) -> None:
    assert readable._records(numbers) == words  # pyright: ignore[reportPrivateUsage]
