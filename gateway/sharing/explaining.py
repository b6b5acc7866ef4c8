"""Why an agency may, or may not, see something: in words, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import StringConstraints

from hub.access import HubRoute, allow
from hub.caller import AUDIENCE_LIMIT, AgencyId, Scope
from hub.database import Tx
from hub.explain import Asked, Explanation, explain_all
from hub.heard import Agency
from hub.sharing import Category
from hub.sharing.recipients import require_team

router = APIRouter(route_class=HubRoute, tags=["sharing"])

Explain = Annotated[Tx, allow(Scope.SHARING_EXPLAIN)]
Person = Annotated[
    str,
    StringConstraints(to_lower=True),
    Query(max_length=64, description="the agency's staff member who would ask"),
]
Team = Annotated[str, Query(max_length=64, description="the agency's team whose client would ask")]
InTheRoom = Annotated[
    list[Agency], Query(alias="room", max_length=AUDIENCE_LIMIT, description="who else would see the screen")
]
Author = Annotated[Agency | None, Query(description="who wrote the record; somebody else if left out")]


@router.get("/sharing/explain")
async def explain_sharing(
    tx: Explain,
    agency: AgencyId,
    subject: UUID,
    category: Category,
    practitioner: Person = "",
    team: Team = "",
    room: InTheRoom = [],  # noqa: B006  # FastAPI copies it
    author: Author = None,
) -> Explanation:
    """Why an agency may, or may not, see this about somebody on your caseload, for your purpose."""
    asked = Asked(agency, subject, category, practitioner, team, tuple(room), author)
    [answer] = await explain_all(tx, [asked])
    await require_team(tx, f"{agency}/{team}")
    return answer
