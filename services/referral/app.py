"""Puts the referral service together."""

from fastapi import FastAPI

from hub.access import Part, by_inner_token
from hub.caller import InnerVerifier
from hub.database import Database
from hub.service import dress
from hub.settings import Settings
from services.referral.api import routers


def app(settings: Settings) -> FastAPI:
    """The referral service, ready to serve under its own role."""
    part = Part(
        "referral",
        Database(settings.need("database_url"), settings.pool_size),
        by_inner_token(InnerVerifier(settings.inner_verifying_key, "referral")),
    )
    built = dress(part, *routers, title="Referrals", body_limit=settings.body_limit)
    built.state.matching_key = settings.need("matching_key").encode()
    built.state.look_ups_an_hour = settings.look_ups_an_hour
    return built
