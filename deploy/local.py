"""One process: the gateway and the three services over one PostgreSQL, no network between them."""

import asyncio
import secrets
import socket
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy.engine import make_url

from deploy import serving
from deploy.migrate import migrated
from gateway.app import app as gateway_app
from gateway.hop import InProcess
from hub.policy import SERVICE_ROLES
from hub.settings import Settings
from services.assessment.app import app as assessment_app
from services.directory.app import app as directory_app
from services.referral.app import app as referral_app

HOST = "127.0.0.1"
SERVICES = {"referral": referral_app, "assessment": assessment_app, "directory": directory_app}


class PortTaken(Exception):
    """Something else listens on the port."""


@dataclass(frozen=True)
class Running:
    """A hub that is up: where the gateway answers, and each part's settings."""

    url: str
    settings: Mapping[str, Settings]
    database_url: str


def passwords() -> dict[str, str]:
    """A fresh password for every part's role."""
    return {part: secrets.token_urlsafe(24) for part in SERVICE_ROLES}


def settings_for(
    part: str, database_url: str, password: str, keys: Mapping[str, str], public_url: str
) -> Settings:
    """One part's settings, connecting under its own role to the administrator's database."""
    own = make_url(database_url).set(username=SERVICE_ROLES[part], password=password)
    given = {name.removeprefix("HUB_").lower(): value for name, value in keys.items()}
    return Settings.model_validate(
        {
            **given,
            "database_url": SecretStr(own.render_as_string(hide_password=False)),
            "public_url": public_url,
            "feed_hosts": HOST,
        }
    )


@asynccontextmanager
async def in_one_process(
    database_url: str,
    keys: Mapping[str, str],
    port: int = 0,
    secrets_of_roles: Mapping[str, str] | None = None,
) -> AsyncGenerator[Running]:
    """Serve a migrated hub on 127.0.0.1 until the block ends.

    `database_url` is an administrator's; `port` 0 takes a free one. Without `secrets_of_roles` the
    database is brought up to date first and every role gets a fresh password. Raises PortTaken.
    """
    listener = listen(port)
    public_url = f"http://{HOST}:{listener.getsockname()[1]}"
    if secrets_of_roles is None:
        secrets_of_roles = passwords()
        await migrated(database_url, secrets_of_roles)
    settings = {
        part: settings_for(part, database_url, secrets_of_roles[part], keys, public_url)
        for part in SERVICE_ROLES
    }
    async with AsyncExitStack() as stack:
        services = {name: make(settings[name]) for name, make in SERVICES.items()}
        for service in services.values():
            await stack.enter_async_context(service.router.lifespan_context(service))
        gateway = gateway_app(settings["gateway"], {n: InProcess(app) for n, app in services.items()})
        await stack.enter_async_context(served(gateway, listener))
        yield Running(public_url, settings, database_url)


def listen(port: int) -> socket.socket:
    """A socket on 127.0.0.1, or PortTaken."""
    # asyncio switches Nagle's delay off only where the protocol is named: 40 ms on every answer otherwise.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError as reason:
        listener.close()
        raise PortTaken(f"Port {port} on {HOST} is taken. Is a hub already up? Try --port.") from reason
    return listener


@asynccontextmanager
async def served(app: FastAPI, listener: socket.socket) -> AsyncGenerator[None]:
    """Serve an app on a listening socket inside this event loop."""
    server = uvicorn.Server(serving.config(app, lifespan="on", goodbye=5))
    task = asyncio.create_task(_serve(server, listener))
    while not server.started:
        if task.done():
            await task
            raise RuntimeError("the gateway stopped while starting")
        await asyncio.sleep(0.005)
    try:
        yield
    finally:
        server.should_exit = True
        await task
        listener.close()


async def _serve(server: uvicorn.Server, listener: socket.socket) -> None:
    """What `Server.serve` does without taking over the process's signals: several servers share a loop."""
    await server._serve([listener])  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
