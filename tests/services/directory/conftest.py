"""A directory of its own for every test module, on real PostgreSQL, and feeds served over real HTTP."""

import itertools
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from deploy.demo import feed
from deploy.local import listen, served
from hub.caller import AgencyId, Caller, ClientId, InnerSigner, Scope
from hub.database import Database, Tx
from hub.settings import Settings
from services.directory.app import app as directory_app

COUNCIL = AgencyId("northshire-early-help")
OTHER = AgencyId("harbour-family-charity")
TEMPLATE = "template_hub"


def caller(agency: AgencyId = COUNCIL, *scopes: Scope) -> Caller:
    """Somebody of an agency, by default allowed to write to the directory."""
    return Caller(agency, ClientId(agency), frozenset(scopes or (Scope.DIRECTORY_WRITE,)))


@dataclass
class Directory:
    """A running directory: its app, its database, and a client that knows nobody."""

    app: FastAPI
    http: httpx.AsyncClient
    database: Database
    signer: InnerSigner
    administrator: str

    async def get(self, path: str, **params: Any) -> Any:
        """What anybody reads at a path; it must be there."""
        answer = await self.http.get(path, params=params or None)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def names(self, **params: Any) -> list[str]:
        """The names of the services that answer a question, in order."""
        return [service["name"] for service in (await self.get("/services", **params))["contents"]]

    async def post(
        self, path: str, json: Any, by: Caller | None = None, key: str | None = None
    ) -> httpx.Response:
        """A write, by default by the council."""
        token = self.signer.sign(by or caller(), "directory")
        headers = {"authorization": f"Bearer {token}", "idempotency-key": key or str(uuid4())}
        return await self.http.post(path, json=json, headers=headers)

    async def pull(self, url: str, by: Caller | None = None) -> dict[str, Any]:
        """Pull a feed; the report."""
        answer = await self.post("/feeds", {"url": url, "publisher": "A council"}, by)
        assert answer.status_code == 200, answer.text
        return answer.json()

    @asynccontextmanager
    async def transaction(self, by: Caller | None = None) -> AsyncGenerator[Tx]:
        """A transaction as the service has it."""
        async with self.database.transaction(by, "test", uuid4()) as tx:
            yield tx


@pytest.fixture(scope="module")
async def directory(server: dict[str, Any], fresh_keys: dict[str, str]) -> AsyncIterator[Directory]:
    """An empty directory."""
    name = f"directory_{uuid4().hex[:8]}"
    connection = await asyncpg.connect(server["url"])
    await connection.execute(f'create database "{name}" template {TEMPLATE}')
    await connection.close()
    administrator = server["url"].rpartition("/")[0] + "/" + name
    place = administrator.partition("@")[2]
    settings = Settings.model_validate(
        {
            "database_url": f"postgresql://hub_directory:{server['roles']['directory']}@{place}",
            "inner_key": fresh_keys["HUB_INNER_KEY"],
            "inner_public_key": fresh_keys["HUB_INNER_PUBLIC_KEY"],
            "public_url": "https://hub.example.org",
            "feed_hosts": "127.0.0.1",
        }
    )
    app = directory_app(settings)
    database = Database(settings.need("database_url"), 2)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://directory"
        ) as http,
    ):
        yield Directory(app, http, database, InnerSigner(settings.inner_signing_key), administrator)
    await database.close()


Serve = Callable[[FastAPI], Awaitable[str]]


@pytest.fixture(scope="module")
async def serve() -> AsyncIterator[Serve]:
    """Serves apps on 127.0.0.1 while the module runs, each below a path of its own; gives its URL."""
    house, listener, numbers = FastAPI(), listen(0), itertools.count(1)

    async def started(app: FastAPI) -> str:
        path = f"/{next(numbers)}"
        house.mount(path, app)
        return f"http://127.0.0.1:{listener.getsockname()[1]}{path}"

    async with served(house, listener):
        yield started


@pytest.fixture(scope="module")
async def demo_feed(serve: Serve) -> str:
    """Where the demo's feed is served."""
    return await serve(feed.app())
