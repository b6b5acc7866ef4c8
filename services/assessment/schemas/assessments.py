"""Assessments, their moves, and the sections agencies contribute."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field, ValidationInfo, field_validator

from hub.heard import Heard, Line, PastDate, Words, today
from hub.sharing import Category
from services.assessment.models.assessments import AssessmentOutcome, AssessmentStatus
from services.assessment.schemas.texts import Children, People, Shown

# Facts of the register, concerns, referrals, plans and minutes have records of their own.
ELSEWHERE = {
    *(Category.EXISTENCE, Category.IDENTITY, Category.HOME_ADDRESS, Category.CONCERN),
    *(Category.REQUEST_FOR_HELP, Category.PLAN, Category.MINUTES),
}


class AssessmentHeard(Heard):
    """A whole-family assessment, in one framework."""

    household: UUID
    framework: Line = Field(description="a code from `GET /frameworks`")
    framework_version: Line | None = Field(None, description="its newest version if left out")
    lead_practitioner: Line
    children: Children
    adults: People = Field([])
    started: PastDate = Field(default_factory=today)
    supersedes: UUID | None = Field(None, description="the completed assessment this one replaces")


class Worry(Heard):
    """One thing somebody worries about, and whether it is known or thought."""

    text: Words
    standing: Literal["fact", "opinion"]


class SectionHeard(Heard):
    """What one agency knows about one subject, in one sharing category."""

    subject: UUID = Field(description="the household, or one of the assessment's people")
    dimension: Line | None = Field(None, description="a dimension of the assessment's framework")
    category: Category | None = Field(
        None,
        validate_default=True,
        description="who may see it is decided by this; the dimension's own category if left out",
    )
    strengths: Words | None = None
    worries: list[Worry] = Field([], max_length=50)
    words_of_the_child: Words | None = Field(
        None, validate_default=True, description="wishes_feelings only, and there always"
    )

    @field_validator("category")
    @classmethod
    def _is_for_sections(cls, category: Category | None, heard: ValidationInfo) -> Category | None:
        if category in ELSEWHERE:
            raise ValueError(f"{category} is not what a section is about")
        if category is None and heard.data.get("dimension") is None:
            raise ValueError("give a category, or a dimension that has one")
        return category

    @field_validator("words_of_the_child")
    @classmethod
    def _says_something(cls, words: str | None, heard: ValidationInfo) -> str | None:
        if not (words or heard.data.get("strengths") or heard.data.get("worries")):
            raise ValueError("give strengths, worries or the words of the child")
        return words


class CompletionHeard(Heard):
    """What the assessment led to."""

    decision: AssessmentOutcome
    note: Words | None = Field(None, description="why, without repeating what stands in a section")


class AssessmentShown(Shown):
    """An assessment and where it stands."""

    assessment: UUID
    household: UUID
    framework: str
    framework_version: str
    lead_practitioner: str
    children: list[UUID]
    adults: list[UUID]
    started: date
    status: AssessmentStatus


class AssessmentMoveShown(Shown):
    """One step of an assessment."""

    assessment: UUID
    number: int
    status: AssessmentStatus
    decision: AssessmentOutcome | None
    note: str | None


class SectionShown(Shown):
    """One agency's contribution in one category."""

    section: UUID
    assessment: UUID
    household: UUID
    subject: UUID
    category: Category
    dimension: str | None
    strengths: str | None
    worries: list[Worry]
    words_of_the_child: str | None


class OneAssessment(BaseModel):
    """An assessment without its sections."""

    assessment: AssessmentShown


class OneSection(BaseModel):
    """A section."""

    section: SectionShown


class WholeAssessment(OneAssessment):
    """An assessment with its history and the sections the caller may see."""

    moves: list[AssessmentMoveShown]
    sections: list[SectionShown]
