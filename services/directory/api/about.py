"""What this API is: the first thing an Open Referral UK client reads."""

from fastapi import APIRouter, Request

from services.directory.schemas.listed import AboutShown

router = APIRouter(tags=["open referral"])

# Validators choose their schemas by this very text.
VERSION = "HSDS-UK-3.0"
PROFILE = "https://docs.openreferraluk.org/en/latest/"


@router.get("/")
async def read_about(request: Request) -> AboutShown:
    """The version of Open Referral UK, its profile, and where our own OpenAPI document is."""
    return AboutShown(
        version=VERSION,
        profile=PROFILE,
        openapi_url=f"{request.app.state.public_url}/directory/openapi.json",
        description="The local offer: services for children and families, free for anyone to read.",
    )
