"""Assessments over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from services.assessment.actions import assessments as actions
from services.assessment.api.answers import show
from services.assessment.schemas.assessments import (
    AssessmentHeard,
    CompletionHeard,
    OneAssessment,
    OneSection,
    SectionHeard,
    WholeAssessment,
)
from services.assessment.schemas.texts import StepNoteHeard
from services.assessment.store.assessments import ONE, ONE_SECTION, WHOLE

router = APIRouter(route_class=HubRoute, prefix="/assessments", tags=["assessments"])

Read = Annotated[Tx, allow(Scope.ASSESSMENTS_READ)]
Write = Annotated[Tx, allow(Scope.ASSESSMENTS_WRITE)]


@router.post("", status_code=201, response_model=OneAssessment)
async def start_assessment(tx: Write, heard: AssessmentHeard) -> Response:
    """Start assessing a family that has agreed to take part."""
    return await show(tx, ONE, 201, assessment=await actions.start(tx, heard))


@router.get("/{assessment}", response_model=WholeAssessment)
async def read_assessment(tx: Read, assessment: UUID) -> Response:
    """An assessment, its history, and the sections you may see."""
    return await show(tx, WHOLE, assessment=assessment)


@router.post("/{assessment}/sections", status_code=201, response_model=OneSection)
async def contribute_section(tx: Write, assessment: UUID, heard: SectionHeard) -> Response:
    """Add what your agency knows about one subject in one sharing category."""
    section = await actions.contribute(tx, assessment, heard)
    return await show(tx, ONE_SECTION, 201, section=section)


@router.post("/{assessment}/review-with-family", response_model=OneAssessment)
async def review_assessment_with_family(tx: Write, assessment: UUID, heard: StepNoteHeard) -> Response:
    """The family has read it and had its say. Nothing is added afterwards."""
    await actions.review_with_family(tx, assessment, heard.note)
    return await show(tx, ONE, assessment=assessment)


@router.post("/{assessment}/complete", response_model=OneAssessment)
async def complete_assessment(tx: Write, assessment: UUID, heard: CompletionHeard) -> Response:
    """Close it with a decision on support."""
    await actions.complete(tx, assessment, heard)
    return await show(tx, ONE, assessment=assessment)
