"""The register of members and their machine clients, as an operator keeps it."""

import asyncio
import json
import os
from collections.abc import AsyncGenerator, Coroutine, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast
from uuid import uuid4

from sqlalchemy.exc import IntegrityError

from deploy import administered, environment
from deploy.tokens import ClientKey
from hub.database import Database, Tx

T = TypeVar("T")

# What the register's own constraints say no to, by SQLSTATE.
BROKEN = {
    "23503": "There is no such agency. `hub agency list` shows the members.",
    "23514": "An id is lower case letters, digits and dashes, and starts with a letter or a digit.",
}

AGENCIES = "select id, name, type, active from hub.agency order by id"
CLIENTS = """
select id, agency, team, name, array_to_string(scopes, ' ') as scopes, active from gateway.client order by id
"""


class KeyFileNotUsable(Exception):
    """The file does not hold public keys."""


class NotRegistered(Exception):
    """The register does not take this."""


def carry_out(work: Coroutine[Any, Any, T]) -> T:
    """Run an operator's work on the register to its end."""
    return asyncio.run(work)


@asynccontextmanager
async def opened(operation: str, data: Path | None = None) -> AsyncGenerator[Tx]:
    """A transaction on the register of the hub in HUB_DATABASE_URL, or that is up; committed at the end.

    Raises NoHubRunning, DatabaseUnreachable, or NotRegistered for what a constraint forbids.
    """
    url = environment.database_url(administered.settings(data))
    await environment.check_reachable(url)
    database = Database(url, 1)
    try:
        async with database.transaction(None, operation, uuid4()) as tx:
            yield tx
            await tx.commit()
    except IntegrityError as reason:
        raise NotRegistered(BROKEN.get(str(getattr(reason.orig, "sqlstate", "")), "")) from reason
    finally:
        await database.close()


async def agencies(data: Path | None = None) -> Sequence[Mapping[str, Any]]:
    """Every agency that is or was a member."""
    async with opened("list agencies", data) as tx:
        return [dict(row) for row in await tx.rows(AGENCIES)]


async def clients(data: Path | None = None) -> Sequence[Mapping[str, Any]]:
    """Every client, whose it is and the most it may ask for."""
    async with opened("list clients", data) as tx:
        return [dict(row) for row in await tx.rows(CLIENTS)]


def public_keys(file: Path) -> list[dict[str, Any]]:
    """The keys in a file: one JSON Web Key, or a set of them (RFC 7517). Raises KeyFileNotUsable."""
    try:
        found = json.loads(file.read_text("utf-8"))
    except OSError as reason:
        raise KeyFileNotUsable(f"The file {file} cannot be read: {reason.strerror}.") from reason
    except ValueError as reason:
        raise KeyFileNotUsable(f"The file {file} does not hold JSON.") from reason
    whole = cast(dict[str, Any], found) if isinstance(found, dict) else {}
    keys: Any = whole.get("keys", [whole])
    if (
        not whole
        or not isinstance(keys, list)
        or not all(isinstance(key, dict) for key in cast(list[Any], keys))
    ):
        raise KeyFileNotUsable(f"The file {file} does not hold JSON Web Keys (RFC 7517).")
    return cast(list[dict[str, Any]], keys)


@contextmanager
def fresh_key(file: Path) -> Generator[list[dict[str, Any]]]:
    """Write a new private key to a new file, for its owner alone; gives its public half.

    The file goes again if the key could not be registered. Raises KeyFileNotUsable.
    """
    key = ClientKey.fresh()
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as reason:
        raise KeyFileNotUsable(f"The file {file} cannot be made: {reason.strerror}.") from reason
    try:
        with os.fdopen(descriptor, "w") as out:
            out.write(key.written())
        yield [dict(key.public)]
    except BaseException:
        file.unlink()
        raise
