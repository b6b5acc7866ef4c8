"""A front door with stand-in services behind it, reached over either hop, and clients that knock."""

import asyncio
import json
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import uuid4

import httpx
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from joserfc import jws
from joserfc.jwk import ECKey, Key

from deploy.local import listen, served
from gateway.app import app as gateway_app
from gateway.hop import AcrossProcesses, Hop, InProcess
from gateway.oauth import clients
from hub.access import HubRoute, Part, allow, allow_if_authenticated, by_inner_token
from hub.caller import AgencyId, Caller, ClientId, InnerVerifier, Scope
from hub.database import Database, Tx
from hub.problem import TemporarilyUnavailable, Unauthenticated
from hub.service import dress
from hub.settings import Settings

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
AGENCY = AgencyId("oakfield-test-school")
SCOPES = (Scope.PEOPLE_READ, Scope.PEOPLE_WRITE, "purpose:early_help", "purpose:safeguarding")

standin = APIRouter(route_class=HubRoute)


@standin.get("/whoami")
async def whoami(caller: Annotated[Caller, allow_if_authenticated()]) -> JSONResponse:
    """The caller, as a service has it."""
    said = asdict(caller)
    return JSONResponse({**said, "scopes": sorted(caller.scopes), "withheld": sorted(caller.withheld)})


@standin.get("/open/{name}")
async def read_open(name: str, request: Request) -> JSONResponse:
    """Public data: what arrived here, to the letter."""
    return JSONResponse(
        {
            "name": name,
            "raw": request.scope["raw_path"].decode(),
            "query": request.url.query,
            "headers": dict(request.headers),
        },
        headers={"etag": '"v1"', "set-cookie": "no=1", "x-internal": "no", "vary": "Accept"},
    )


@standin.post("/things")
async def make(tx: Annotated[Tx, allow(Scope.PEOPLE_WRITE)], request: Request) -> Response:
    """A write: the very bytes that arrived, and where they went."""
    assert tx.caller is not None
    heard = {
        "bytes": (await request.body()).hex(),
        "agency": tx.caller.agency,
        "type": request.headers.get("content-type"),
    }
    return JSONResponse(heard, 201, {"location": "/things/1"})


@standin.post("/echo")
async def echo(request: Request) -> Response:
    """The body, as it came."""
    return Response(await request.body(), media_type=request.headers["content-type"])


@standin.post("/told")
async def told(heard: dict[str, int]) -> dict[str, int]:
    """JSON, and nothing else."""
    return heard


@standin.get("/slowly")
async def slowly(request: Request) -> StreamingResponse:
    """Two lines, the second only once somebody has read the first."""

    async def lines() -> AsyncIterator[bytes]:
        yield b'{"line": 1}\n'
        await request.app.state.read_on.wait()
        yield b'{"line": 2}\n'

    return StreamingResponse(lines(), media_type="application/x-ndjson")


@standin.get("/for-ever")
async def for_ever(request: Request) -> StreamingResponse:
    """Lines without end, until nobody listens."""

    async def lines() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"{}\n"
                await asyncio.sleep(0.01)
        finally:
            request.app.state.stopped.set()

    return StreamingResponse(lines(), media_type="application/x-ndjson")


@standin.get("/breaks")
async def breaks() -> StreamingResponse:
    """A stream that breaks off."""

    async def lines() -> AsyncIterator[bytes]:
        yield b'{"line": 1}\n'
        raise RuntimeError("the line is down")

    return StreamingResponse(lines(), media_type="application/x-ndjson")


@standin.get("/stranger")
async def stranger() -> None:
    """A service whose key is another one."""
    raise Unauthenticated("The inner token is not one of ours.")


@standin.get("/busy")
async def busy() -> None:
    """A service that cannot answer just now."""
    raise TemporarilyUnavailable(retry_after=7)


