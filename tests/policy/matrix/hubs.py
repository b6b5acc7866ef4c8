"""The hub that is asked, and another one: databases of their own, so that nothing else is in any list."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from deploy import keys, local
from deploy.demo import agreement as demo
from deploy.demo.clients import ClientKey
from deploy.demo.partner import Partner
from deploy.demo.partnership import EARLY_HELP, REGISTERED, Agency
from gateway.oauth import clients
from hub.caller import INNER_SCOPES, PURPOSE_SCOPE, AgencyId, Caller, ClientId, Purpose, Scope
from hub.database import Database
from hub.sharing import Category
from hub.sharing.agreements import Agreement, AgreementTerm, draft, sign
from tests.people import KEYS, allow_for_tests, introduce

TEMPLATE = "template_hub"
# A server hangs up on who was silent for five seconds: on a busy machine that is anybody.
BRIEFLY = httpx.Limits(max_keepalive_connections=20, keepalive_expiry=0.5)
# Whoever writes records holds every scope but the oversight that sees what nobody shares.
EVERY_SCOPE = frozenset(Scope) - INNER_SCOPES
WRITES = EVERY_SCOPE - {Scope.RECORDS_OVERSEE}


@dataclass(frozen=True)
class Hub:
    """A hub that is up, and a way to it."""

    running: local.Running
    http: httpx.AsyncClient

    def database(self) -> Database:
        """The gateway's own connections."""
        return Database(self.running.settings["gateway"].need("database_url"), 1)

    @asynccontextmanager
    async def administrator(self) -> AsyncGenerator[asyncpg.Connection]:
        """Who can set the clock of a record back; nobody else can."""
        connection = await asyncpg.connect(self.running.database_url)
        try:
            yield connection
        finally:
            await connection.close()


@asynccontextmanager
async def a_hub(server: dict[str, Any], name: str) -> AsyncGenerator[Hub]:
    """A hub with the partnership registered, on a database of this name, which is gone afterwards."""
    administrator = await asyncpg.connect(server["url"])
    try:
        await administrator.execute(f'create database "{name}" template {TEMPLATE}')
        url = server["url"].rpartition("/")[0] + "/" + name
        async with (
            local.in_one_process(url, keys.fresh(), secrets_of_roles=server["roles"]) as running,
            httpx.AsyncClient(base_url=running.url, timeout=60, limits=BRIEFLY) as http,
        ):
            await introduce(running.settings["gateway"])
            await allow_for_tests(Partner(EARLY_HELP, KEYS[EARLY_HELP.client], http, running.url))
            yield Hub(running, http)
        await administrator.execute(f'drop database "{name}" with (force)')
    finally:
        await administrator.close()


async def joined(hub: Hub, agency: Agency, client: str, scopes: frozenset[Scope]) -> Partner:
    """A client of an agency, which joins if it has not yet."""
    its, key = Agency(AgencyId(client), agency.name, agency.type, scopes), ClientKey.fresh()
    database = hub.database()
    async with database.transaction(None, "register", uuid4()) as tx:
        await clients.join(tx, agency.id, agency.name, agency.type)
        held = [*scopes, *(PURPOSE_SCOPE + purpose for purpose in Purpose)]
        await clients.register(tx, ClientId(client), agency.id, agency.name, [key.public], held)
        await tx.commit()
    await database.close()
    return Partner(its, key, hub.http, hub.running.url)


async def all_agree(hub: Hub, *newcomers: Agency) -> None:
    """The whole partnership and newcomers may share everything with one another."""
    parties = [a for a in (*REGISTERED, *newcomers) if a.type != "data_protection_officer"]
    everybody = [agency.id for agency in parties]
    terms = AgreementTerm(
        disclosers=everybody, receivers=everybody, categories=list(Category), purposes=list(Purpose)
    )
    now = datetime.now(UTC)
    text = Agreement(
        title="The policy matrix's agreement (synthetic)",
        dpia_reference="DPIA-MATRIX",
        parties=everybody,
        starts=now,
        expires=now + demo.LASTS,
        terms=[terms],
    )
    database = hub.database()
    async with database.transaction(_caller(parties[0]), "agree", uuid4()) as tx:
        drafted = await draft(tx, text)
        await tx.commit()
    for agency in parties:
        async with database.transaction(_caller(agency), "agree", uuid4()) as tx:
            await sign(tx, drafted, f"Chief officer, {agency.name}", now.date())
            await tx.commit()
    await database.close()


def _caller(agency: Agency) -> Caller:
    return Caller(agency.id, agency.client, agency.scopes)
