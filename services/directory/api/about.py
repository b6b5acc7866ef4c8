"""What this API is: the first thing an Open Referral UK client reads."""

from typing import Any

from fastapi import APIRouter, Request

router = APIRouter(tags=["open referral"])

# Validators choose their schemas by this very text.
VERSION = "HSDS-UK-3.0"
PROFILE = "https://docs.openreferraluk.org/en/latest/"


@router.get("/")
async def read_about(request: Request) -> dict[str, Any]:
    """The version of Open Referral UK, its profile, and where our own OpenAPI document is."""
    return {
        "version": VERSION,
        "profile": PROFILE,
        "openapi_url": f"{request.app.state.public_url}/directory/openapi.json",
        "description": "The local offer: services for children and families, free for anyone to read.",
    }
