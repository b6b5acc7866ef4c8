"""Two hubs on one server: one whose directory has a tenth of the services, one with all of them."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import asyncpg
from sqlalchemy.engine import make_url

from deploy import keys, local
from deploy.bench.doors import Door
from deploy.bench.meter import Meter, postmaster_of
from deploy.bench.processes import Whole, in_a_process
from deploy.bench.stage import kept_database
from deploy.demo.partnership import REGISTERED
from deploy.migrate import migrated
from deploy.place import Place
from deploy.seed.services import services_seeded
from deploy.tokens import ClientKey

DATABASE = "hub_bench_directory"
TENTH = 10


@dataclass(frozen=True)
class Offer:
    """A hub whose directory has so many services."""

    services: int
    administrator: asyncpg.Connection
    whole: Whole

    def door(self) -> Door:
        """The front door, for somebody who says nothing about who they are."""
        return Door(self.whole.url, _nobody)


@dataclass(frozen=True)
class Offers:
    """Both of them."""

    few: Offer
    many: Offer

    def both(self) -> Sequence[Offer]:
        """The smaller one first."""
        return (self.few, self.many)

    async def meter(self) -> Meter:
        """What reads the processor time of everything on this stage."""
        backend = await self.many.administrator.fetchval("select pg_backend_pid()")
        return Meter(tuple(offer.whole.process_id for offer in self.both()), postmaster_of(backend))


async def _nobody() -> str:
    return ""


@asynccontextmanager
async def staged(
    place: Place, services: int, *, keep: bool, progress: Callable[[int], None]
) -> AsyncGenerator[Offers]:
    """Both hubs, seeded and running, while inside; their databases go at the end unless they are kept."""
    its_keys, passwords = keys.kept_in(place.folder), local.passwords()
    clients = {agency.client: ClientKey.fresh().public for agency in REGISTERED}
    async with AsyncExitStack() as stack:
        found: list[Offer] = []
        for size in (max(1, services // TENTH), services):
            name = f"{DATABASE}_{size}"
            await stack.enter_async_context(kept_database(place.database_url, name, keep=keep))
            url = make_url(place.database_url).set(database=name).render_as_string(hide_password=False)
            await migrated(url, passwords)
            await services_seeded(url, size, progress=progress)
            told = {"database_url": url, "keys": its_keys, "passwords": passwords, "clients": clients}
            whole = await stack.enter_async_context(in_a_process(**told))
            administrator = await asyncpg.connect(url)
            stack.push_async_callback(administrator.close)
            await administrator.execute("checkpoint")
            found.append(Offer(size, administrator, whole))
        yield Offers(*found)
