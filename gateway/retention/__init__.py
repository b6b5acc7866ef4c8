"""How long records are kept, and what keeps them longer: the schedule, the holds, what is due."""

from fastapi import APIRouter

from gateway.retention import holds, rules

router = APIRouter()
for part in (rules, holds):
    router.include_router(part.router)

__all__ = ["router"]
