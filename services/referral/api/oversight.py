"""For the hub's data protection officer over HTTP: what is held about somebody, to answer their request."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from services.referral.store.oversight import RECORDS

router = APIRouter(route_class=HubRoute, tags=["oversight"])

Oversee = Annotated[Tx, allow(Scope.RECORDS_OVERSEE)]


@router.get("/people/{person}/records")
async def read_records(tx: Oversee, person: UUID) -> Response:
    """Everything held about a person, and the households that name them."""
    return Response(await tx.show(RECORDS, person=person), media_type="application/json")
