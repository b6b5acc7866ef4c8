"""The agencies of the partnership, as anybody who works in it may know them."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from hub.access import HubRoute, allow
from hub.caller import AgencyId, Scope
from hub.database import Tx
from hub.page import Cursor, Limit, Paged, after_names, position_by_names, tail

router = APIRouter(route_class=HubRoute, tags=["sharing"])

Partner = Annotated[Tx, allow(Scope.CASES_READ)]

# What a page goes on from is an id: a name may be sealed.
MEMBERS = f"""
select a.id, a.name, a.type, a.active, array(
  select distinct a.id || '/' || c.team from gateway.client c
  where c.agency = a.id and c.team is not null order by 1) as teams, {position_by_names("a.id")}
from hub.agency a left join hub.agency before on before.id = :before
where before.id is null or (a.name, a.id) > (before.name, before.id)
order by a.name, a.id limit cast(:limit as int)"""


class Member(BaseModel):
    """An agency of the partnership."""

    id: AgencyId
    name: str
    type: str
    active: bool
    teams: list[str] = Field(description="as `agency/team`, the way a decision names one")


class MembersPage(Paged):
    """A page of the agencies, by name."""

    agencies: list[Member]


@router.get("/agencies")
async def list_agencies(tx: Partner, limit: Limit = 50, cursor: Cursor = None) -> MembersPage:
    """The agencies of this partnership, and the teams that something can be shared with by itself."""
    [before] = after_names(cursor, 1)
    rows = await tx.rows(MEMBERS, before=before, limit=limit)
    return MembersPage(agencies=[Member.model_validate(dict(row)) for row in rows], next=tail(rows, limit))
