"""A write happens once: its Idempotency-Key is stored with its answer, in the transaction that does it.

draft-ietf-httpapi-idempotency-key-header: missing 400, the same key with another body 422; a repeat while
the first is under way waits for it. Keys are scoped to client and route and kept for school holidays.
"""

import hashlib
import json
import re

from fastapi import Request, Response

from hub.caller import Caller
from hub.database import Tx
from hub.line import Row
from hub.problem import HeaderRepeated, Problem

KEY = re.compile(r'^"?([\x21\x23-\x7e]{1,255})"?$')


class IdempotencyKeyMissing(Problem):
    """A write needs an Idempotency-Key, so that it can be repeated safely."""

    status = 400


class IdempotencyKeyReused(Problem):
    """This Idempotency-Key was used for another request."""

    status = 422


class AnswerHasChanged(Problem):
    """This was carried out before, and what it answered then is not repeated: sharing has changed since."""

    status = 409


class AlreadyAnswered(Exception):
    """The same request was carried out before: the answer it got, and what that disclosed (JSON)."""

    def __init__(self, status: int, body: bytes, location: str | None, shows: str | None) -> None:
        super().__init__("replayed")
        self.shows = shows
        headers = {"idempotency-replayed": "true", "cache-control": "no-store"}
        if location:
            headers["location"] = location
        media_type = "application/json" if body else None
        self.response = Response(body, status, headers, media_type)


async def read(request: Request, caller: Caller) -> tuple[str, bytes]:
    """The key, and the fingerprint of the body and of whom its answer may show something to.

    Raises IdempotencyKeyMissing without a usable key, HeaderRepeated with more than one.
    """
    given = request.headers.getlist("idempotency-key")
    if len(given) > 1:
        raise HeaderRepeated("Send one Idempotency-Key: the same write is told by it.")
    found = KEY.match("".join(given))
    if not found:
        raise IdempotencyKeyMissing("Send a fresh random Idempotency-Key of 1 to 255 characters.")
    shown_to = [*caller.everyone_who_sees(), caller.purpose, caller.practitioner, caller.oversees]
    return found[1], hashlib.sha256(json.dumps(shown_to).encode() + await request.body()).digest()


async def claim(tx: Tx) -> None:
    """Take the key for this transaction, or raise AlreadyAnswered or IdempotencyKeyReused."""
    taken = await tx.value(
        "insert into hub.idempotency (route, key, fingerprint, seen) "
        "values (:route, :key, :fingerprint, cast(pg_current_snapshot() as text)) "
        "on conflict do nothing returning true",
        route=tx.route,
        key=tx.key,
        fingerprint=tx.fingerprint,
    )
    tx.claimed = bool(taken)
    if not taken:
        await replay(tx)


async def replay(tx: Tx) -> None:
    """Raise what the earlier request with this key was answered."""
    [earlier] = await tx.rows(
        "select fingerprint, status, body, location, shows::text,"
        " shows is not null and hub.narrowed_since(at, seen) as changed"
        " from hub.idempotency where route = :route and key = :key",
        route=tx.route,
        key=tx.key,
    )
    if earlier["fingerprint"] != tx.fingerprint:
        raise IdempotencyKeyReused
    if earlier["changed"]:
        raise AnswerHasChanged("Read the record anew: you see what you may see now.", headers=_place(earlier))
    raise AlreadyAnswered(earlier["status"], earlier["body"], earlier["location"], earlier["shows"])


def _place(earlier: Row) -> dict[str, str]:
    return {"location": earlier["location"]} if earlier["location"] else {}


async def remember(tx: Tx, response: Response) -> None:
    """Store the answer beside its key, just before the commit."""
    if not tx.claimed:
        return
    await tx.run(
        "update hub.idempotency set status = :status, body = :body, location = :location, "
        "shows = cast(:shows as jsonb) where route = :route and key = :key and status is null",
        status=response.status_code,
        body=bytes(response.body),
        location=response.headers.get("location"),
        shows=f"[{','.join(tx.shows)}]" if tx.shows else None,
        route=tx.route,
        key=tx.key,
    )


async def known(tx: Tx) -> bool:
    """Whether an earlier request used this key."""
    return bool(
        await tx.value(
            "select true from hub.idempotency where route = :route and key = :key",
            route=tx.route,
            key=tx.key,
        )
    )
