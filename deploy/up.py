"""A whole hub on this machine in one process, until somebody stops it: what `hub up` runs."""

import asyncio
import json
import signal
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from deploy import environment, keys, loop, whereabouts
from deploy.demo import keyring
from deploy.demo.clients import ClientKey, register_partnership
from deploy.demo.keyring import Held
from deploy.demo.partnership import REGISTERED
from deploy.demo.story import play
from deploy.demo.teller import Teller
from deploy.local import Running, in_one_process, listen
from deploy.place import Place, of_a_hub, refuse_second
from deploy.terminal import doing
from deploy.whereabouts import Whereabouts
from hub.caller import PURPOSE_SCOPE, ClientId, Purpose
from hub.logs import quiet_logs

TOLD = "story.json"
STOPS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True)
class Up:
    """A hub that is up: where it answers, what keeps it, and the family it knows, if any."""

    url: str
    port: int
    folder: Path
    kept: bool
    household: str | None


def run(data: Path | None, port: int, *, empty: bool, ready: Callable[[Up], None]) -> None:
    """Run a hub until Ctrl-C or SIGTERM; `ready` is called once it is up.

    Raises PortTaken, HubAlreadyUp, HubAtWork, CannotStart or DatabaseUnreachable.
    """
    settings = environment.settings()
    quiet_logs("WARNING" if settings.log_level == "INFO" else settings.log_level)
    refuse_second(data)
    listen(port).close()
    for number in STOPS:
        signal.signal(number, signal.default_int_handler)
    with suppress(KeyboardInterrupt, asyncio.CancelledError), of_a_hub(data, settings) as place:
        loop.run(_until_stopped(place, port, empty=empty, ready=ready))


async def _until_stopped(place: Place, port: int, *, empty: bool, ready: Callable[[Up], None]) -> None:
    me = asyncio.current_task()
    assert me is not None
    for number in STOPS:
        # Cancelled, everything is taken down in order.
        asyncio.get_running_loop().add_signal_handler(number, me.cancel)
    async with AsyncExitStack() as stack:
        with doing("Bringing the database up to date and opening the front door"):
            opening = in_one_process(place.database_url, keys.kept_in(place.folder), port)
            hub = await stack.enter_async_context(opening)
            clients = await _introduce(hub, place.folder)
        household = _already_told(place.folder)
        if household is None and not empty:
            with doing("Telling the story of one family, so that there is something to see"):
                household = await _tell(hub, clients, place.folder)
        here = Whereabouts(hub.url, port, str(place.folder), place.database_url)
        stack.enter_context(whereabouts.noted(here))
        ready(Up(hub.url, port, place.folder, place.kept, household))
        await asyncio.Event().wait()


async def _introduce(hub: Running, folder: Path) -> dict[ClientId, ClientKey]:
    """Register the synthetic partnership with the keys in the folder, making those that are missing."""
    known = keyring.kept_in(folder)
    held = {
        agency.client: Held(
            known[agency.client].key if agency.client in known else ClientKey.fresh(),
            (*sorted(agency.scopes), *(PURPOSE_SCOPE + purpose for purpose in Purpose)),
        )
        for agency in REGISTERED
    }
    keyring.keep(folder, held)
    await register_partnership(hub.settings["gateway"], {c: one.key.public for c, one in held.items()})
    return {client: one.key for client, one in held.items()}


def _already_told(folder: Path) -> str | None:
    """The family's household, where this hub heard the story in an earlier run."""
    with suppress(FileNotFoundError):
        return json.loads((folder / TOLD).read_text())["household"]
    return None


async def _tell(hub: Running, clients: dict[ClientId, ClientKey], folder: Path) -> str:
    stage = await play(hub, clients, Teller(Console(quiet=True), aloud=False))
    household = stage.ids["household"]
    (folder / TOLD).write_text(json.dumps({"household": household}))
    return household
