"""One Pupil element: who they are, where they live, who is rung, how often they were in school."""

from datetime import date
from functools import partial
from xml.etree.ElementTree import Element

from services.referral.formats.ctf.shape import Address, Attendance, BadPupil, Contact, Pupil
from services.referral.formats.record import NotReadable, Record, matching, one_of, words
from services.referral.rules import identifiers

NAME = words(100)
LINE = words(200)
PHONE = words(40)
SEX = one_of("M", "F", "U")
YEAR_GROUP = matching("E[12]|N[12]|R|X|M|[1-9]|1[0-4]", "R, or 1 to 14")
SCHOOL_YEAR = matching("[0-9]{4}", "2026")
SESSIONS = matching("[0-9]{1,4}", "a number of sessions")
# S, A and P ended with the reforms of 2014, but stay in histories.
SEN_PROVISION = one_of("N", "K", "E", "S", "A", "P")
OLDEST = 30  # special schools and sixth forms keep people until 25
SAID_YES = frozenset({"true", "1", "y", "yes", "t"})

# The codes of the common basic data set. Others pass as they are.
RELATIONSHIPS = {
    "CAR": "carer",
    "CHM": "childminder",
    "DOC": "doctor",
    "FAM": "other family member",
    "FOF": "foster father",
    "FOM": "foster mother",
    "HTC": "head teacher",
    "OTH": "other contact",
    "PAF": "father",
    "PAM": "mother",
    "REL": "other relative",
    "RLG": "religious or spiritual contact",
    "STF": "step father",
    "STM": "step mother",
    "SWR": "social worker",
    "TCH": "teacher",
}


def text_at(element: Element, path: str) -> str | None:
    """The text at a path below an element, its spaces tidied; None where there is none."""
    return " ".join((element.findtext(path) or "").split()) or None


def read_pupil(position: int, element: Element, today: date) -> Pupil | BadPupil:
    """The pupil at this position, or everything that is wrong with them."""
    record = Record(partial(text_at, element))
    pupil = Pupil(
        position=position,
        upn=record.need("UPN", identifiers.upn),
        given_name=record.need("Forename", NAME),
        family_name=record.need("Surname", NAME),
        middle_names=record.may("BasicDetails/MiddleNames", NAME),
        preferred_given_name=record.may("BasicDetails/PreferredForename", NAME),
        preferred_family_name=record.may("BasicDetails/PreferredSurname", NAME),
        date_of_birth=record.need("DOB", partial(_birth_date, today)),
        sex=record.may("Sex", SEX) or record.may("Gender", SEX),
        year_group=record.may("BasicDetails/NCyearActual", YEAR_GROUP),
        address=_address(record, element),
        sen_provision=_sen_provision(record, element, today),
        fsm=any(_in_force(one, "FSMendDate", today) for one in element.iterfind("FSMhistory/FSMinstance")),
        contacts=_contacts(record, element),
        attendance=_attendance(record, element),
    )
    return BadPupil(position, tuple(record.faults)) if record.faults else pupil


def _birth_date(today: date, text: str) -> date:
    try:
        born = date.fromisoformat(text)
    except ValueError:
        raise NotReadable("This is a date like 2017-05-31.") from None
    if born > today:
        raise NotReadable("This is in the future.")
    if today.year - born.year > OLDEST:
        raise NotReadable(f"Nobody at school is more than {OLDEST} years old.")
    return born


def _leaves(element: Element | None) -> dict[str, str]:
    """What an address says, whichever way it is nested (BS7666Address, AddressLines, or flat)."""
    if element is None:
        return {}
    parts = {part.tag: " ".join((part.text or "").split()) for part in element.iter()}
    return {tag: text for tag, text in parts.items() if text}


