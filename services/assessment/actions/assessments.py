"""Assessing a family together: start, contribute, review with the family, complete."""

from uuid import UUID

from hub.database import Tx
from services.assessment.models import Assessment, AssessmentMove, Section
from services.assessment.models.assessments import AssessmentOutcome, AssessmentStatus
from services.assessment.rules.assessments import check_move, check_open, check_words
from services.assessment.rules.engagements import check_agreed
from services.assessment.rules.family import check_belongs, check_family, check_same_household
from services.assessment.rules.frameworks import category_of, find
from services.assessment.schemas.assessments import AssessmentHeard, CompletionHeard, SectionHeard
from services.assessment.store.engagements import last_words
from services.assessment.store.rows import hold_known, standing, take, write


async def start(tx: Tx, heard: AssessmentHeard) -> UUID:
    """Start assessing a family that has agreed; returns the assessment's id.

    Raises NotFound for people the caller does not work with or a superseded assessment it cannot
    see, FamilyHasNotAgreed, FrameworkUnknown, NamedAsChildAndAdult, and for `supersedes`
    NotOfThisFamily and AssessmentMoveNotAllowed.
    """
    framework = find(heard.framework, heard.framework_version)
    check_family(heard.household, heard.children, heard.adults)
    await hold_known(tx, heard.household, *heard.children, *heard.adults)
    check_agreed(*await last_words(tx, heard.household))
    if heard.supersedes:
        await _supersede(tx, heard.supersedes, heard.household)
    row = Assessment(
        subject=heard.household,
        framework=framework.code,
        framework_version=framework.version,
        **heard.model_dump(include={"lead_practitioner", "children", "adults", "started"}),
    )
    assessment = await write(tx, "assessment.started", row)
    tx.session.add(_step(row, 1, AssessmentStatus.DRAFT))
    await tx.session.flush()
    return assessment


async def contribute(tx: Tx, assessment: UUID, heard: SectionHeard) -> UUID:
    """Add what the caller's agency knows; returns the section's id.

    Raises NotFound, AssessmentNotOpen, NotOfThisFamily, DimensionUnknown, ChildsWordsStandAlone.
    """
    whole = await take(tx, Assessment, assessment, heard.subject)
    number, status = await standing(tx, "assessment", assessment)
    check_open(AssessmentStatus(status))
    check_belongs(heard.subject, whole.subject, whole.children, whole.adults)
    section = _section(whole, heard)
    if status == AssessmentStatus.DRAFT:
        tx.session.add(_step(whole, number + 1, AssessmentStatus.IN_PROGRESS))
    return await write(tx, "section.contributed", section)


async def review_with_family(tx: Tx, assessment: UUID, note: str | None) -> None:
    """The family has read it and had its say. Raises NotFound and AssessmentMoveNotAllowed."""
    await _move(tx, assessment, AssessmentStatus.FAMILY_REVIEWED, note=note)


async def complete(tx: Tx, assessment: UUID, heard: CompletionHeard) -> None:
    """Close it with a decision on support. Raises NotFound and AssessmentMoveNotAllowed."""
    await _move(tx, assessment, AssessmentStatus.COMPLETED, decision=heard.decision, note=heard.note)


async def _supersede(tx: Tx, earlier: UUID, household: UUID) -> None:
    replaced = await _move(tx, earlier, AssessmentStatus.SUPERSEDED)
    check_same_household(household, replaced.subject, "/supersedes")


async def _move(
    tx: Tx,
    assessment: UUID,
    there: AssessmentStatus,
    *,
    decision: AssessmentOutcome | None = None,
    note: str | None = None,
) -> Assessment:
    whole = await take(tx, Assessment, assessment)
    number, here = await standing(tx, "assessment", assessment)
    check_move(AssessmentStatus(here), there)
    step = _step(whole, number + 1, there)
    step.decision, step.note = decision, note
    await write(tx, f"assessment.{there}", step, about=assessment)
    return whole


def _step(whole: Assessment, number: int, status: AssessmentStatus) -> AssessmentMove:
    return AssessmentMove(
        subject=whole.subject,
        keeper=whole.agency,
        assessment=whole.id,
        number=number,
        status=status,
    )


def _section(whole: Assessment, heard: SectionHeard) -> Section:
    framework = find(whole.framework, whole.framework_version)
    category = category_of(framework, heard.dimension, heard.category)
    assert category is not None, "SectionHeard has a category or a dimension"
    check_words(category, heard.words_of_the_child)
    return Section(
        assessment=whole.id,
        household=whole.subject,
        category=category,
        **heard.model_dump(exclude={"category"}),
    )
