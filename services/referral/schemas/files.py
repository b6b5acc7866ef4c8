"""What became of a file a school sent: what was taken of it, and what is wrong with the rest."""

from uuid import UUID

from pydantic import BaseModel, Field
from typing_extensions import TypedDict


class FieldFault(TypedDict):
    """A JSON Pointer to a field ("" for the whole record), and a sentence."""

    pointer: str
    detail: str


class LineTaken(BaseModel):
    """A line of an export, and the concern that it is here."""

    line: int = Field(description="the line it begins on, counted from 1")
    concern: UUID


class LineRefused(BaseModel):
    """A line that could not be taken, with everything that is wrong with it."""

    line: int = Field(description="the line it begins on, counted from 1")
    errors: list[FieldFault]


class LineCounts(BaseModel):
    """How many lines of each."""

    received: int
    already_had: int
    bad: int


class ConcernsReport(BaseModel):
    """What became of an export of concerns, line by line."""

    received: list[LineTaken]
    already_had: list[LineTaken] = Field(description="the same concern was here before: kept as it was")
    bad: list[LineRefused]
    counts: LineCounts


class PupilTaken(BaseModel):
    """A pupil of the file, and the person they are here."""

    position: int = Field(description="which pupil of the file, counted from 1")
    person: UUID


class PupilRefused(BaseModel):
    """A pupil who could not be taken, with everything that is wrong with the record."""

    position: int = Field(description="which pupil of the file, counted from 1")
    errors: list[FieldFault]


class SiblingsTogether(BaseModel):
    """Pupils of the file who live as one family, and the household they are in."""

    household: UUID
    members: list[UUID]


class PupilCounts(BaseModel):
    """How many pupils of each."""

    registered: int
    bad: int


class PupilFileReport(BaseModel):
    """What became of a Common Transfer File, pupil by pupil."""

    version: str = Field(description="of the Common Transfer File, as its header says")
    registered: list[PupilTaken]
    households: list[SiblingsTogether]
    bad: list[PupilRefused]
    counts: PupilCounts
