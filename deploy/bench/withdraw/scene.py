"""Two front doors of one hub, the agencies that go through them, and the way a delivery takes."""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import aiohttp
import httpx

from deploy.demo.partner import AnswerUnexpected
from deploy.demo.partnership import Agency
from deploy.local import HOST
from deploy.many import RunningParts, free_port
from deploy.tokens import ClientKey, token_for
from hub.caller import PURPOSE_SCOPE, ClientId
from hub.database import Database
from hub.seals.answers import Seals

# A token lives for 300 seconds.
TOKEN_AGE = 120.0
CONNECTIONS = 4

Headers = Mapping[str, str]


@dataclass(frozen=True)
class Answered:
    """A status, and the text below it."""

    status: int
    text: str


@dataclass
class Scene:
    """What a look needs: a door to go through, and a token of the issuer both doors share."""

    issuer: str
    doors: Sequence[str]
    keys: Mapping[ClientId, ClientKey]
    wire: aiohttp.ClientSession
    http: httpx.AsyncClient
    outbox: Database
    seals: Seals = field(default_factory=Seals)
    _tokens: dict[tuple[str, str], tuple[float, asyncio.Task[str]]] = field(
        default_factory=dict[tuple[str, str], tuple[float, asyncio.Task[str]]]
    )

    async def token(self, agency: Agency, purpose: str, client: str | None = None) -> str:
        """A token of the agency's client, or of another client of it with the same key."""
        name, now = client or agency.client, time.monotonic()
        since, asked = self._tokens.get((name, purpose), (0.0, None))
        if asked is None or now - since > TOKEN_AGE:
            scopes = [*agency.scopes, PURPOSE_SCOPE + purpose]
            key = self.keys[agency.client]
            asked = asyncio.create_task(token_for(self.http, self.issuer, name, key, scopes))
            self._tokens[name, purpose] = now, asked
        return await asked

    async def ask(
        self,
        door: int,
        agency: Agency,
        method: str,
        path: str,
        *,
        purpose: str = "early_help",
        client: str | None = None,
        headers: Headers | None = None,
        body: Any = None,
    ) -> Answered:
        """One request through one of the doors, whatever the answer."""
        said = {
            "authorization": f"Bearer {await self.token(agency, purpose, client)}",
            "practitioner": "p-1",
            "idempotency-key": str(uuid4()),
            **(headers or {}),
        }
        place = self.doors[door % len(self.doors)] + path
        async with self.wire.request(method, place, headers=said, json=body) as answer:
            return Answered(answer.status, await answer.text())

    async def done(self, door: int, agency: Agency, path: str, body: Any, **more: Any) -> Answered:
        """A write that must succeed. Raises AnswerUnexpected."""
        answer = await self.ask(door, agency, "POST", path, body=body, **more)
        if answer.status not in (200, 201, 204):
            raise AnswerUnexpected(f"POST {path}: {answer.status} {answer.text}")
        return answer


@asynccontextmanager
async def scene(
    parts: RunningParts, keys: Mapping[ClientId, ClientKey], other_door: str
) -> AsyncGenerator[Scene]:
    """The front door of these parts and another one of the same hub."""
    async with AsyncExitStack() as stack:
        wire = await stack.enter_async_context(aiohttp.ClientSession())
        http = await stack.enter_async_context(httpx.AsyncClient(timeout=30, trust_env=False))
        outbox = Database(parts.settings["gateway"].need("database_url"), CONNECTIONS)
        stack.push_async_callback(outbox.close)
        yield Scene(parts.url, (parts.url, other_door), keys, wire, http, outbox)


@asynccontextmanager
async def a_second_front_door(parts: RunningParts) -> AsyncGenerator[str]:
    """Another process of the gateway in front of the same services; its address.

    As behind a load balancer: it goes by the same public address, so a token is good at either.
    """
    address = f"http://{HOST}:{free_port()}"
    second = replace(parts, urls={**parts.urls, "gateway": address}, processes={})
    try:
        await second.start("gateway")
        yield address
    finally:
        await second.stop()
