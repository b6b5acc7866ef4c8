"""A name and a birthday as one key."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.referral.rules.names import key

BORN = date(2015, 2, 3)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Zoë", "O'Neil"), ("ZOE", "ONEIL")),
        (("Anna-Maria", "van der Berg"), ("anna maria", "Vanderberg")),
        (("Søren", "Weiß"), ("søren", "WEISS")),
        (("Ａｎｎ", "Ｌｅｅ"), ("Ann", "Lee")),  # noqa: RUF001  # full-width letters, as some systems send
    ],
)
def test_names_that_are_meant_alike_are_one_key(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert key(*one, BORN) == key(*other, BORN)


def test_another_birthday_or_another_order_is_another_key() -> None:
    assert key("Ann", "Lee", BORN) != key("Ann", "Lee", date(2015, 3, 2))
    assert key("Ann", "Lee", BORN) != key("Lee", "Ann", BORN)
    assert key("Annl", "ee", BORN) != key("Ann", "Lee", BORN)


@given(st.text(), st.text(), st.dates())
def test_case_and_spaces_never_matter(given_name: str, family_name: str, born: date) -> None:
    assert key(f" {given_name} ", family_name, born) == key(given_name, family_name, born)
    assert key(given_name.casefold(), family_name, born) == key(given_name, family_name, born)
