"""A signed receipt for a family: what was agreed, with whom, until when, and how to take it back.

The fields of ISO/IEC TS 27560:2023 (header, processing, party_identification, event) as a JWS that anybody
can check against `/.well-known/jwks.json`. Its type keeps it from ever being taken for an access token.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from joserfc import jws

from gateway.oauth.keys import SIGNING, Issuer
from gateway.sharing.shown import HISTORY, controllers
from hub.access import HubRoute, allow
from hub.caller import Scope
from hub.database import Tx
from hub.seals.answers import MadeOfSealed, sealed_json
from hub.sharing import DecisionId

TYPE = "consent-receipt+jwt"
MEDIA_TYPE = f"application/{TYPE}"
SCHEMA = "ISO/IEC TS 27560:2023"
# An event of ours -> the state 27560 knows. What only looked at it again changes no state.
STATES = {
    "proposed": "requested",
    "given": "given",
    "varied": "given",
    "refused": "refused",
    "not_shared": "refused",
    "withdrawn": "withdrawn",
    "expired": "expired",
    "superseded": "terminated",
}

_NOTHING: Mapping[str, Any] = {}

router = APIRouter(route_class=HubRoute, tags=["sharing"])

Read = Annotated[Tx, allow(Scope.SHARING_READ)]


@router.get(
    "/sharing/decisions/{decision}/receipt",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {"schema": {"type": "string"}}}}},
)
async def read_receipt(request: Request, tx: Read, decision: DecisionId) -> Response:
    """The decision as a signed receipt (compact JWS), to keep and to show to anybody."""
    issuer: Issuer = request.app.state.issuer
    shown = json.loads(await tx.show(HISTORY, decision=decision))
    claims = json.dumps(receipt(shown, issuer.name)).encode()
    said = await sealed_json(tx, request.app.state.part.seals, claims)
    return MadeOfSealed(said, _signed(said, issuer), MEDIA_TYPE, headers={"cache-control": "no-store"})


def receipt(shown: Mapping[str, Any], hub: str) -> dict[str, Any]:
    """What a receipt says. `shown` is what `GET /sharing/decisions/{id}` shows; `hub` its public URL."""
    decision, history = shown["decision"], shown["history"]
    told: Mapping[str, Any] = next((h["circumstances"] for h in history if h["circumstances"]), _NOTHING)
    return {
        "iss": hub,
        "sub": decision["decision"],
        "iat": _seconds(history[-1]["at"]),
        "header": {
            "schema_version": SCHEMA,
            "record_id": decision["decision"],
            "pii_principal_id": decision["subjects"],
        },
        "processing": {
            "privacy_notice": told.get("words_shown"),
            "language": told.get("language"),
            "purposes": [_purpose(decision, controllers(shown), hub)],
        },
        "party_identification": [
            *({"party_id": agency, "party_role": "controller"} for agency in controllers(shown)),
            {"party_id": decision["agency"], "party_role": "recipient"},
        ],
        "event": [_event(one, decision["basis"]) for one in history if one["event"] in STATES],
    }


def _purpose(decision: Mapping[str, Any], whose: Sequence[str], hub: str) -> dict[str, Any]:
    return {
        "purpose": decision["purpose"],
        "lawful_basis": decision["basis"],
        "pii_information": [{"pii_type": category} for category in decision["categories"]],
        "pii_controllers": whose,
        "recipients": [decision["agency"]],
        "jurisdiction": "GB",
        "withdrawal_method": {
            "words": "Tell any agency that works with you; it takes effect at once.",
            "url": f"{hub}/sharing/decisions/{decision['decision']}/withdraw",
        },
    }


def _event(one: Mapping[str, Any], basis: str) -> dict[str, Any]:
    return {
        "event_time": one["at"],
        "event_type": "explicit" if basis == "agreement" else "notice",
        "event_state": STATES[one["event"]],
        "entity_id": one["giver"]["name"] if one["giver"] else one["recorded_by"],
        "recorded_by": one["recorded_by"],
        "valid_from": one["starts"],
        "valid_until": one["ends"],
        "reason": one["reason"],
    }


def _signed(claims: bytes, issuer: Issuer) -> str:
    [key] = issuer.keys.keys[:1]
    header = {"alg": SIGNING, "kid": key.kid, "typ": TYPE}
    return jws.serialize_compact(header, claims, key, [SIGNING])


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())
