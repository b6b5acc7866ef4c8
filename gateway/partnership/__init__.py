"""The partnership as its host keeps it: training, conditions, who is suspended, the rules.

`training` what was completed and what scopes depend on it | `standing` who is out | `settings` the rules.
"""

from fastapi import APIRouter

from gateway.partnership import settings, standing, training

router = APIRouter()
for part in (training, standing, settings):
    router.include_router(part.router)

__all__ = ["router"]
