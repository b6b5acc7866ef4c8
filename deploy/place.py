"""Where a hub on this machine keeps everything: its PostgreSQL, and the folder with its keys."""

import asyncio
import os
import re
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import make_url

from deploy import environment, postgres, whereabouts
from deploy.terminal import doing
from hub.policy import SERVICE_ROLES
from hub.settings import Settings

AT_WORK = "select distinct usename from pg_stat_activity where usename = any(:roles) order by usename"
FAREWELL = 3.0


class HubAlreadyUp(Exception):
    """A hub is running on this data folder."""


class HubAtWork(Exception):
    """The parts of another hub are connected to this database server."""


@dataclass(frozen=True)
class Place:
    """An administrator's URL of the database, the folder of the keys, and whether both outlive the run."""

    database_url: str
    folder: Path
    kept: bool


@contextmanager
def of_a_hub(data: Path | None, settings: Settings) -> Generator[Place]:
    """The embedded PostgreSQL while inside, or the server that HUB_DATABASE_URL names.

    Without `data` the embedded one keeps nothing, and the keys for a server go to the user's state
    folder. Raises HubAlreadyUp, HubAtWork, CannotStart or DatabaseUnreachable.
    """
    refuse_second(data)
    if settings.database_url.get_secret_value():
        url = environment.database_url(settings)
        asyncio.run(_refuse_where_another_works(url))
        folder = (data or _kept_for(url)).resolve()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        yield Place(url, folder, kept=True)
        return
    with ExitStack() as stack:
        with doing("Starting PostgreSQL"):
            server = stack.enter_context(postgres.running(data))
        yield Place(server.url, server.folder, kept=data is not None)


def refuse_second(data: Path | None) -> None:
    """Raise HubAlreadyUp if a hub of this user runs on the data folder."""
    for here in whereabouts.running():
        if data is not None and here.folder == str(data.resolve()):
            raise HubAlreadyUp(f"A hub is already up on {data}: it answers at {here.url}.")


async def _refuse_where_another_works(url: str) -> None:
    """Starting gives every role a fresh password: that would shut out a hub that uses them now."""
    give_up = time.monotonic() + FAREWELL
    roles = list(SERVICE_ROLES.values())
    async with environment.connected(url) as connection:
        while busy := (await connection.scalars(text(AT_WORK), {"roles": roles})).all():
            if time.monotonic() > give_up:
                raise HubAtWork(f"Another hub works on this server as {', '.join(busy)}. Stop it first.")
            await connection.rollback()
            await asyncio.sleep(0.2)


def _kept_for(url: str) -> Path:
    """What is matched under a key is lost with it, so a server's keys outlive the run."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    place = make_url(url)
    name = f"{place.host or 'localhost'}-{place.port or 5432}-{place.database or ''}"
    return Path(state, whereabouts.NAME, re.sub(r"[^A-Za-z0-9._-]", "_", name))
