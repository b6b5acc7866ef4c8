"""One part of a hub in a process of its own: what docker-compose.yml and `hub serve` run."""

import signal
import socket
import sys
from importlib import import_module
from types import FrameType

import uvicorn
from fastapi import FastAPI

from deploy import environment, loop, serving
from deploy.doctor.variables import variables
from hub.logs import quiet_logs
from hub.settings import Settings

# Where each part is put together. Only the one that is served is loaded.
HOMES = {
    "gateway": "deploy.front_door",
    "referral": "services.referral.app",
    "assessment": "services.assessment.app",
    "directory": "services.directory.app",
}
LONGEST_GOODBYE = 20


class ConfigurationIncomplete(Exception):
    """This part cannot run as it is configured."""


class AddressTaken(Exception):
    """This part cannot listen where it should."""


def run(part: str, host: str, port: int) -> None:
    """Serve one part until SIGTERM or Ctrl-C; what is being answered then is answered first.

    Raises ConfigurationIncomplete, DatabaseUnreachable, RoleCanBypassRowSecurity or AddressTaken.
    """
    settings = environment.settings()
    quiet_logs(settings.log_level)
    wrong = [finding for finding in variables(settings, part) if not finding.ok]
    if wrong:
        raise ConfigurationIncomplete(" ".join(f"{one.says} {one.way_out}" for one in wrong))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    loop.run(_serve(part, settings, host, port))


def part_of(part: str, settings: Settings) -> FastAPI:
    """The part's application."""
    return import_module(HOMES[part]).app(settings)


async def _serve(part: str, settings: Settings, host: str, port: int) -> None:
    await environment.check_reachable(environment.database_url(settings))
    app = part_of(part, settings)
    # The lifespan is entered here, not by uvicorn, so that a refusal to start reaches who started us.
    async with app.router.lifespan_context(app):
        config = serving.config(app, lifespan="off", goodbye=LONGEST_GOODBYE)
        with _listening(host, port) as listener:
            await uvicorn.Server(config).serve([listener])


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as reason:
        raise AddressTaken(f"Cannot listen on {host} port {port}: {reason.strerror}.") from reason
    # asyncio leaves Nagle's delay on where a socket names no protocol: 40 ms on every answer.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _leave(_: int, __: FrameType | None) -> None:
    """Uvicorn raises the signal again once it has stopped: being told to stop is no failure."""
    sys.exit(0)
