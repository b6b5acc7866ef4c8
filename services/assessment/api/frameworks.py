"""Assessment frameworks over HTTP: data without people."""

from typing import Annotated

from fastapi import APIRouter, Query

from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.problem import NotFound
from services.assessment.rules.frameworks import NEWEST, FrameworkUnknown, find
from services.assessment.schemas.frameworks import Framework, FrameworkNamed, Frameworks

router = APIRouter(route_class=HubRoute, prefix="/frameworks", tags=["frameworks"])

Read = Annotated[Tx, allow(Scope.ASSESSMENTS_READ)]
Version = Annotated[str | None, Query(max_length=20, description="the newest if left out")]


@router.get("")
async def list_frameworks(_: Read) -> Frameworks:
    """The newest version of every framework."""
    named = [FrameworkNamed(**f.model_dump(exclude={"source", "domains"})) for f in NEWEST.values()]
    return Frameworks(frameworks=named)


@router.get("/{code}")
async def read_framework(_: Read, code: str, version: Version = None) -> Framework:
    """One framework: domains, dimensions, and the sharing category of each."""
    try:
        return find(code, version)
    except FrameworkUnknown as reason:
        raise NotFound from reason
