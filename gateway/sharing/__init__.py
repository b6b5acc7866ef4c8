"""The sharing ledger over HTTP: a file per noun, put together here."""

from fastapi import APIRouter

from gateway.sharing import (
    agencies,
    conflicts,
    consents,
    decisions,
    explaining,
    notices,
    overrides,
    receipts,
    restrictions,
    seals,
    simulating,
)

router = APIRouter()
for part in (
    decisions,
    conflicts,
    consents,
    receipts,
    restrictions,
    seals,
    overrides,
    notices,
    explaining,
    simulating,
    agencies,
):
    router.include_router(part.router)

__all__ = ["router"]
