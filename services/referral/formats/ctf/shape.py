"""What a Common Transfer File tells us, without its XML."""

from dataclasses import dataclass
from datetime import date

from services.referral.rules.identifiers import Postcode, Upn
from services.referral.schemas.files import FieldFault


@dataclass(frozen=True, slots=True)
class School:
    """The school that wrote the file: its authority (LEA), establishment number, URN and name."""

    lea: str
    estab: str
    urn: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Address:
    """Where somebody lives. Not every family has a postcode."""

    lines: tuple[str, ...]
    postcode: Postcode | None


@dataclass(frozen=True, slots=True)
class Contact:
    """An adult the school would ring, in the order it would ring them.

    `relationship` is in words; `parental_responsibility` is what the school was told, not proof.
    """

    name: str
    relationship: str | None
    parental_responsibility: bool
    phone: str | None
    lives_with_pupil: bool


@dataclass(frozen=True, slots=True)
class Attendance:
    """Sessions of the latest school year in the file; `year` as the file names it."""

    year: str
    possible: int
    attended: int
    authorised: int
    unauthorised: int


@dataclass(frozen=True, slots=True)
class Pupil:
    """One pupil. `position` counts from 1 in the file; `siblings` are positions in the same file.

    Siblings share a home and a parent, as far as the file tells: a suggestion for a person to confirm.
    If one is another's, so is the other theirs, and their siblings are the same. `fsm` is free school
    meals now.
    """

    position: int
    upn: Upn
    given_name: str
    family_name: str
    middle_names: str | None
    preferred_given_name: str | None
    preferred_family_name: str | None
    date_of_birth: date
    sex: str | None
    year_group: str | None
    address: Address | None
    sen_provision: str | None
    fsm: bool
    contacts: tuple[Contact, ...]
    attendance: Attendance | None
    siblings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class BadPupil:
    """A pupil we could not take, by position, with every reason at once."""

    position: int
    errors: tuple[FieldFault, ...]


@dataclass(frozen=True, slots=True)
class PupilFile:
    """One file: who wrote it, its good pupils and its bad ones."""

    version: str
    source: School
    pupils: tuple[Pupil, ...]
    bad: tuple[BadPupil, ...]
