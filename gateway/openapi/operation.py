"""What every operation has in common, said once: headers, refusals, an id nobody else has."""

from collections.abc import Mapping
from typing import Any

from gateway.oauth.callers import TooManyInVain
from gateway.oauth.metadata import FORM
from hub.access import ASKS
from hub.caller import STAFF_ID
from hub.idempotency import IdempotencyKeyMissing
from hub.problem import (
    MEDIA_TYPE,
    MediaTypeNotSupported,
    NotFound,
    PayloadNotValid,
    PayloadTooLarge,
    Problem,
    ScopeMissing,
    TemporarilyUnavailable,
    Unauthenticated,
)

WRITES = frozenset({"post", "put", "patch", "delete"})
REFUSALS: tuple[type[Problem], ...] = (
    IdempotencyKeyMissing,
    Unauthenticated,
    ScopeMissing,
    NotFound,
    PayloadTooLarge,
    MediaTypeNotSupported,
    PayloadNotValid,
    TooManyInVain,
    TemporarilyUnavailable,
)
PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457). `type` is a page that says what to do.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string", "format": "json-pointer"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


def _header(name: str, pattern: str, text: str, *, required: bool = False) -> dict[str, Any]:
    schema = {"type": "string", "pattern": pattern}
    return {"name": name, "in": "header", "required": required, "schema": schema, "description": text}


HEADERS = {
    "IdempotencyKey": _header(
        "Idempotency-Key",
        r'^"?[\x21\x23-\x7e]{1,255}"?$',
        "A fresh random key. The same request with the same key is carried out once.",
        required=True,
    ),
    "Practitioner": _header(
        "Practitioner", f"^{STAFF_ID}$", "Your own opaque id of the person who asks: Kim is kim."
    ),
    "Audience": _header(
        "Audience",
        r"^[a-z0-9-]+( *, *[a-z0-9-]+)*$",
        "Agencies who will see the answer too. It shows only what all of them may see.",
    ),
}

RETRY_AFTER = {
    "Retry-After": {"schema": {"type": "integer"}, "description": "In so many seconds it may be asked again."}
}


def refusals() -> dict[str, Any]:
    """The reusable responses: one for each way of saying no, and one for all the others."""
    said = {kind.__name__: _response(kind.title()) for kind in REFUSALS}
    for kind in (TooManyInVain, TemporarilyUnavailable):
        said[kind.__name__]["headers"] = RETRY_AFTER
    return said | {"Problem": _response("Any other problem.")}


def completed(operation: dict[str, Any], part: str, path: str, method: str) -> dict[str, Any]:
    """The operation as the hub offers it: its own words, and what goes without saying."""
    own_id = operation["operationId"]
    headers = [{"$ref": f"#/components/parameters/{name}"} for name in _headers(operation, part, method)]
    return operation | {
        "operationId": f"{part}_{own_id}" if part else own_id,
        "tags": operation.get("tags") or [part or "hub"],
        "parameters": [*operation.get("parameters", []), *headers],
        "responses": _responses(operation["responses"], _refused(operation, part, path, method)),
    }


def _scopes(operation: Mapping[str, Any]) -> list[str]:
    return [scope for way in operation.get("security", []) for scope in way.get("hub", ())]


def _headers(operation: Mapping[str, Any], part: str, method: str) -> list[str]:
    """A service shows what a room may see; the front door's own answers are for who asks (`NotForARoom`)."""
    if not _scopes(operation):
        return []
    room = ["Audience"] if part else []
    return ["Practitioner", *room, *(["IdempotencyKey"] if _writes(operation, method) else [])]


def _writes(operation: Mapping[str, Any], method: str) -> bool:
    return method in WRITES and not operation.keys() >= ASKS.keys()


def _refused(operation: Mapping[str, Any], part: str, path: str, method: str) -> list[type[Problem]]:
    """The front door does not know which POST of a service only asks: none of them has to wait."""
    scoped = bool(_scopes(operation))
    ways = {
        Unauthenticated: bool(operation.get("security")),
        ScopeMissing: scoped,
        IdempotencyKeyMissing: scoped and _writes(operation, method),
        PayloadTooLarge: "requestBody" in operation,
        MediaTypeNotSupported: bool(operation.get("requestBody", {}).get("content", {}).keys() - {FORM}),
        PayloadNotValid: "422" in operation["responses"],
        NotFound: "{" in path,
        TooManyInVain: bool(operation.get("security"))
        and not (method in WRITES if part else _writes(operation, method)),
        TemporarilyUnavailable: True,
    }
    return [kind for kind, possible in ways.items() if possible]


def _responses(own: dict[str, Any], refused: list[type[Problem]]) -> dict[str, Any]:
    said = {status: answer for status, answer in own.items() if status != "422"}
    for kind in refused:
        said.setdefault(str(kind.status), {"$ref": f"#/components/responses/{kind.__name__}"})
    return dict(sorted(said.items())) | {"default": {"$ref": "#/components/responses/Problem"}}


def _response(title: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": title, "content": {MEDIA_TYPE: {"schema": schema}}}
