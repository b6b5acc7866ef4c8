"""`hub demo`: a hub that starts, does its job in front of you, and stops."""

import asyncio
import contextlib
import json
import os
import time
from collections.abc import Generator
from typing import Annotated

import typer
from rich.console import Console

from deploy import keys, local, postgres
from deploy.demo.clients import ClientKey, register_partnership
from deploy.demo.partnership import REGISTERED
from deploy.demo.story import play
from deploy.demo.teller import Teller
from hub.logs import quiet_logs

WIDTH = 104  # the widest table; a narrower terminal would fold names into columns of letters


def demo(
    as_json: Annotated[bool, typer.Option("--json", help="Print one machine-readable transcript.")] = False,
) -> None:
    """Play the story of one family through the gateway, on a hub started for it.

    Uses an embedded PostgreSQL, or the administrator's URL in HUB_DATABASE_URL.
    """
    quiet_logs("ERROR")
    console = Console(stderr=as_json)
    console.width = max(console.width, WIDTH)
    began = time.monotonic()
    with _database(console) as url:
        teller = Teller(console, aloud=not as_json)
        asyncio.run(_play(url, teller, console))
    seconds = round(time.monotonic() - began, 1)
    if as_json:
        typer.echo(
            json.dumps({"story": "one family", "seconds": seconds, "chapters": teller.chapters}, indent=2)
        )
    else:
        console.print(
            f"\nThat took {seconds} s. `hub up` keeps a hub running for you to try.\n", style="bold"
        )


@contextlib.contextmanager
def _database(console: Console) -> Generator[str]:
    given = os.environ.get("HUB_DATABASE_URL")
    if given:
        yield given
        return
    with contextlib.ExitStack() as stack:
        with console.status("Starting PostgreSQL"):
            server = stack.enter_context(postgres.running())
        yield server.url


async def _play(url: str, teller: Teller, console: Console) -> None:
    client_keys = {agency.client: ClientKey.fresh() for agency in REGISTERED}
    async with contextlib.AsyncExitStack() as stack:
        with console.status("Bringing the database up to date and opening the front door"):
            hub = await stack.enter_async_context(local.in_one_process(url, keys.fresh()))
            public = {client: key.public for client, key in client_keys.items()}
            await register_partnership(hub.settings["gateway"], public)
        await play(hub, client_keys, teller)
