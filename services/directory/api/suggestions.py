"""Suggestions over HTTP, for a search box: at every letter, for anybody."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from hub.access import HubRoute
from services.directory.actions.suggest import suggest
from services.directory.api.answers import Read, written
from services.directory.schemas import SuggestionQuestion
from services.directory.schemas.found import Suggestions

router = APIRouter(route_class=HubRoute, prefix="/suggestions", tags=["search"])


@router.get("", response_model=Suggestions)
async def read_suggestions(tx: Read, typed: Annotated[SuggestionQuestion, Query()]) -> Response:
    """What somebody may be about to ask for: words, terms and services that begin like it or nearly."""
    return written(await suggest(tx, typed.q, typed.limit))
