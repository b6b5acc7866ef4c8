"""Erasure (UK GDPR Art 17): asked for or due, decided record by record, approved by a second person, done."""

from fastapi import APIRouter

from gateway.rights.erasure import approving, deciding, disposals, due, letters, requests, time_limits, told

router = APIRouter()
for part in (requests, time_limits, deciding, approving, letters, due, disposals, told):
    router.include_router(part.router)

__all__ = ["router"]