def _address(record: Record, pupil: Element) -> Address | None:
    have = _leaves(pupil.find("Address"))
    address = Record(have.get, "/Address", record.faults)
    lines = [address.may(f"AddressLine{number}", LINE) for number in range(1, 6)]
    if not any(lines):
        street = " ".join(filter(None, (address.may("PAON", LINE), address.may("Street", LINE))))
        lines = [address.may("SAON", LINE), street, address.may("Locality", LINE)]
        lines += [address.may(name, LINE) for name in ("Town", "PostTown", "AdministrativeArea")]
    lines.append(address.may("County", LINE))
    postcode = address.may("PostCode", identifiers.postcode)
    kept = tuple(dict.fromkeys(line for line in lines if line))
    return Address(kept, postcode) if kept or postcode else None


def _in_force(spell: Element, end: str, today: date) -> bool:
    """Whether something that was given for a time is given still."""
    until = text_at(spell, end)
    return until is None or until >= today.isoformat()


def _sen_provision(record: Record, pupil: Element, today: date) -> str | None:
    spells = [one for one in pupil.iterfind("SENhistory/SEN") if _in_force(one, "EndDate", today)]
    if not spells:
        return None
    latest = max(spells, key=lambda spell: text_at(spell, "StartDate") or "")
    return Record(partial(text_at, latest), "/SENhistory/SEN", record.faults).may(
        "SENprovision", SEN_PROVISION
    )


def _contacts(record: Record, pupil: Element) -> tuple[Contact, ...]:
    found = [_contact(record, pupil, one) for one in pupil.iterfind("Contacts/Contact")]
    return tuple(contact for _, contact in sorted(found, key=lambda one: one[0]) if contact.name)


def _contact(record: Record, pupil: Element, element: Element) -> tuple[int, Contact]:
    """A contact after the place the school gives them."""
    contact = Record(partial(text_at, element), "/Contacts/Contact", record.faults)
    order = text_at(element, "Order") or ""
    code = contact.may("Relationship", NAME)
    names = contact.may("Forename", NAME), contact.may("Surname", NAME)
    address = _leaves(element.find("Address"))
    as_pupil = address.pop("AddressAsPupil", "").casefold() in SAID_YES
    return int(order) if order.isdecimal() else len(pupil), Contact(
        name=" ".join(filter(None, names)),
        relationship=RELATIONSHIPS.get(code, code) if code else None,
        parental_responsibility=(text_at(element, "Responsibility") or "").casefold() in SAID_YES,
        phone=contact.may("Phones/Phone/PhoneNo", PHONE),
        lives_with_pupil=as_pupil or (bool(address) and address == _leaves(pupil.find("Address"))),
    )


def _attendance(record: Record, pupil: Element) -> Attendance | None:
    """The latest year in the file, all schools together: a move does not halve an absence."""
    years = [_year(record, one) for one in pupil.iterfind("Attendance/YearData")]
    if not years or record.faults:
        return None
    latest = max(years, key=lambda one: one.year).year
    same = [one for one in years if one.year == latest]
    return Attendance(
        latest,
        possible=sum(one.possible for one in same),
        attended=sum(one.attended for one in same),
        authorised=sum(one.authorised for one in same),
        unauthorised=sum(one.unauthorised for one in same),
    )


def _year(record: Record, element: Element) -> Attendance:
    data = Record(partial(text_at, element), "/Attendance/YearData", record.faults)
    before = len(data.faults)
    possible = int(data.need("SessionsPossible", SESSIONS) or 0)
    absent = [int(data.may(f"Sessions{kind}", SESSIONS) or 0) for kind in ("Authorised", "Unauthorised")]
    attended = data.may("SessionsAttended", SESSIONS)
    year = Attendance(
        data.need("Year", SCHOOL_YEAR),
        possible,
        int(attended) if attended else possible - sum(absent),
        *absent,
    )
    if len(data.faults) == before and not 0 <= year.attended <= possible - sum(absent):
        data.fault("SessionsPossible", "There are more sessions attended and missed than possible.")
    return year
