"""The partnership as its host keeps it: training, conditions, who is suspended, the rules.

`training` what was completed | `conditions` what scopes depend on | `standing` who is out | `settings` the
rules.
"""

from fastapi import APIRouter

from gateway.partnership import conditions, settings, standing, training

router = APIRouter()
for part in (training, conditions, standing, settings):
    router.include_router(part.router)

__all__ = ["router"]
