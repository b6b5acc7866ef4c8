"""The readable copy: codes are words, and what was taken out is not guessed at."""

import pytest

from gateway.rights import readable

AGENCIES = {
    "oakfield-primary": "Oakfield Primary School",
    "[redacted]": "[redacted] School",
    "x": "[redacted] School",
}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("oakfield-primary", "Oakfield Primary School"),
        ("[redacted]", "[redacted]"),
        ("x", "[redacted]"),
        ("early_help", "Early help"),
        ("pr_holder", "somebody with parental responsibility"),
        ("no_contact_order", "No contact order"),
        ("2026-11-22", "22 November 2026"),
    ],
)
def test_a_value_reads_as_words(value: str, words: str) -> None:
    assert list(readable._lines({"reason": value}, AGENCIES)) == [["Reason", words]]  # pyright: ignore[reportPrivateUsage]
