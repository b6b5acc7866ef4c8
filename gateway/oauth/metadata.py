"""What a client may find out by itself: RFC 8414 about the server, RFC 9728 about what it guards."""

from typing import Any, Literal

from pydantic import BaseModel

from gateway.oauth.assertion import METHOD
from gateway.oauth.keys import CLIENT_ALGORITHMS
from gateway.oauth.server import GRANT
from hub.access import ALL_SCOPES

FORM = "application/x-www-form-urlencoded"  # what the token endpoint reads; it refuses in OAuth's words
TOKEN = "/oauth/token"  # noqa: S105  # an address
JWKS = "/.well-known/jwks.json"
SERVER = "/.well-known/oauth-authorization-server"
RESOURCE = "/.well-known/oauth-protected-resource"


class ServerMetadata(BaseModel):
    """The authorization server's metadata (RFC 8414)."""

    issuer: str
    token_endpoint: str
    jwks_uri: str
    scopes_supported: list[str]
    response_types_supported: list[str]
    grant_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    token_endpoint_auth_signing_alg_values_supported: list[str]
    protected_resources: list[str]


class ResourceMetadata(BaseModel):
    """The protected resource's metadata (RFC 9728)."""

    resource: str
    resource_name: str
    authorization_servers: list[str]
    jwks_uri: str
    scopes_supported: list[str]
    bearer_methods_supported: list[str]


class PublicKey(BaseModel):
    """A public key (RFC 7517, RFC 7518 section 6.2)."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: str
    y: str
    kid: str
    use: Literal["sig"]
    alg: Literal["ES256"]


class PublicKeys(BaseModel):
    """The keys that access tokens and receipts are signed with; a token names its own in `kid`."""

    keys: list[PublicKey]


def of_server(issuer: str) -> dict[str, Any]:
    """The authorization server's metadata (RFC 8414)."""
    return {
        "issuer": issuer,
        "token_endpoint": issuer + TOKEN,
        "jwks_uri": issuer + JWKS,
        "scopes_supported": list(ALL_SCOPES),
        "response_types_supported": [],
        "grant_types_supported": [GRANT],
        "token_endpoint_auth_methods_supported": [METHOD],
        "token_endpoint_auth_signing_alg_values_supported": CLIENT_ALGORITHMS,
        "protected_resources": [issuer],
    }


def of_resource(issuer: str) -> dict[str, Any]:
    """The protected resource's metadata (RFC 9728): every challenge of ours points here."""
    return {
        "resource": issuer,
        "resource_name": "Early Help Hub",
        "authorization_servers": [issuer],
        "jwks_uri": issuer + JWKS,
        "scopes_supported": list(ALL_SCOPES),
        "bearer_methods_supported": ["header"],
    }
