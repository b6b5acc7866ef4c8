"""Suggestions over HTTP, for a search box: at every letter, for anybody."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from hub.access import HubRoute
from services.directory.actions.suggest import suggest
from services.directory.api.answers import Read, written
from services.directory.schemas import Asked
from services.directory.schemas.found import Suggestions

router = APIRouter(route_class=HubRoute, prefix="/suggestions", tags=["search"])

Typed = Annotated[Asked, Query(description="What has been typed so far.", examples=["auti"])]
Most = Annotated[int, Query(ge=1, le=20, description="How many suggestions at most.")]


@router.get("", responses={200: {"model": Suggestions}})
async def read_suggestions(tx: Read, q: Typed = "", limit: Most = 8) -> Response:
    """What somebody may be about to ask for: words, terms and services that begin like it or nearly."""
    return written(await suggest(tx, q, limit))
