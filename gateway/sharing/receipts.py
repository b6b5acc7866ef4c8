"""A signed receipt for a family: what was agreed, with whom, until when, and how to take it back.

The fields of ISO/IEC TS 27560:2023 (header, processing, party_identification, event) as a JWS that anybody
can check against `/.well-known/jwks.json`. Its type keeps it from ever being taken for an access token.
The hub records no lawful basis (UK GDPR, Article 6): `sharing_basis` is why it is shared, and no more.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from joserfc import jws

from gateway.oauth.keys import SIGNING, Issuer
from gateway.retention.rules import in_force
from gateway.retention.schedule import Rule, rule_for
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
# A family has no address of its own here: it takes an agreement back by telling somebody who works with it.
TAKEN_BACK = """\
Tell any agency that works with you, in person, by telephone or in writing, that you take this back, and \
give the number in `record_id`. You need no form and no reason. The agency records it, and from then on \
nothing is shared on this agreement; what is shared for another reason, such as a legal duty, is a decision \
of its own."""
NOT_TAKEN_BACK = """\
This does not rest on an agreement, so a family cannot take it back. Ask any agency that works with you to \
look at it again, and give the number in `record_id`; or complain to the hub's data protection officer."""

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
    claims = json.dumps(receipt(shown, await in_force(tx), issuer.name)).encode()
    said = await sealed_json(tx, request.app.state.part.seals, claims)
    return MadeOfSealed(said, _signed(said, issuer), MEDIA_TYPE, headers={"cache-control": "no-store"})


def receipt(shown: Mapping[str, Any], kept: Mapping[str, Rule], hub: str) -> dict[str, Any]:
    """What a receipt says.

    `shown` is what `GET /sharing/decisions/{id}` shows, `kept` the retention rules in force, `hub` the hub's
    public URL.
    """
    decision, history = shown["decision"], shown["history"]
    told: Mapping[str, Any] = next((h["circumstances"] for h in history if h["circumstances"]), _NOTHING)
    events = _events(shown)
    return {
        "iss": hub,
        "sub": decision["decision"],
        "iat": max(_seconds(at) for at in (history[-1]["at"], *(one["event_time"] for one in events))),
        "header": {
            "schema_version": SCHEMA,
            "record_id": decision["decision"],
            "pii_principal_id": decision["subjects"],
        },
        "processing": {
            "privacy_notice": told.get("words_shown"),
            "language": told.get("language"),
            "purposes": [_purpose(decision, controllers(shown), kept)],
        },
        "party_identification": [
            *({"party_id": agency, "party_role": "controller"} for agency in controllers(shown)),
            {"party_id": decision["agency"], "party_role": "recipient"},
        ],
        "event": events,
    }


def _purpose(decision: Mapping[str, Any], whose: Sequence[str], kept: Mapping[str, Rule]) -> dict[str, Any]:
    return {
        "purpose": decision["purpose"],
        "sharing_basis": decision["basis"],
        "standing": decision["standing"],
        "pii_information": [{"pii_type": category} for category in decision["categories"]],
        "not_shared": decision["dispute"]["categories"] if decision["dispute"] else [],
        "pii_controllers": whose,
        "recipients": [decision["agency"]],
        "retention_period": [_kept(rule_for(kept, one), one) for one in decision["categories"]],
        "jurisdiction": "GB",
        "withdrawal_method": {"words": TAKEN_BACK if decision["basis"] == "agreement" else NOT_TAKEN_BACK},
    }


def _kept(rule: Rule, category: str) -> dict[str, Any]:
    """How long the records are kept: whichever of the two comes later."""
    return {
        "pii_type": category,
        "after_last_contact": None if rule.after_contact is None else f"P{rule.after_contact}Y",
        "until_birthday": rule.until_birthday,
        "on_request": rule.on_request,
        "because": rule.words,
    }


def _events(shown: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What happened; and last, while some of it is disputed, that it is: or all would be read as given."""
    decision = shown["decision"]
    said = [_event(one, decision["basis"]) for one in shown["history"] if one["event"] in STATES]
    if decision["dispute"]:
        since = decision["dispute"]["since"]
        said.append({"event_time": since, "event_type": "notice", "event_state": "disputed"})
    return said


def _event(one: Mapping[str, Any], basis: str) -> dict[str, Any]:
    return {
        "event_time": one["at"],
        "validity_duration": _lasting(one["starts"], one["ends"]),
        "event_type": "explicit" if basis == "agreement" else "notice",
        "event_state": STATES[one["event"]],
        "entity_id": one["giver"]["name"] if one["giver"] else one["recorded_by"],
        "recorded_by": one["recorded_by"],
        "valid_from": one["starts"],
        "valid_until": one["ends"],
        "reason": one["reason"],
    }


def _lasting(starts: str, ends: str | None) -> str | None:
    """An ISO 8601 duration, in days as years differ; none of what has no end."""
    if ends is None:
        return None
    span = datetime.fromisoformat(ends) - datetime.fromisoformat(starts)
    return f"P{span.days}D" + (f"T{span.seconds}S" if span.seconds else "")


def _signed(claims: bytes, issuer: Issuer) -> str:
    [key] = issuer.keys.keys[:1]
    header = {"alg": SIGNING, "kid": key.kid, "typ": TYPE}
    return jws.serialize_compact(header, claims, key, [SIGNING])


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())
