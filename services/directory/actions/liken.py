"""Say whether two listings of different feeds are one service. Nothing is merged but by a person."""

import json
from uuid import UUID

from hub.database import Tx
from hub.line import Row
from hub.page import after
from hub.problem import NotFound, PayloadNotValid
from services.directory.actions import unlist
from services.directory.rules.feeds import check_proposed
from services.directory.rules.freshness import NotYourListing
from services.directory.schemas import (
    DifferentHeard,
    LikenessPage,
    LikenessShown,
    LikenessState,
    SameHeard,
    UnlistingRule,
)
from services.directory.store import freshness, likeness


async def page(tx: Tx, state: LikenessState, limit: int, cursor: str | None) -> LikenessPage:
    """Services that may be one, of which the caller's agency keeps at least one."""
    rows = await likeness.page(tx, state, limit, *after(cursor))
    following = rows[-1]["position"] if len(rows) == limit else None
    return LikenessPage(duplicates=[_shown(row) for row in rows], next=following)


async def one(tx: Tx, which: UUID) -> LikenessShown:
    """One likeness. NotFound."""
    return _shown(await _found(tx, which))


async def same(tx: Tx, which: UUID, heard: SameHeard) -> LikenessShown:
    """Both are one service: one stays listed, and the other, which must be the caller's, points to it.

    NotFound, AlreadyDecided, NotYourListing.
    """
    found = await _found(tx, which, lock=True)
    check_proposed(found["state"])
    if heard.listed not in (found["one"], found["other"]):
        raise PayloadNotValid(errors=[{"pointer": "/listed", "detail": "is neither of the two"}])
    kept = await freshness.kept(tx, found["other"] if heard.listed == found["one"] else found["one"])
    if kept.agency != tx.known_caller.agency:
        raise NotYourListing("The listing that goes must be one that your agency keeps.")
    await unlist.take_off(tx, kept, UnlistingRule.DUPLICATE, f"The same as {heard.listed}: {heard.reason}")
    await _decide(tx, which, "same", heard.listed, heard.reason)
    return await one(tx, which)


async def different(tx: Tx, which: UUID, heard: DifferentHeard) -> LikenessShown:
    """They are two services, and are not proposed again. NotFound, AlreadyDecided."""
    check_proposed((await _found(tx, which, lock=True))["state"])
    await _decide(tx, which, "different", None, heard.reason)
    return await one(tx, which)


async def _decide(tx: Tx, which: UUID, state: str, listed: UUID | None, reason: str) -> None:
    by = tx.known_caller.practitioner or tx.known_caller.client
    await likeness.decide(tx, which, state, listed, by, reason)


async def _found(tx: Tx, which: UUID, *, lock: bool = False) -> Row:
    found = await likeness.find(tx, which, lock=lock)
    if found is None:
        raise NotFound
    return found


def _shown(row: Row) -> LikenessShown:
    return LikenessShown.model_validate({**dict(row), "services": json.loads(row["services"] or "[]")})
