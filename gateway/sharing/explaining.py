"""Why an agency may, or may not, see something: in words, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from hub.access import HubRoute, allow
from hub.caller import AgencyId, Scope
from hub.database import Tx
from hub.explain import Explanation, explain
from hub.sharing import Category

router = APIRouter(route_class=HubRoute, tags=["sharing"])

Explain = Annotated[Tx, allow(Scope.SHARING_EXPLAIN)]
Person = Annotated[str, Query(max_length=64, description="the agency's staff member who would ask")]


@router.get("/sharing/explain")
async def explain_sharing(
    tx: Explain, agency: AgencyId, subject: UUID, category: Category, practitioner: Person = ""
) -> Explanation:
    """Why an agency may, or may not, see this about somebody on your caseload, for your purpose."""
    return await explain(tx, agency, subject, category, practitioner)
