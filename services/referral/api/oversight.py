"""For the hub's data protection officer over HTTP: what is held about somebody, put right, and erased."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response

from hub import erasure
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.erasure import Corrected, EarlierVersionsPage, Erased, KeptRecords
from hub.page import Cursor, Limit, after
from services.referral.schemas.oversight import CORRECTABLE, FamiliesShown, RecordsShown
from services.referral.store.oversight import BELONGING, EARLIER, KEPT, PLACE, RECORDS

router = APIRouter(route_class=HubRoute, tags=["oversight"])

Oversee = Annotated[Tx, allow(Scope.RECORDS_OVERSEE)]
Read = Annotated[Tx, allow(Scope.PEOPLE_READ)]
Erase = Annotated[Tx, allow(Scope.RECORDS_ERASE, claim=False)]
Correct = Annotated[Tx, allow(Scope.RECORDS_CORRECT, claim=False)]
Subjects = Annotated[list[UUID], Query(alias="subject", min_length=1, max_length=200)]


@router.get("/people/{person}/records", response_model=RecordsShown)
async def read_records(tx: Oversee, person: UUID) -> Response:
    """Everything held about a person, and the households that name them."""
    return Response(await tx.show(RECORDS, person=person), media_type="application/json")


@router.get("/retention/records", response_model=KeptRecords)
async def list_kept_records(tx: Oversee, subjects: Subjects) -> Response:
    """What is kept about these people and households: kinds, authors and dates, not what it says."""
    return Response(await tx.show(KEPT, subjects=subjects), media_type="application/json")


@router.get("/retention/families", response_model=FamiliesShown)
async def list_families(tx: Oversee, subjects: Subjects) -> Response:
    """Who belongs to whom: the households of these people, the people of these households, birthdays."""
    return Response(await tx.show(BELONGING, subjects=subjects), media_type="application/json")


@router.get("/earlier-versions", response_model=EarlierVersionsPage)
async def list_earlier_versions(
    tx: Read, subject: UUID, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """What records about somebody said before they were put right. Not what is true now."""
    moment, identity = after(cursor)
    page = await tx.show(EARLIER, subject=subject, moment=moment, identity=identity, limit=limit)
    return Response(page, media_type="application/json")


@router.post("/retention/erasures/{erasure_request}")
async def erase_records(tx: Erase, erasure_request: UUID) -> Erased:
    """Erase what an approved request names here. For the front door alone."""
    return Erased(gone=list(await erasure.erase(tx, PLACE, erasure_request)))


@router.post("/retention/corrections/{correction}")
async def correct_records(tx: Correct, correction: UUID, wrong: dict[str, Any]) -> Corrected:
    """Put right what records say here. For the front door alone."""
    return Corrected(corrected=await erasure.correct(tx, PLACE, correction, wrong, CORRECTABLE))
