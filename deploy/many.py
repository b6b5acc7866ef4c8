"""Four processes: the gateway and the three services, each started by `hub serve` on a port of its own.

The topology of docker-compose.yml on one machine, behind the same interface as `deploy.local`. Each
process is given the variables it needs, and no other's.
"""

import asyncio
import os
import random
import socket
import sys
import tempfile
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from deploy.doctor.variables import NEEDED
from deploy.local import HOST, SERVICES, PortTaken, Running, passwords, settings_for
from deploy.migrate import migrated
from hub.policy import SERVICE_ROLES
from hub.settings import Settings

LONGEST_START = 120.0
LONGEST_STOP = 15.0
# Below the ports that systems hand out themselves, so that nothing takes one between our look and its use.
PORTS = range(20_000, 32_000)


class PartDidNotStart(Exception):
    """A process of the hub ended, or was not ready in time."""


@dataclass(frozen=True)
class RunningParts(Running):
    """A hub that is up in several processes."""

    urls: Mapping[str, str]
    logs: Path
    environments: Mapping[str, Mapping[str, str]] = field(repr=False)
    processes: dict[str, asyncio.subprocess.Process] = field(
        default_factory=dict[str, asyncio.subprocess.Process], repr=False
    )

    async def start(self, *parts: str) -> None:
        """Start these parts together and wait until each is ready. Raises PartDidNotStart."""
        for part in parts:
            self.processes[part] = await self._spawn(part)
        async with asyncio.timeout(LONGEST_START), httpx.AsyncClient(trust_env=False) as http:
            await asyncio.gather(*(self._ready(http, part) for part in parts))

    async def stop(self) -> None:
        """Stop every part: the gateway first, politely, then by force."""
        for part in sorted(self.processes, key=lambda part: part != "gateway"):
            process = self.processes[part]
            if process.returncode is None:
                process.terminate()
        for process in self.processes.values():
            try:
                await asyncio.wait_for(process.wait(), LONGEST_STOP)
            except TimeoutError:
                process.kill()
                await process.wait()

    def said(self, part: str) -> str:
        """What the part has logged."""
        return (self.logs / f"{part}.log").read_text("utf-8", "replace")

    async def _spawn(self, part: str) -> asyncio.subprocess.Process:
        port = self.urls[part].rpartition(":")[2]
        with (self.logs / f"{part}.log").open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "deploy.cli", "serve", part, "--port", port),
                env=dict(self.environments[part]),
                cwd=Path(__file__).parent.parent,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def _ready(self, http: httpx.AsyncClient, part: str) -> None:
        while True:
            if self.processes[part].returncode is not None:
                raise PartDidNotStart(f"The {part} part ended. It said: {self.said(part)[-2000:]}")
            with suppress(httpx.TransportError):
                if (await http.get(f"{self.urls[part]}/ready")).is_success:
                    return
            await asyncio.sleep(0.05)


@asynccontextmanager
async def in_many_processes(
    database_url: str,
    keys: Mapping[str, str],
    port: int = 0,
    secrets_of_roles: Mapping[str, str] | None = None,
) -> AsyncGenerator[RunningParts]:
    """Serve a migrated hub from four processes until the block ends, as `in_one_process` does from one.

    Raises PortTaken or PartDidNotStart.
    """
    if secrets_of_roles is None:
        secrets_of_roles = passwords()
        await migrated(database_url, secrets_of_roles)
    urls = _addresses(port)
    settings = {
        part: settings_for(part, database_url, secrets_of_roles[part], keys, urls["gateway"])
        for part in SERVICE_ROLES
    }
    with tempfile.TemporaryDirectory(prefix="early-help-hub-logs-") as logs:
        environments = {part: _environment(part, settings[part], keys, urls) for part in SERVICE_ROLES}
        parts = RunningParts(urls["gateway"], settings, database_url, urls, Path(logs), environments)
        try:
            await parts.start(*SERVICE_ROLES)
            yield parts
        finally:
            await parts.stop()


def _environment(
    part: str, settings: Settings, keys: Mapping[str, str], urls: Mapping[str, str]
) -> dict[str, str]:
    """What one process is given: its own variables, and what any program needs to run."""
    needed = {f"HUB_{name.upper()}" for name in NEEDED[part]}
    own = {name: value for name, value in keys.items() if name in needed}
    own |= {"HUB_DATABASE_URL": settings.need("database_url"), "HUB_PUBLIC_URL": urls["gateway"]}
    if part == "gateway":
        own |= {f"HUB_{service.upper()}_URL": urls[service] for service in SERVICES}
    if part == "directory":
        own["HUB_FEED_HOSTS"] = settings.feed_hosts
    return {name: value for name, value in os.environ.items() if not name.startswith("HUB_")} | own


def free_port() -> int:
    """A port nobody listens on now, and that no system hands out by itself meanwhile."""
    while not _free(port := random.choice(PORTS)):  # noqa: S311  # no secret
        pass
    return port


def _addresses(port: int) -> dict[str, str]:
    """An address for every part; the gateway's on `port`, if it is given. Raises PortTaken."""
    if port and not _free(port):
        raise PortTaken(f"Port {port} on {HOST} is taken.")
    ports = {port} if port else set[int]()
    while len(ports) < len(SERVICE_ROLES):
        ports.add(free_port())
    numbers = [port, *(ports - {port})] if port else list(ports)
    return {part: f"http://{HOST}:{number}" for part, number in zip(SERVICE_ROLES, numbers, strict=True)}


def _free(port: int) -> bool:
    with suppress(OSError), socket.create_server((HOST, port)):
        return True
    return False
