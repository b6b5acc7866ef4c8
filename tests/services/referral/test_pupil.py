"""One pupil of a Common Transfer File: what is read, what is a fault, who belongs together."""

import pytest

from services.referral.formats import ctf
from services.referral.formats.ctf import Address, Attendance, Pupil, PupilFile
from tests.services.referral.school_files import TODAY, a_file, a_pupil


def read(*pupils: str) -> PupilFile:
    return ctf.read(a_file(*pupils), TODAY)


def the_pupil(more: str = "", **changed: str) -> Pupil:
    found = read(a_pupil(1, more, **changed))
    assert found.bad == ()
    return found.pupils[0]


def the_faults(more: str = "", **changed: str) -> list[str]:
    """Where the one pupil of a file is wrong, and that nothing it said is repeated."""
    found = read(a_pupil(1, more, **changed))
    assert [bad.position for bad in found.bad] == [1]
    assert "wrong" not in "".join(error["detail"] for error in found.bad[0].errors).split()
    return [error["pointer"] for error in found.bad[0].errors]


def test_every_fault_of_a_pupil_is_named_at_once() -> None:
    address = "<Address><PostCode>wrong</PostCode></Address>"
    year = "<BasicDetails><NCyearActual>15</NCyearActual></BasicDetails>"
    expected = ["/UPN", "/DOB", "/Sex", "/BasicDetails/NCyearActual", "/Address/PostCode"]
    assert the_faults(address + year, UPN="wrong", DOB="wrong", Sex="wrong") == expected


@pytest.mark.parametrize("born", ["2026-11-23", "1990-01-01", "14/03/2017", "2017-02-30", "", "20170314T00"])
def test_an_impossible_date_of_birth_is_a_fault(born: str) -> None:
    assert the_faults(DOB=born) == ["/DOB"]


def test_a_child_born_today_is_no_fault() -> None:
    assert the_pupil(DOB="2026-11-22").date_of_birth == TODAY


def test_sex_is_read_from_either_generation_of_the_format() -> None:
    assert (the_pupil(Sex="F").sex, the_pupil(Gender="m").sex, the_pupil().sex) == ("F", "M", None)


def test_names_keep_what_a_child_is_called() -> None:
    more = (
        "<BasicDetails><MiddleNames>Anne  Marie</MiddleNames><PreferredForename>Mini</PreferredForename>"
        "<PreferredSurname>Example</PreferredSurname></BasicDetails>"
    )
    found = the_pupil(more, Forename=" Mina\n", Surname="O'Sample-Éxample")
    assert (found.given_name, found.family_name, found.middle_names) == (
        "Mina",
        "O'Sample-Éxample",
        "Anne Marie",
    )
    assert (found.preferred_given_name, found.preferred_family_name) == ("Mini", "Example")


@pytest.mark.parametrize(
    "inside",
    [
        "<BS7666Address><PAON>12</PAON><Street>Sample Street</Street><Town>Bristol</Town></BS7666Address>",
        "<PAON>12</PAON><Street>Sample Street</Street><Town>Bristol</Town><PostTown>Bristol</PostTown>",
        "<AddressLine1>12 Sample Street</AddressLine1><AddressLine3>Bristol</AddressLine3>",
    ],
)
def test_an_address_is_read_whichever_way_it_is_nested(inside: str) -> None:
    found = the_pupil(f"<Address>{inside}<PostCode>bs56la</PostCode></Address>").address
    assert found == Address(("12 Sample Street", "Bristol"), "BS5 6LA")  # pyright: ignore[reportArgumentType]


def test_a_family_without_a_postcode_is_kept() -> None:
    found = the_pupil("<Address><AddressLine1>Sample Hostel</AddressLine1></Address>").address
    assert found == Address(("Sample Hostel",), None)
    assert the_pupil("<Address/>").address is None


def test_special_educational_needs_are_the_latest_still_in_force() -> None:
    spells = (
        "<SENhistory><SEN><StartDate>2020-01-01</StartDate><SENprovision>K</SENprovision></SEN>"
        "<SEN><StartDate>2024-01-01</StartDate><SENprovision>E</SENprovision></SEN>"
        "<SEN><StartDate>2025-01-01</StartDate><EndDate>2025-09-01</EndDate><SENprovision>N</SENprovision></SEN>"
        "</SENhistory>"
    )
    assert the_pupil(spells).sen_provision == "E"
    assert the_faults(spells.replace(">E<", ">wrong<")) == ["/SENhistory/SEN/SENprovision"]


@pytest.mark.parametrize(("end", "now"), [("", True), ("2026-11-22", True), ("2026-11-21", False)])
def test_free_school_meals_are_those_that_have_not_ended(end: str, *, now: bool) -> None:
    spell = f"<FSMstartDate>2020-01-01</FSMstartDate><FSMendDate>{end}</FSMendDate>"
    assert the_pupil(f"<FSMhistory><FSMinstance>{spell}</FSMinstance></FSMhistory>").fsm is now


