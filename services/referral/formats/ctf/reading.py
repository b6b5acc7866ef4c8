"""The file itself: safe, bounded, one pupil at a time, so that memory stays flat.

A document type is refused outright: a Common Transfer File has none, and every entity trick
needs one.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError
from zoneinfo import ZoneInfo

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from hub.problem import PayloadTooLarge, Problem
from services.referral.formats.ctf.pupil import read_pupil, text_at
from services.referral.formats.ctf.shape import BadPupil, Pupil, PupilFile, School
from services.referral.formats.ctf.siblings import siblings
from services.referral.formats.record import NotReadable, Record, matching, words

LIMIT = 16 * 1024 * 1024
VERSIONS = range(17, 27)
VERSION = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3})?")
MOST = 5_000
DEEPEST = 16
LARGEST_PUPIL = 20_000  # elements; ten years of assessments come to about 5,000
LONDON = ZoneInfo("Europe/London")


class PupilFileNotSafe(Problem):
    """The file has a document type or entities, which a pupil file never needs."""

    status = 422


class PupilFileNotValid(Problem):
    """The file is not a Common Transfer File that we can read."""

    status = 422


def read(content: bytes, today: date | None = None) -> PupilFile:
    """The pupils of a Common Transfer File; a bad pupil is reported and the good ones kept.

    Raises PayloadTooLarge, PupilFileNotSafe or PupilFileNotValid. `today` is London's if left out.
    """
    if len(content) > LIMIT:
        raise PayloadTooLarge(f"A pupil file is at most {LIMIT // 1024 // 1024} MB.")
    today = today or datetime.now(LONDON).date()
    version, source = "", None
    found: list[Pupil | BadPupil] = []
    for element in _parts(content):
        if element.tag == "Header":
            version, source = _header(element)
        elif source is None:
            raise PupilFileNotValid("The Header must come before the pupils.")
        else:
            found.append(read_pupil(len(found) + 1, element, today))
        if len(found) > MOST:
            raise PayloadTooLarge(f"A pupil file has at most {MOST:,} pupils.")
    if source is None:
        raise PupilFileNotValid("There is no Header.")
    return _together(version, source, found)


def _together(version: str, source: School, found: list[Pupil | BadPupil]) -> PupilFile:
    """The file as a whole: no UPN twice, and who is whose sibling."""
    good: dict[str, Pupil] = {}
    bad: list[BadPupil] = []
    for one in found:
        if isinstance(one, BadPupil):
            bad.append(one)
        elif one.upn in good:
            detail = f"Pupil {good[one.upn].position} of this file has the same UPN."
            bad.append(BadPupil(one.position, ({"pointer": "/UPN", "detail": detail},)))
        else:
            good[one.upn] = one
    related = siblings(good.values())
    pupils = tuple(replace(pupil, siblings=related[pupil.position]) for pupil in good.values())
    return PupilFile(version, source, pupils, tuple(bad))


def _header(header: Element) -> tuple[str, School]:
    record = Record(partial(text_at, header), "/Header")
    version = record.need("CTFversion", _known_version)
    source = School(
        lea=record.need("SourceSchool/LEA", matching("[0-9]{3}", "801")),
        estab=record.need("SourceSchool/Estab", matching("[0-9]{4}", "2001")),
        urn=record.may("SourceSchool/URN", matching("[0-9]{6}", "six digits")),
        name=record.may("SourceSchool/SchoolName", words(200)),
    )
    if record.faults:
        raise PupilFileNotValid("Its Header is not as it should be.", errors=record.faults)
    return version, source


def _known_version(text: str) -> str:
    if not VERSION.fullmatch(text) or int(text.partition(".")[0]) not in VERSIONS:
        raise NotReadable(f"We read versions {VERSIONS[0]} to {VERSIONS[-1]}.")
    return text


def _parts(content: bytes) -> Iterator[Element]:
    """The Header and every Pupil, whole; everything else is thrown away as soon as it ends."""
    try:
        yield from _wanted(content)
    except DefusedXmlException as reason:
        raise PupilFileNotSafe from reason
    except ParseError as reason:
        line, column = reason.position
        raise PupilFileNotValid(f"It stops being XML at line {line}, column {column}.") from reason
    except (LookupError, ValueError) as reason:
        raise PupilFileNotValid("We read XML in UTF-8 or UTF-16.") from reason


def _wanted(content: bytes) -> Iterator[Element]:
    path: list[Element] = []
    size = 0
    for event, element in iterparse(BytesIO(content), ("start", "end"), forbid_dtd=True):
        if event == "start":
            element.tag = element.tag.rpartition("}")[2]  # some suppliers write a namespace
            path.append(element)
            size += 1
            _check_bounds(path, size)
            continue
        path.pop()
        tags = [above.tag for above in path]
        if (element.tag, tags) in (("Header", ["CTfile"]), ("Pupil", ["CTfile", "CTFpupilData"])):
            yield element
        if tags in (["CTfile"], ["CTfile", "CTFpupilData"]):
            path[-1].remove(element)
            size = 0


def _check_bounds(path: list[Element], size: int) -> None:
    if path[0].tag != "CTfile":
        raise PupilFileNotValid("The root element is CTfile.")
    if len(path) > DEEPEST or size > LARGEST_PUPIL:
        raise PupilFileNotValid("It is nested deeper, or one pupil is larger, than any school's.")
