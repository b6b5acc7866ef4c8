"""The rights of the people in the records, over HTTP: a file per noun, put together here."""

from fastapi import APIRouter

from gateway.rights import (
    corrections,
    erasure,
    held_back,
    items,
    releases,
    requests,
    restrictions,
    time_limits,
    who_looked,
)
from hub.access import HubRoute

router = APIRouter(route_class=HubRoute)
for part in (
    *(who_looked, held_back, requests, time_limits, items, releases),
    *(restrictions, corrections, erasure),
):
    router.include_router(part.router)

__all__ = ["router"]
