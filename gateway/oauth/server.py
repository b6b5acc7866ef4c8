"""The token endpoint's rules on Authlib's core: one request, in memory, its client fetched before.

Authlib's server is synchronous. It needs nothing but the client, so that is fetched first and what
was used up is stored afterwards: no second driver, no thread.
"""

# Pyright reads stubs of an older Authlib, whose signatures differ from the one installed.
# pyright: reportIncompatibleMethodOverride=false, reportIncompatibleVariableOverride=false

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    ClientCredentialsGrant,
    ClientMixin,
    InvalidScopeError,
    OAuth2Error,
    OAuth2Request,
)
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc9068 import JWTBearerTokenGenerator
from joserfc.jwk import KeySet

from gateway.oauth.assertion import METHOD, PrivateKeyJwt, Proof
from gateway.oauth.clients import Client
from gateway.oauth.keys import SIGNING, Issuer
from hub.access import ALL_SCOPES
from hub.caller import PURPOSE_SCOPE, Scope

GRANT = "client_credentials"
LIFETIME = 300
# With these one may also withdraw, restrict and end, which waits for no training (hub.access.allow).
ALSO_SHOW_LESS = frozenset({Scope.SHARING_WRITE, Scope.SHARING_OVERRIDE, Scope.AGREEMENTS_WRITE})


@dataclass(frozen=True)
class Answer:
    """What the token endpoint says, and the proof that must be used up before it may say so."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str]
    proof: Proof | None


def answer(issuer: Issuer, form: dict[str, str], headers: Mapping[str, str], client: Client | None) -> Answer:
    """Carry out a token request (RFC 6749 section 4.4). `client` is who it claims to be from."""
    proof = PrivateKeyJwt(issuer.name)
    server = _Server(issuer, proof, client)
    request = _TokenRequest(issuer.name, form, headers)
    status, body, said = cast(Any, server.create_token_response(request))
    return Answer(status, body, dict(said), proof.proof)


def refusal(reason: OAuth2Error) -> Answer:
    """What a request is answered that failed before the grant, or after it."""
    status, body, headers = cast(Any, reason())
    return Answer(status, body, dict(headers), None)


def allowed_scope(asked: str | None, client: Client) -> str:
    """The scopes of one token: all that were asked for or InvalidScopeError, never fewer."""
    wanted = list(dict.fromkeys((asked or "").split()))
    if not wanted:
        raise InvalidScopeError(description="Ask for the scopes you need.")
    if not ALL_SCOPES.keys() >= set(wanted):
        raise InvalidScopeError(description="The hub has no such scope.")
    if not client.scopes >= set(wanted):
        raise InvalidScopeError(description="This client may not have that scope.")
    for scope, lacking in sorted(client.standing.withheld):
        if scope in wanted and scope not in ALSO_SHOW_LESS:
            needed = f"the course {lacking}, in date" if lacking else "a signed agreement in force"
            raise InvalidScopeError(description=f"The scope {scope} needs {needed}.")
    if sum(scope.startswith(PURPOSE_SCOPE) for scope in wanted) > 1:
        raise InvalidScopeError(description="A token is for one purpose: ask for one only.")
    return " ".join(wanted)


class _Asking(ClientMixin):
    """A Client as Authlib wants to meet it."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.agency = client.agency
        self.jwks = client.jwks

    def get_client_id(self) -> str:
        return self._client.id

    def get_allowed_scope(self, scope: str | None) -> str:
        return allowed_scope(scope, self._client)

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == GRANT

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == METHOD and endpoint == "token"


class _TokenRequest(OAuth2Request):
    def __init__(self, issuer: str, form: dict[str, str], headers: Mapping[str, str]) -> None:
        super().__init__("POST", f"{issuer}/oauth/token", headers=headers)
        self._form = form
        self.payload = BasicOAuth2Payload(form)

    @property
    def form(self) -> dict[str, str]:
        """Where Authlib looks for the assertion."""
        return self._form


class _Grant(ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS: ClassVar[list[str]] = [METHOD]


class _AccessTokens(JWTBearerTokenGenerator):
    """Access tokens by RFC 9068, for this hub alone."""

    def __init__(self, issuer: Issuer) -> None:
        super().__init__(issuer.name, SIGNING, expires_generator=_lifetime)
        self._issuer = issuer

    def get_jwks(self) -> KeySet:
        return self._issuer.keys

    def get_audiences(self, *_: Any) -> str:
        return self._issuer.name

    def get_extra_claims(self, client: Any, *_: Any) -> dict[str, str]:
        return {"agency": client.agency}


def _lifetime(*_: Any) -> int:
    return LIFETIME


class _Server(AuthorizationServer):
    def __init__(self, issuer: Issuer, proof: PrivateKeyJwt, client: Client | None) -> None:
        super().__init__()
        self._asking = _Asking(client) if client else None
        self.register_client_auth_method(METHOD, proof)
        self.register_grant(_Grant)
        self.register_token_generator("default", _AccessTokens(issuer))

    def query_client(self, client_id: str) -> _Asking | None:
        known = self._asking
        return known if known and known.get_client_id() == client_id else None

    def create_oauth2_request(self, request: OAuth2Request) -> OAuth2Request:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> tuple[int, Any, Any]:
        return status, body, headers

    def save_token(self, token: Any, request: Any) -> None:
        """Access tokens are verified, not looked up: there is nothing to keep."""

    def send_signal(self, name: str, *_: Any, **__: Any) -> None:
        """Nobody listens."""