def a_contact(name: str, *, order: int = 1, more: str = "", responsible: str = "true") -> str:
    return (
        f"<Contact><Order>{order}</Order><Surname>Sample</Surname><Forename>{name}</Forename>"
        f"<Relationship>PAM</Relationship><Responsibility>{responsible}</Responsibility>{more}</Contact>"
    )


HOME = "<Address><PAON>12</PAON><Street>Sample Street</Street><PostCode>BS5 6LA</PostCode></Address>"
WITH_PUPIL = "<Address><AddressAsPupil>true</AddressAsPupil></Address>"
PHONE = "<Phones><Phone><PhoneNo>07700 900101</PhoneNo></Phone></Phones>"


def test_contacts_come_in_the_order_the_school_would_ring_them() -> None:
    second, first = (
        a_contact("Ravi", order=2, responsible="0"),
        a_contact("Asha", order=1, more=PHONE + WITH_PUPIL),
    )
    asha, ravi = the_pupil(f"<Contacts>{second}{first}</Contacts>").contacts
    assert (asha.name, asha.relationship, asha.phone) == ("Asha Sample", "mother", "07700 900101")
    assert (asha.parental_responsibility, asha.lives_with_pupil) == (True, True)
    assert (ravi.parental_responsibility, ravi.lives_with_pupil) == (False, False)


def test_a_contact_who_gives_the_pupils_own_address_lives_with_them() -> None:
    found = the_pupil(f"{HOME}<Contacts>{a_contact('Asha', more=HOME)}</Contacts>")
    assert found.contacts[0].lives_with_pupil


def siblings(*pupils: str) -> list[tuple[int, ...]]:
    return [pupil.siblings for pupil in read(*pupils).pupils]


def test_pupils_with_one_home_and_one_parent_are_siblings_and_so_are_theirs() -> None:
    living, on_the_phone, both = (
        f"{HOME}<Contacts>{a_contact('Asha', more=more)}</Contacts>"
        for more in (WITH_PUPIL, PHONE, PHONE + WITH_PUPIL)
    )
    pupils = a_pupil(1, living), a_pupil(2, on_the_phone), a_pupil(3, both)
    assert siblings(*pupils[:2]) == [(), ()]
    assert siblings(*pupils) == [(2, 3), (1, 3), (1, 2)]


def test_a_parent_alone_makes_no_siblings() -> None:
    asha = f"<Contacts>{a_contact('Asha', more=PHONE)}</Contacts>"
    assert siblings(a_pupil(1, HOME + asha), a_pupil(2, HOME.replace("12", "13") + asha)) == [(), ()]


def test_an_address_alone_makes_no_siblings() -> None:
    one, other = (
        f"{HOME}<Contacts>{a_contact(name, more=WITH_PUPIL)}</Contacts>" for name in ("Asha", "Bina")
    )
    assert siblings(a_pupil(1, one), a_pupil(2, other)) == [(), ()]


def test_a_contact_without_parental_responsibility_makes_no_siblings() -> None:
    driver = f"<Contacts>{a_contact('Sam', more=PHONE, responsible='false')}</Contacts>"
    assert siblings(a_pupil(1, driver), a_pupil(2, driver)) == [(), ()]


def test_a_placeholder_parent_of_half_the_school_makes_no_siblings() -> None:
    unknown = f"<Contacts>{a_contact('Unknown', more=PHONE)}</Contacts>"
    assert set(siblings(*(a_pupil(number, unknown) for number in range(16)))) == {()}


def a_year(year: str, possible: str, authorised: str, unauthorised: str, attended: str = "") -> str:
    return (
        f"<YearData><Year>{year}</Year><SessionsPossible>{possible}</SessionsPossible>"
        f"<SessionsAuthorised>{authorised}</SessionsAuthorised><SessionsAttended>{attended}</SessionsAttended>"
        f"<SessionsUnauthorised>{unauthorised}</SessionsUnauthorised></YearData>"
    )


def test_attendance_is_the_latest_year_at_every_school() -> None:
    years = (
        a_year("2025", "380", "0", "0")
        + a_year("2026", "60", "5", "1", "54")
        + a_year("2026", "40", "1", "3")
    )
    assert the_pupil(f"<Attendance>{years}</Attendance>").attendance == Attendance("2026", 100, 90, 6, 4)


@pytest.mark.parametrize(
    "year",
    [
        a_year("2026", "100", "60", "60"),
        a_year("2026", "100", "10", "10", "81"),
        a_year("2026", "-1", "0", "0"),
        a_year("2026", "1e309", "0", "0"),
        a_year("", "100", "0", "0"),
    ],
)
def test_sessions_that_do_not_add_up_are_a_fault(year: str) -> None:
    assert the_faults(f"<Attendance>{year}</Attendance>")[0].startswith("/Attendance/YearData/")
