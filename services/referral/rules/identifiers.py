"""Identifiers of a child and a home: taken as people write them, kept in one form, or refused.

A UPN or an NHS number never stands in a URL, a log or the detail of a problem.
"""

import re
from itertools import chain
from typing import NewType

from hub.problem import Problem

Upn = NewType("Upn", str)
NhsNumber = NewType("NhsNumber", str)
Postcode = NewType("Postcode", str)

ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ"
UPN = re.compile(rf"[{ALPHABET}][0-9]{{11}}[0-9{ALPHABET}]")
NHS_NUMBER = re.compile(r"[0-9]{10}")
POSTCODE = re.compile(
    r"GIR0AA|[A-PR-UWYZ]([0-9]{1,2}|[A-HK-Y][0-9]([0-9ABEHMNPRV-Y])?|[0-9][A-HJKPS-UW])"
    r"[0-9][ABD-HJLNP-UW-Z]{2}"
)

# 9876543210 passes modulus 11 too, and is what people type to get past a form.
NEVER_ISSUED = frozenset({"9876543210", *(digit * 10 for digit in "0123456789")})

# Local authorities that have issued UPNs, with the pseudo-authorities 001 to 005 (CIN rule 1530).
AUTHORITIES = frozenset(
    chain(
        range(1, 6), range(201, 214), range(301, 321), range(330, 337), range(340, 345),
        range(350, 360), range(370, 374), range(380, 385), range(390, 395), (420,),
        range(660, 682), range(701, 709), range(800, 804), range(805, 809), range(810, 814),
        (815, 816), range(820, 824), (825, 826, 830, 831), range(835, 842), (845, 846),
        range(850, 853), range(855, 858), (860, 861), range(865, 897), (908, 909, 916, 919, 921),
        (925, 926, 928, 929, 931, 933), range(935, 939), range(940, 944),
    )
)  # fmt: skip


class UpnNotValid(Problem):
    """A Unique Pupil Number does not look like this."""

    status = 422


class UpnCheckLetterWrong(Problem):
    """The check letter of this Unique Pupil Number does not match its digits."""

    status = 422


class NhsNumberNotValid(Problem):
    """An NHS number does not look like this."""

    status = 422


class PostcodeNotValid(Problem):
    """A United Kingdom postcode does not look like this."""

    status = 422


def upn(text: str) -> Upn:
    """A Unique Pupil Number, permanent or temporary, in capitals without spaces.

    Raises UpnNotValid or UpnCheckLetterWrong (DfE UPN guide: check letter, authority,
    establishment, year and serial number; a letter at the end makes it temporary).
    """
    found = _compact(text)
    if not UPN.fullmatch(found):
        raise UpnNotValid("A UPN is a check letter, eleven digits, and a digit or letter.")
    if check_letter(found[1:]) != found[0]:
        raise UpnCheckLetterWrong
    return Upn(found)


def check_letter(rest: str) -> str:
    """The first letter that belongs before the other twelve characters of a UPN."""
    values = (int(c) if c.isdigit() else ALPHABET.index(c) for c in rest)
    return ALPHABET[sum(weight * value for weight, value in enumerate(values, 2)) % 23]


def is_temporary(number: Upn) -> bool:
    """Whether a school gave this UPN while it looked for the child's own."""
    return number[-1].isalpha()


def authority_warning(number: Upn) -> str | None:
    """A doubt about the issuing authority, or None. Never a refusal: new authorities appear."""
    code = number[1:4]
    return None if int(code) in AUTHORITIES else f"No local authority {code} is known to have issued UPNs."


def nhs_number(text: str) -> NhsNumber:
    """An NHS number as ten digits (NHS Data Dictionary: modulus 11). Raises NhsNumberNotValid."""
    found = _compact(text)
    if not NHS_NUMBER.fullmatch(found) or found in NEVER_ISSUED:
        raise NhsNumberNotValid("An NHS number is ten digits, and not a made-up row of them.")
    # Weights 10 to 1: the last digit brings the sum to a multiple of 11, and 10 is no digit.
    if sum(weight * int(digit) for weight, digit in zip(range(10, 0, -1), found, strict=True)) % 11:
        raise NhsNumberNotValid("The last digit of this NHS number does not match the others.")
    return NhsNumber(found)


def postcode(text: str) -> Postcode:
    """A postcode in capitals with its one space (BS7666 shape). Raises PostcodeNotValid.

    Says nothing of whether the postcode exists.
    """
    found = _compact(text)
    if not POSTCODE.fullmatch(found):
        raise PostcodeNotValid("A postcode looks like BS5 0AA.")
    return Postcode(f"{found[:-3]} {found[-3:]}")


def _compact(text: str) -> str:
    """In capitals, without any kind of space."""
    found = "".join(text.split())
    # Upper-casing can turn what is not ASCII into what is: a dotless i becomes a capital I.
    return found.upper() if found.isascii() else found
