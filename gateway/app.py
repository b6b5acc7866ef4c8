"""Puts the front door together."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

from fastapi import FastAPI

from gateway import (
    agreements,
    audit,
    breaches,
    browsing,
    directory,
    disclosures,
    insight,
    matching,
    pages,
    partnership,
    processing,
    rest,
    retention,
    rights,
    sharing,
)
from gateway.graphql import router as graphql
from gateway.hop import Hop, Services
from gateway.marks import Marks
from gateway.oauth import api as oauth
from gateway.oauth.callers import by_access_token
from gateway.oauth.keys import issuer as issuer_of
from gateway.openapi import api as openapi
from gateway.rights.overdue import telling_of_overdue_requests
from gateway.sharing.expiry import recording_expiry
from gateway.sharing.overdue import telling_of_overdue_reviews
from hub.access import Part
from hub.caller import InnerSigner
from hub.database import Database
from hub.service import dress
from hub.settings import Settings


def app(settings: Settings, hops: Mapping[str, Hop]) -> FastAPI:
    """The front door. `hops` are the ways to the services: `referral`, `assessment`, `directory`."""
    database = Database(settings.need("database_url"), settings.pool_size)
    issuer = issuer_of(settings.public_url, settings.signing_key)
    checkpoints = audit.signer_of(settings)
    signer = InnerSigner(settings.inner_signing_key)

    @asynccontextmanager
    async def running() -> AsyncGenerator[None]:
        async with (
            audit.sequencing(database, checkpoints),
            recording_expiry(database),
            telling_of_overdue_reviews(database),
            telling_of_overdue_requests(database),
            agreements.watching(database),
            browsing.watching(database),
        ):
            yield
        for hop in hops.values():
            await hop.close()

    front = dress(
        Part("gateway", database, by_access_token(issuer, database), shows_rooms=False),
        rest.router(hops, signer),
        graphql.router(hops, signer),
        oauth.router,
        sharing.router,
        agreements.router,
        partnership.router,
        rights.router,
        retention.router,
        disclosures.router,
        breaches.router,
        browsing.router,
        matching.router,
        insight.router,
        directory.router,
        processing.router,
        audit.router,
        pages.router,
        title="Early Help Hub",
        body_limit=settings.body_limit,
        running=running,
    )
    front.state.issuer = issuer
    front.state.signer = checkpoints
    front.state.marks = Marks()
    front.state.services = Services(hops, signer)
    openapi.publish(front, hops, issuer.name)
    return front
