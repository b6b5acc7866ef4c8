"""For the hub's data protection officer over HTTP: what is kept about somebody, put right, and erased."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from hub import erasure
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.erasure import Corrected, EarlierVersionsPage, Erased, KeptRecords
from hub.page import Cursor, Limit, after
from services.assessment.api.answers import show
from services.assessment.schemas.oversight import CORRECTABLE
from services.assessment.store.oversight import EARLIER, KEPT, PLACE

router = APIRouter(route_class=HubRoute, tags=["oversight"])

Oversee = Annotated[Tx, allow(Scope.RECORDS_OVERSEE)]
Read = Annotated[Tx, allow(Scope.ASSESSMENTS_READ)]
Erase = Annotated[Tx, allow(Scope.RECORDS_ERASE, claim=False)]
Correct = Annotated[Tx, allow(Scope.RECORDS_CORRECT, claim=False)]
Subjects = Annotated[list[UUID], Query(alias="subject", min_length=1, max_length=200)]


@router.get("/retention/records", response_model=KeptRecords)
async def list_kept_assessment_records(tx: Oversee, subjects: Subjects) -> Response:
    """What is kept about these people and households: kinds, authors and dates, not what it says."""
    return await show(tx, KEPT, subjects=subjects)


@router.get("/earlier-versions", response_model=EarlierVersionsPage)
async def list_earlier_assessment_versions(
    tx: Read, subject: UUID, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """What records about somebody said before they were put right. Not what is true now."""
    moment, identity = after(cursor)
    return await show(tx, EARLIER, subject=subject, moment=moment, identity=identity, limit=limit)


@router.post("/retention/erasures/{erasure_request}")
async def erase_assessment_records(tx: Erase, erasure_request: UUID) -> Erased:
    """Erase what an approved request names here. For the front door alone."""
    return Erased(gone=list(await erasure.erase(tx, PLACE, erasure_request)))


@router.post("/retention/corrections/{correction}")
async def correct_assessment_records(tx: Correct, correction: UUID, wrong: dict[str, Any]) -> Corrected:
    """Put right what records say here. For the front door alone."""
    return Corrected(corrected=await erasure.correct(tx, PLACE, correction, wrong, CORRECTABLE))
