"""The gateway in a process of its own: every service is reached over HTTP."""

from fastapi import FastAPI

from gateway.app import app as gateway_app
from gateway.hop import AcrossProcesses
from hub.settings import Settings


def app(settings: Settings) -> FastAPI:
    """The front door, with a way to each service at the URL its setting names."""
    return gateway_app(
        settings,
        {
            "referral": AcrossProcesses(settings.referral_url),
            "assessment": AcrossProcesses(settings.assessment_url),
            "directory": AcrossProcesses(settings.directory_url),
        },
    )
