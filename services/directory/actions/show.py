"""Show one service: itself, or the listing it was said to be the same as."""

from uuid import UUID

from hub.caller import Scope
from hub.database import Tx
from hub.problem import NotFound
from services.directory.actions import keep_feeds
from services.directory.store import likeness, listings


async def service(tx: Tx, which: UUID) -> bytes | UUID:
    """A service, whole, or the id of the one that is listed instead of it. NotFound.

    Whoever keeps feeds sees in it where it came from (`provenance`); anybody sees its `source`.
    """
    try:
        shown = await listings.one_service(tx, which)
    except NotFound:
        instead = await likeness.listed_instead(tx, which)
        if instead is None:
            raise
        return instead
    if tx.caller is None or Scope.DIRECTORY_WRITE not in tx.caller.scopes:
        return shown
    try:
        origin = await keep_feeds.provenance(tx, which)
    except NotFound:
        return shown
    return shown[:-1] + b',"provenance":' + origin.model_dump_json(exclude_none=True).encode() + b"}"
