"""Listings that may be one service over HTTP: look, and say whether they are."""

from typing import Annotated

from fastapi import APIRouter

from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.page import Cursor, Limit
from services.directory.actions import liken
from services.directory.api.answers import Id
from services.directory.schemas import (
    DifferentHeard,
    LikenessPage,
    LikenessShown,
    LikenessState,
    SameHeard,
)

router = APIRouter(route_class=HubRoute, prefix="/duplicates", tags=["duplicates"])

Write = Annotated[Tx, allow(Scope.DIRECTORY_WRITE)]


@router.get("")
async def list_duplicates(
    tx: Write, state: LikenessState = "proposed", limit: Limit = 50, cursor: Cursor = None
) -> LikenessPage:
    """Services of different feeds that may be one, newest first, and why. You keep one of each two."""
    return await liken.page(tx, state, limit, cursor)


@router.get("/{duplicate}")
async def read_duplicate(tx: Write, duplicate: Id) -> LikenessShown:
    """Two services that may be one."""
    return await liken.one(tx, duplicate)


@router.post("/{duplicate}/same")
async def confirm_same(tx: Write, duplicate: Id, heard: SameHeard) -> LikenessShown:
    """They are one: `listed` stays listed. The other, which must be yours, is unlisted and points to it."""
    return await liken.same(tx, duplicate, heard)


@router.post("/{duplicate}/different")
async def confirm_different(tx: Write, duplicate: Id, heard: DifferentHeard) -> LikenessShown:
    """They are two. They are not proposed again."""
    return await liken.different(tx, duplicate, heard)
