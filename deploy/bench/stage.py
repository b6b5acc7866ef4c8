"""A seeded hub to measure: a database of its own, the hub in one process, and its parts in several."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import asyncpg
import httpx
from sqlalchemy.engine import make_url

from deploy import keys, local
from deploy.bench.doors import Door
from deploy.bench.meter import Meter, postmaster_of
from deploy.bench.processes import Whole, in_a_process
from deploy.demo.partnership import EARLY_HELP, REGISTERED, Agency
from deploy.many import RunningParts, in_many_processes
from deploy.migrate import migrated
from deploy.place import Place
from deploy.seed import seeded
from deploy.tokens import ClientKey, token_for
from hub.caller import PURPOSE_SCOPE, Caller, InnerSigner, Purpose

DATABASE = "hub_bench"
SETTLED = "select not exists (select from hub.unsequenced)"
PATIENCE = 5.0
PURPOSE = Purpose.EARLY_HELP
# A token lives for 300 seconds and a turn for five at most.
TOKEN_AGE = 120.0
# A stranger asks for what it may not see at every turn: the limits on that are for people at work.
UNHINDERED = """
insert into hub.partnership_event (agreements_required, reading_limit_factor, reason, recorded_by,
  recorded_by_client, practitioner)
values (true, 1000, 'A benchmark.', $1, 'bench', '')"""


@dataclass(frozen=True)
class Stage:
    """What a benchmark has to do with. `tell` moves the progress bar."""

    administrator: asyncpg.Connection
    whole: Whole
    apart: RunningParts
    signer: InnerSigner
    clients: Mapping[str, ClientKey]
    tell: Callable[[float], None]
    tokens: dict[tuple[str, str], tuple[float, str]] = field(
        default_factory=dict[tuple[str, str], tuple[float, str]]
    )

    @property
    def database_url(self) -> str:
        """The database as its administrator sees it."""
        return self.apart.database_url

    def url_of(self, part: str) -> str:
        """The database under a part's own role."""
        return self.apart.settings[part].need("database_url")

    @property
    def matching_key(self) -> bytes:
        """Under which pupils are found by UPN."""
        return self.apart.settings["referral"].need("matching_key").encode()

    def gateway(self, agency: Agency) -> Door:
        """The front door of the hub in one process."""
        return Door(self.whole.url, lambda: self._token(self.whole.url, agency))

    def gateway_apart(self, agency: Agency) -> Door:
        """The front door in a process of its own: it reaches the referral service over HTTP."""
        return Door(self.apart.url, lambda: self._token(self.apart.url, agency))

    def service(self, agency: Agency) -> Door:
        """The referral service's own door, behind the gateway."""

        async def signed() -> str:
            return self.signer.sign(caller_of(agency), "referral")

        return Door(self.apart.urls["referral"], signed)

    async def meter(self) -> Meter:
        """What reads the processor time of everything on this stage."""
        backend = await self.administrator.fetchval("select pg_backend_pid()")
        servers = (self.whole.process_id, *(part.pid for part in self.apart.processes.values()))
        return Meter(servers, postmaster_of(backend))

    async def settle(self) -> None:
        """Wait until what the last turn showed has its place in the log: that work is the turn's."""
        clock = asyncio.get_running_loop().time
        give_up = clock() + PATIENCE
        while not await self.administrator.fetchval(SETTLED) and clock() < give_up:  # noqa: ASYNC110  # another process's work
            await asyncio.sleep(0.02)

    async def _token(self, url: str, agency: Agency) -> str:
        """An access token with everything this agency may ask for, no older than two minutes."""
        now = asyncio.get_running_loop().time()
        since, token = self.tokens.get((url, agency.id), (0.0, ""))
        if not token or now - since > TOKEN_AGE:
            scopes = [*agency.scopes, PURPOSE_SCOPE + PURPOSE]
            async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
                token = await token_for(http, url, agency.client, self.clients[agency.client], scopes)
            self.tokens[url, agency.id] = now, token
        return token


def caller_of(agency: Agency) -> Caller:
    """Whom the gateway makes of this agency's token."""
    scopes = frozenset({*agency.scopes, PURPOSE_SCOPE + PURPOSE})
    return Caller(agency.id, agency.client, scopes, PURPOSE)


@asynccontextmanager
async def staged(
    place: Place, families: int, *, keep: bool, progress: Callable[[float], None]
) -> AsyncGenerator[Stage]:
    """A hub with so many families on a server, in a database that goes at the end unless it is kept."""
    url = make_url(place.database_url).set(database=DATABASE).render_as_string(hide_password=False)
    its_keys, passwords = keys.kept_in(place.folder), local.passwords()
    clients: dict[str, ClientKey] = {agency.client: ClientKey.fresh() for agency in REGISTERED}
    public = {client: key.public for client, key in clients.items()}
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(kept_database(place.database_url, DATABASE, keep=keep))
        await migrated(url, passwords)
        await seeded(url, families, matching_key=its_keys["HUB_MATCHING_KEY"], progress=progress)
        told = {"database_url": url, "keys": its_keys, "passwords": passwords, "clients": public}
        whole = await stack.enter_async_context(in_a_process(**told))
        apart = await stack.enter_async_context(in_many_processes(url, its_keys, 0, passwords))
        administrator = await asyncpg.connect(url)
        stack.push_async_callback(administrator.close)
        await administrator.execute(UNHINDERED, EARLY_HELP.id)
        await administrator.execute("checkpoint")
        signer = InnerSigner(apart.settings["gateway"].inner_signing_key)
        yield Stage(administrator, whole, apart, signer, clients, progress)


@asynccontextmanager
async def kept_database(url: str, name: str, *, keep: bool) -> AsyncGenerator[None]:
    """A database of that name on a server while inside, and after it if it is to be kept."""
    connection = await asyncpg.connect(url)
    try:
        if not await connection.fetchval("select true from pg_database where datname = $1", name):
            await connection.execute(f"create database {name}")
        yield
        if not keep:
            await connection.execute(f"drop database {name} with (force)")
    finally:
        await connection.close()
