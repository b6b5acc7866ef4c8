"""Reads a DfE Common Transfer File, versions 17 to 26: what a school knows of its pupils.

`read` the file, safely and in a stream > `pupil` one pupil, or what is wrong with them | `siblings`
who belongs together > `shape` what comes out. docs/formats/common-transfer-file.md is the same for
people. The shape follows public implementations; a supplier's extra elements are passed over.
"""

from services.referral.formats.ctf.reading import PupilFileNotSafe, PupilFileNotValid, read
from services.referral.formats.ctf.shape import (
    Address,
    Attendance,
    BadPupil,
    Contact,
    Pupil,
    PupilFile,
    School,
)

__all__ = [
    "Address",
    "Attendance",
    "BadPupil",
    "Contact",
    "Pupil",
    "PupilFile",
    "PupilFileNotSafe",
    "PupilFileNotValid",
    "School",
    "read",
]
