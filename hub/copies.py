"""Copies of records are kept encrypted, each under the key of whom it is about: no key, no copy, anywhere.

AES-256-GCM. The keys are in one table (`hub.subject_key`), which a backup that is to outlive an erasure
leaves out. Erasing somebody deletes their key; what was encrypted with it stays unreadable wherever it is.
"""

import base64
import json
import secrets
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.database import Tx

ERASED = "[erased]"
SEALED = "copy-1:"
NONCE = 12


async def keys_of(tx: Tx, people: Iterable[UUID], *, make: bool = False) -> dict[UUID, bytes]:
    """The keys of these people; with `make`, one for everybody who has none yet."""
    wanted = list(dict.fromkeys(people))
    if make:
        await tx.run(
            "insert into hub.subject_key (subject, key)"
            " select * from unnest(cast(:people as uuid[]), cast(:keys as bytea[])) on conflict do nothing",
            people=wanted,
            keys=[secrets.token_bytes(32) for _ in wanted],
        )
    rows = await tx.rows(
        "select subject, key from hub.subject_key where subject = any(cast(:people as uuid[]))", people=wanted
    )
    return {row["subject"]: row["key"] for row in rows}


def locked(key: bytes, about: UUID, value: Any) -> str:
    """The value as text that says nothing without the key."""
    nonce = secrets.token_bytes(NONCE)
    sealed = AESGCM(key).encrypt(nonce, json.dumps(value).encode(), about.bytes)
    return SEALED + base64.b64encode(nonce + sealed).decode()


def opened(key: bytes | None, about: UUID, text: Any) -> Any:
    """The value again; `[erased]` once there is no key. What never was locked stays as it is."""
    if not isinstance(text, str) or not text.startswith(SEALED):
        return text
    if key is None:
        return ERASED
    whole = base64.b64decode(text.removeprefix(SEALED))
    return json.loads(AESGCM(key).decrypt(whole[:NONCE], whole[NONCE:], about.bytes))
