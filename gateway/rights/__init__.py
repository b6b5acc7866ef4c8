"""The rights of the people in the records, over HTTP: a file per noun, put together here."""

from fastapi import APIRouter

from gateway.rights import corrections, held_back, items, releases, requests, restrictions, who_looked
from gateway.rights.gathering import Services
from hub.access import HubRoute

router = APIRouter(route_class=HubRoute)
for part in (who_looked, held_back, requests, items, releases, restrictions, corrections):
    router.include_router(part.router)

__all__ = ["Services", "router"]
