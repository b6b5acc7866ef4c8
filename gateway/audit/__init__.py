"""The audit log at the front door: sequenced, signed, proved piece by piece, watched by witnesses."""

from fastapi import APIRouter

from gateway.audit import proving, reading, witnessing
from gateway.audit.sequencer import sequence, sequencing, signer_of

router = APIRouter()
for part in (reading, proving, witnessing):
    router.include_router(part.router)

__all__ = ["router", "sequence", "sequencing", "signer_of"]