@dataclass
class Knocking:
    """A machine client with its own key: what it signs, sends and gets."""

    id: ClientId
    key: Key
    issuer: str
    http: httpx.AsyncClient
    alg: str = "ES256"
    kid: str | None = None

    def assertion(self, **changed: Any) -> str:
        """A proof of identity; a claim changed to None is left out, a timedelta is from now."""
        now = int(time.time())
        claims = {
            "iss": self.id,
            "sub": self.id,
            "aud": self.issuer,
            "iat": now,
            "exp": now + 60,
            "jti": str(uuid4()),
            **changed,
        }
        said = json.dumps(settled(claims))
        header = {"alg": self.alg, **({"kid": self.kid} if self.kid else {})}
        return jws.serialize_compact(header, said, self.key, [self.alg])

    async def ask(self, assertion: str | None = None, **form: str) -> httpx.Response:
        """A token request, whatever the answer."""
        asked = {
            "grant_type": "client_credentials",
            "scope": "people:read purpose:early_help",
            "client_assertion_type": ASSERTION,
            "client_assertion": assertion or self.assertion(),
            **form,
        }
        return await self.http.post("/oauth/token", data=asked)

    async def token(self, scope: str = "people:read people:write purpose:early_help") -> str:
        """An access token."""
        answer = await self.ask(scope=scope)
        assert answer.status_code == 200, answer.text
        return answer.json()["access_token"]

    async def bearing(self, **headers: str) -> dict[str, str]:
        """Headers with a fresh token."""
        return {"authorization": f"Bearer {await self.token()}", **headers}


@dataclass
class Door:
    """A front door that answers over real HTTP, and the service behind it."""

    url: str
    settings: Settings
    http: httpx.AsyncClient
    hop: Hop
    service: FastAPI
    database: Database

    async def client(
        self,
        key: Key | None = None,
        alg: str = "ES256",
        scopes: tuple[str, ...] = SCOPES,
        agency: AgencyId = AGENCY,
    ) -> Knocking:
        """A newly registered client of the test school."""
        key = key or ECKey.generate_key("P-256")
        client = ClientId(f"client-{uuid4()}")
        async with self.database.transaction(None, "register", uuid4()) as tx:
            await clients.join(tx, agency, "Oakfield Test School", "school")
            await clients.register(tx, client, agency, "Test", [key.as_dict(private=False)], scopes)
            await tx.commit()
        return Knocking(client, key, self.url, self.http, alg)

    @asynccontextmanager
    async def changing(self) -> AsyncGenerator[Tx]:
        """A transaction of the front door's own, committed at the end."""
        async with self.database.transaction(None, "change", uuid4()) as tx:
            yield tx
            await tx.commit()


@asynccontextmanager
async def opened(settings: Settings, *, apart: bool, named: str | None = None) -> AsyncGenerator[Door]:
    """A front door over two stand-ins, in this process or `apart` from it over real HTTP.

    `named` gives it another's name: a second process of the same hub.
    """
    async with AsyncExitStack() as stack:
        services = {name: _service(name, settings) for name in ("referral", "directory")}
        reached = _reached_apart if apart else _reached_inside
        hops = {name: await reached(service, stack) for name, service in services.items()}
        listener = listen(0)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        own = settings.model_copy(update={"public_url": named or url})
        front = gateway_app(own, {**hops, "assessment": away()})
        await stack.enter_async_context(served(front, listener))
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=10))
        database = Database(settings.need("database_url"), 2)
        stack.push_async_callback(database.close)
        yield Door(url, own, http, hops["referral"], services["referral"], database)


async def _reached_inside(service: FastAPI, stack: AsyncExitStack) -> Hop:
    await stack.enter_async_context(service.router.lifespan_context(service))
    return InProcess(service)


async def _reached_apart(service: FastAPI, stack: AsyncExitStack) -> Hop:
    listener = listen(0)
    await stack.enter_async_context(served(service, listener))
    return AcrossProcesses(f"http://127.0.0.1:{listener.getsockname()[1]}")


def away() -> Hop:
    """The way to a service that is not there."""
    listener = listen(0)
    port = listener.getsockname()[1]
    listener.close()
    return AcrossProcesses(f"http://127.0.0.1:{port}")


def _service(name: str, settings: Settings) -> FastAPI:
    verifier = InnerVerifier(settings.inner_verifying_key, name)
    part = Part(name, Database(settings.need("database_url"), 2), by_inner_token(verifier))
    service = dress(part, standin, title=name, body_limit=settings.body_limit)
    service.state.read_on = asyncio.Event()
    service.state.stopped = asyncio.Event()
    return service


def settled(claims: Mapping[str, Any]) -> dict[str, Any]:
    """The claims of a token: None is left out, a timedelta is so much from now."""
    now = datetime.now(UTC)
    return {
        name: int((now + value).timestamp()) if isinstance(value, timedelta) else value
        for name, value in claims.items()
        if value is not None
    }


def problem_of(answer: httpx.Response) -> Mapping[str, Any]:
    """The problem document of a refusal."""
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.json()
