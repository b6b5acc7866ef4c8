"""The assessment service's part of the shared case view."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from services.assessment.api.answers import show
from services.assessment.schemas.case import Case
from services.assessment.store.case import CASE

router = APIRouter(route_class=HubRoute, prefix="/households", tags=["cases"])

Read = Annotated[Tx, allow(Scope.CASES_READ)]


@router.get("/{household}/case", response_model=Case)
async def read_case_assessments(tx: Read, household: UUID) -> Response:
    """One household's engagements, assessments, plans and meetings, as far as you may see them.

    Nothing to see is empty lists: whether there is a case is the referral service's to say.
    """
    return await show(tx, CASE, household=household)
