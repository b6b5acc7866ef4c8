"""Which words a misspelt one was meant to be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.directory.rules.spelling import forgiven, meant, slips
from services.directory.rules.wording import meaning, plain

words = st.text("abcdefgh", min_size=1, max_size=9)


@given(words, words)
def test_slips_are_a_distance(one: str, other: str) -> None:
    assert slips(one, other) == slips(other, one) <= max(len(one), len(other))
    assert (slips(one, other) == 0) == (one == other)


@given(words, st.integers(0, 8))
def test_one_letter_left_out_is_one_slip(word: str, at: int) -> None:
    at %= len(word)
    assert slips(word, word[:at] + word[at + 1 :]) == 1


@pytest.mark.parametrize(
    ("said", "slip"), [("autsim", 1), ("autizm", 1), ("autsm", 1), ("autism", 0), ("artisan", 3)]
)
def test_letters_that_changed_places_are_one_slip(said: str, slip: int) -> None:
    assert slips(said, "autism") == slip


def test_the_nearest_is_meant_and_of_those_the_commonest() -> None:
    known = [("housing", 3), ("mousing", 9), ("hosing", 1), ("dancing", 50)]
    assert meant("houzing", known) == ["housing"]
    assert meant("xousing", known) == ["mousing", "housing"]


def test_short_words_are_not_guessed_at() -> None:
    assert forgiven("tai") == 0
    assert meant("tai", [("tad", 5)]) == []


@given(st.text(max_size=200))
def test_nothing_said_breaks_the_reading(said: str) -> None:
    meant = meaning(said)
    assert meant.words is None or all(all(unit) for unit in meant.words)


@pytest.mark.parametrize(
    ("said", "units"),
    [
        ("Food Banks", ["food bank", "foodbank"]),
        ("my son is autistic", ["autism", "autistic"]),
        ("parenting classes", ["parenting course"]),
        ("SEND", ["special educational needs"]),
    ],
)
def test_a_phrase_brings_what_else_it_is_called(said: str, units: list[str]) -> None:
    asked = meaning(said).words
    assert asked is not None
    everything = {plain(word) for unit in asked for word in unit}
    assert set(units) <= everything
