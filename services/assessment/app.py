"""Puts the assessment service together."""

from fastapi import FastAPI

from hub.access import Part, by_inner_token
from hub.caller import InnerVerifier
from hub.database import Database
from hub.service import dress
from hub.settings import Settings
from services.assessment.api import routers


def app(settings: Settings) -> FastAPI:
    """The assessment service, ready to serve under its own role."""
    part = Part(
        "assessment",
        Database(settings.need("database_url"), settings.pool_size),
        by_inner_token(InnerVerifier(settings.inner_verifying_key, "assessment")),
    )
    return dress(part, *routers, title="Assessments", body_limit=settings.body_limit)
