"""Makes one document of many: paths under their service, one security scheme, no name twice."""

from collections.abc import Mapping
from typing import Any

from gateway.oauth.metadata import TOKEN
from gateway.openapi import names, tags
from gateway.openapi.operation import HEADERS, PROBLEM, completed, refusals
from hub.access import ALL_SCOPES

# FastAPI's own words for a request of the wrong shape; ours are a Problem.
REPLACED = frozenset({"HTTPValidationError", "ValidationError"})
DESCRIPTION = (
    "Schools, health, police, housing, councils and charities helping a family early, together. "
    "Each agency sees exactly what it may see: what it may not see does not exist for it (404)."
)


def merged(
    issuer: str, own: Mapping[str, Any], services: Mapping[str, Mapping[str, Any] | None]
) -> dict[str, Any]:
    """One document. A service whose document is None is left out and named in `x-missing`."""
    parts = {"": own} | {name: found for name, found in services.items() if found is not None}
    missing = [name for name in services if name not in parts]
    paths, schemas = _put_together(parts)
    return {
        "openapi": "3.1.0",
        "info": {**own["info"], "description": DESCRIPTION},
        "servers": [{"url": issuer}],
        "tags": tags.used(paths, {name: part["info"]["title"] for name, part in parts.items()}),
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": HEADERS,
            "responses": refusals(),
            "securitySchemes": {"hub": _security(issuer)},
        },
        **({"x-missing": missing} if missing else {}),
    }


def _put_together(parts: Mapping[str, Mapping[str, Any]]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Every path and every schema, renamed where two parts mean different things by one name.

    A schema's title is its name: generators of clients call it by the one or the other.
    """
    schemas = {name: _schemas(part) for name, part in parts.items()}
    schemas[""]["Problem"] = PROBLEM
    clashing = names.clashing(schemas)
    paths: dict[str, Any] = {}
    kept: dict[str, Any] = {}
    for name, part in parts.items():
        renamed = names.own(name, clashing)
        paths |= names.rewritten(_paths(name, part), renamed)
        for schema, meaning in schemas[name].items():
            key = renamed.get(schema, schema)
            kept[key] = names.rewritten(meaning, renamed) | {"title": key}
    return paths, dict(sorted(kept.items()))


def _schemas(part: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = part.get("components", {}).get("schemas", {})
    return {name: meaning for name, meaning in found.items() if name not in REPLACED}


def _paths(name: str, part: Mapping[str, Any]) -> dict[str, Any]:
    prefix = f"/{name}" if name else ""
    return {
        prefix + path: {
            key: completed(value, name, path, key) if key in tags.METHODS else value
            for key, value in item.items()
        }
        for path, item in part["paths"].items()
    }


def _security(issuer: str) -> dict[str, Any]:
    flow = {"tokenUrl": issuer + TOKEN, "scopes": ALL_SCOPES}
    return {
        "type": "oauth2",
        "description": "client_credentials; the client proves itself by private_key_jwt (RFC 7523)",
        "flows": {"clientCredentials": flow},
    }
