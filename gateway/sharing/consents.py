"""A sharing decision for a health system: FHIR Consent, R4B or R5."""

import json
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse

from gateway.sharing import fhir
from gateway.sharing.resources import ConsentAnswer
from gateway.sharing.shown import CONSENT
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.sharing import DecisionId

MEDIA_TYPE = "application/fhir+json"

router = APIRouter(route_class=HubRoute, tags=["sharing"])

Read = Annotated[Tx, allow(Scope.SHARING_READ)]
Release = Annotated[fhir.FhirVersion, Query(alias="fhir", description="the release: 4.3 (R4B) or 5.0 (R5)")]


class Fhir(JSONResponse):
    """JSON as FHIR names it."""

    media_type = MEDIA_TYPE


@router.get("/sharing/decisions/{decision}/consent", response_class=Fhir, response_model=ConsentAnswer)
async def read_consent(
    request: Request, tx: Read, decision: DecisionId, release: Release = fhir.FhirVersion.R4B
) -> Response:
    """The decision as a FHIR Consent; a Bundle with one for each person where it is about several."""
    shown = json.loads(await tx.show(CONSENT, decision=decision))
    made = fhir.consents(shown, release, request.app.state.issuer.name)
    kind = f"{MEDIA_TYPE}; fhirVersion={release}"
    return Response(json.dumps(made), media_type=kind, headers={"cache-control": "no-store"})
