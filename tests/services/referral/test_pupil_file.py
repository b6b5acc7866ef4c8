"""Reading a Common Transfer File: good pupils kept, bad ones named by position, nothing dangerous read."""

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.problem import PayloadTooLarge, Problem
from services.referral.formats import ctf
from services.referral.formats.ctf import PupilFile, PupilFileNotSafe, PupilFileNotValid
from tests.services.referral.school_files import HEADER, SAMPLES, TODAY, a_file, a_pupil


def read(*pupils: str) -> PupilFile:
    return ctf.read(a_file(*pupils), TODAY)


def test_the_samples_tell_of_five_families_and_an_older_brother() -> None:
    oakfield = ctf.read((SAMPLES / "oakfield.ctf.xml").read_bytes(), TODAY)
    hilltop = ctf.read((SAMPLES / "hilltop.ctf.xml").read_bytes(), TODAY)
    assert (len(oakfield.pupils), oakfield.bad, len(hilltop.pupils), hilltop.bad) == (8, (), 4, ())
    assert len({frozenset((pupil.position, *pupil.siblings)) for pupil in oakfield.pupils}) == 5
    rates = {p.given_name: p.attendance.attended for p in oakfield.pupils[:3] if p.attendance}
    assert rates == {"Mina": 63, "Neha": 91, "Arun": 88}
    dev = hilltop.pupils[0]
    assert (dev.given_name, dev.address) == ("Dev", oakfield.pupils[0].address)
    assert dev.contacts == oakfield.pupils[0].contacts


def test_the_school_is_known_by_authority_establishment_and_urn() -> None:
    source = read().source
    assert (source.lea, source.estab, source.urn, source.name) == ("801", "9901", "999901", "Oakfield")


@pytest.mark.parametrize("version", ["17.0", "19", "26.1"])
def test_versions_17_to_26_are_read(version: str) -> None:
    found = ctf.read(a_file(header=HEADER.replace("25.0", version)), TODAY)
    assert found.version == version


@pytest.mark.parametrize("version", ["16.0", "27.0", "", "new", "25.0.0.0", "\u0662\u0665"])
def test_other_versions_are_refused_by_name_of_the_field(version: str) -> None:
    with pytest.raises(PupilFileNotValid) as refused:
        ctf.read(a_file(header=HEADER.replace("25.0", version)), TODAY)
    assert refused.value.errors[0]["pointer"] == "/Header/CTFversion"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_utf_8_and_utf_16_are_read(encoding: str) -> None:
    text = a_file(a_pupil(Surname="Ó Sámpla")).decode()
    found = ctf.read(
        f'<?xml version="1.0" encoding="{encoding[:6].rstrip("-")}"?>{text}'.encode(encoding), TODAY
    )
    assert found.pupils[0].family_name == "Ó Sámpla"


def test_a_namespace_and_unknown_elements_are_passed_over() -> None:
    text = a_file(a_pupil(more="<Extra><New>thing</New></Extra>")).replace(
        b"<CTfile>", b'<CTfile xmlns="urn:x">'
    )
    assert ctf.read(text.replace(b"</Header>", b"</Header><Odd/>"), TODAY).pupils[0].given_name == "Mina"


ENTITY = '<!DOCTYPE CTfile [<!ENTITY a "lol">]>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
PARAMETER = '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]>'
OUTSIDE = '<!DOCTYPE CTfile SYSTEM "http://127.0.0.1/ctf.dtd">'


@pytest.mark.parametrize("trick", [ENTITY, LAUGHS, EXTERNAL, PARAMETER, OUTSIDE, "<!DOCTYPE CTfile>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entity_tricks_are_refused(trick: str, encoding: str) -> None:
    text = a_file(a_pupil(Surname="&a;"), before=trick).decode()
    with pytest.raises(PupilFileNotSafe):
        ctf.read(text.encode(encoding), TODAY)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not xml",
        b"<CTfile>",
        b"<html/>",
        b"<CTfile/>",
        b"\x00\x00",
        b"\xff\xfe",
        a_file(a_pupil(Surname="&undefined;")),
        a_file(a_pupil(Surname="a\x00b")),
        a_file(a_pupil(Surname="a\x08b")),
        a_file(before='<?xml version="1.0" encoding="made-up"?>'),
        a_file(before='<?xml version="1.0" encoding="shift-jis"?>'),
        a_file(a_pupil()).replace(b"Mina", b"\xff\xfe"),
        a_file(header=""),
        b"<CTfile><CTFpupilData>" + a_pupil().encode() + b"</CTFpupilData>" + HEADER.encode() + b"</CTfile>",
        a_file("<Pupil>" + "<a>" * 50 + "</a>" * 50 + "</Pupil>"),
        a_file("<Pupil>" + "<a/>" * 30_000 + "</Pupil>"),
        a_file(header=HEADER.replace("801", "Bristol")),
    ],
)
def test_what_is_no_pupil_file_is_refused(content: bytes) -> None:
    with pytest.raises(PupilFileNotValid):
        ctf.read(content, TODAY)


def test_a_file_is_bounded_in_bytes_and_in_pupils() -> None:
    with pytest.raises(PayloadTooLarge):
        ctf.read(b" " * (16 * 1024 * 1024 + 1), TODAY)
    with pytest.raises(PayloadTooLarge):
        ctf.read(a_file("<Pupil/>" * 5_001), TODAY)


def test_bad_pupils_are_named_by_position_and_good_ones_kept() -> None:
    found = read(
        a_pupil(1),
        a_pupil(2, UPN="A801990100002"),
        a_pupil(3, DOB="2027-01-01"),
        a_pupil(4, Surname=" ", Forename=""),
        a_pupil(5),
    )
    assert [pupil.position for pupil in found.pupils] == [1, 5]
    where = [(bad.position, [error["pointer"] for error in bad.errors]) for bad in found.bad]
    assert where == [(2, ["/UPN"]), (3, ["/DOB"]), (4, ["/Forename", "/Surname"])]


def test_the_same_upn_twice_is_one_pupil_and_one_fault() -> None:
    found = read(a_pupil(1), a_pupil(2), a_pupil(1, Forename="Neha"))
    assert [pupil.position for pupil in found.pupils] == [1, 2]
    assert (found.bad[0].position, found.bad[0].errors[0]["pointer"]) == (3, "/UPN")
    assert "Pupil 1 " in found.bad[0].errors[0]["detail"]


def test_memory_does_not_grow_with_the_school() -> None:
    peaks: list[int] = []
    for size in (20, 120):
        content = a_file(*(a_pupil(number, "<Junk>x</Junk>" * 200, UPN="wrong") for number in range(size)))
        tracemalloc.start()
        ctf.read(content, TODAY)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 1_000_000


@given(st.binary(max_size=300))
@settings(max_examples=60)
def test_any_bytes_are_read_or_refused_and_nothing_breaks(junk: bytes) -> None:
    for content in (junk, a_file(a_pupil()).replace(b"Mina", junk)):
        try:
            ctf.read(content, TODAY)
        except Problem as problem:
            assert problem.status in (413, 422)  # noqa: PT017  # any other exception fails the test
