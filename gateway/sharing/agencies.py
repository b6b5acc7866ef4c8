"""The agencies of the partnership, as anybody who works in it may know them."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from hub.access import HubRoute, allow
from hub.caller import AgencyId, Scope
from hub.database import Tx

router = APIRouter(route_class=HubRoute, tags=["sharing"])

Partner = Annotated[Tx, allow(Scope.CASES_READ)]


MEMBERS = """
select a.id, a.name, a.type, a.active, array(
  select distinct a.id || '/' || c.team from gateway.client c
  where c.agency = a.id and c.team is not null order by 1) as teams
from hub.agency a order by a.name, a.id"""


class Member(BaseModel):
    """An agency of the partnership."""

    id: AgencyId
    name: str
    type: str
    active: bool
    teams: list[str] = Field(description="as `agency/team`, the way a decision names one")


@router.get("/agencies")
async def list_agencies(tx: Partner) -> list[Member]:
    """The agencies of this partnership, and the teams that something can be shared with by itself."""
    rows = await tx.rows(MEMBERS)
    return [Member.model_validate(dict(row)) for row in rows]
