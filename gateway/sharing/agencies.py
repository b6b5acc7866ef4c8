"""The agencies of the partnership, as anybody who works in it may know them."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from hub.access import HubRoute, allow
from hub.caller import AgencyId, Scope
from hub.database import Tx

router = APIRouter(route_class=HubRoute, tags=["sharing"])

Partner = Annotated[Tx, allow(Scope.CASES_READ)]


class Member(BaseModel):
    """An agency of the partnership."""

    id: AgencyId
    name: str
    type: str
    active: bool


@router.get("/agencies")
async def list_agencies(tx: Partner) -> list[Member]:
    """The agencies of this partnership."""
    rows = await tx.rows("select id, name, type, active from hub.agency order by name, id")
    return [Member(**row) for row in rows]
