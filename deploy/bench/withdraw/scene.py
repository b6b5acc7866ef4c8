"""Two front doors of one hub, the agencies that go through them, and the way a delivery takes."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import httpx

from deploy.bench.doors import Question
from deploy.bench.withdraw.wires import Wires
from deploy.demo.partner import AnswerUnexpected
from deploy.demo.partnership import HOUSING, Agency
from deploy.local import HOST
from deploy.many import RunningParts, free_port
from deploy.tokens import ClientKey, token_for
from gateway.oauth import clients
from hub.caller import PURPOSE_SCOPE, ClientId, Purpose, Scope
from hub.database import Database
from hub.seals.answers import Seals

# A token lives for 300 seconds.
TOKEN_AGE = 120.0
CONNECTIONS = 4
# Housing's data protection lead: may also ask who looked.
RECORDS = replace(HOUSING, scopes=HOUSING.scopes | {Scope.DISCLOSURES_READ})

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
    wires: Wires
    http: httpx.AsyncClient
    outbox: Database
    seals: Seals = field(default_factory=Seals)
    records: str = field(default_factory=lambda: f"housing-records-{uuid4().hex[:12]}")
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
        return await asyncio.shield(asked)

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
        token = await self.token(agency, purpose, client)
        said = {"practitioner": "p-1", "idempotency-key": str(uuid4()), **(headers or {})}
        if body is not None:
            said["content-type"] = "application/json"
        lines = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        written = b"" if body is None else json.dumps(body).encode()
        question = Question(method.encode(), path.encode(), lines.encode(), written)
        reply = await self.wires.ask(self.doors[door % len(self.doors)], question.written(token.encode()))
        return Answered(reply.status, reply.body.decode())

    async def let_in(self, name: str, agency: Agency) -> None:
        """Register another client of an agency, with the agency's key."""
        scopes = [*agency.scopes, *(PURPOSE_SCOPE + purpose for purpose in Purpose)]
        key = self.keys[agency.client].public
        async with self.outbox.transaction(None, "bench", uuid4()) as tx:
            await clients.register(tx, ClientId(name), agency.id, "Another system", [key], scopes)
            await tx.commit()

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
        wires = Wires()
        stack.callback(wires.close)
        http = await stack.enter_async_context(httpx.AsyncClient(timeout=30, trust_env=False))
        outbox = Database(parts.settings["gateway"].need("database_url"), CONNECTIONS)
        stack.push_async_callback(outbox.close)
        ready = Scene(parts.url, (parts.url, other_door), keys, wires, http, outbox)
        await ready.let_in(ready.records, RECORDS)
        yield ready


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
