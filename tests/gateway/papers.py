"""What leaves of a decision, as somebody reads it: FHIR Consent and the signed receipt."""

import json
from typing import Any

import httpx
from joserfc import jws
from joserfc.jwk import KeySet

from deploy.demo.partner import Partner
from tests.gateway.deciding import step


async def consent(by: Partner, decision: str, release: str) -> dict[str, Any]:
    """The decision as FHIR."""
    answer = await by.get(step(decision, "consent"), params={"fhir": release})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == f"application/fhir+json; fhirVersion={release}"
    return answer.json()


async def keys(http: httpx.AsyncClient) -> KeySet:
    """The hub's published keys."""
    return KeySet.import_key_set((await http.get("/.well-known/jwks.json")).json())


async def receipt(by: Partner, decision: str) -> dict[str, Any]:
    """What the receipt says, once its signature is checked."""
    answer = await by.get(step(decision, "receipt"))
    assert answer.status_code == 200, answer.text
    return json.loads(jws.deserialize_compact(answer.text, await keys(by.http), ["ES256"]).payload)
