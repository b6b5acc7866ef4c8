"""Client authentication by private_key_jwt (RFC 7523), as strictly as FAPI 2.0 asks."""

# Pyright reads stubs of an older Authlib, whose signatures differ from the one installed.
# pyright: reportIncompatibleMethodOverride=false, reportGeneralTypeIssues=false

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, cast

from authlib.oauth2.rfc6749 import InvalidClientError
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from gateway.oauth.keys import CLIENT_ALGORITHMS, of_client
from hub.caller import ClientId

METHOD = "private_key_jwt"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFETIME = 300
AHEAD = 10
CLIENT_ID = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}")
JTI = re.compile(r"[\x21-\x7e]{1,255}")
UNREADABLE = (JoseError, ValueError, TypeError, RecursionError)


@dataclass(frozen=True)
class Proof:
    """A verified proof of identity, to be used up: whose, which, and how long it would hold."""

    client: ClientId
    jti: str
    expires: float


def claimed(assertion: str) -> ClientId | None:
    """Who an assertion says it is from, before anything is verified; None if that is nobody."""
    try:
        sub = _unverified(assertion)[1].get("sub")
    except InvalidClientError:
        return None
    return ClientId(sub) if isinstance(sub, str) and CLIENT_ID.fullmatch(sub) else None


class PrivateKeyJwt(JWTBearerClientAssertion):
    """One request's client authentication. The proof it accepted is left in `proof`."""

    CLIENT_AUTH_METHOD = METHOD

    def __init__(self, issuer: str) -> None:
        super().__init__()  # pyright: ignore[reportCallIssue]  # the stubs want a token_url
        self._issuer = issuer
        self.proof: Proof | None = None

    def __call__(self, query_client: Callable[[str], Any], request: Any) -> Any:
        """The authenticated client. InvalidClientError for a wrong or missing assertion."""
        client = cast(Any, super().__call__(query_client, request))
        if client is None:
            status = 401 if "authorization" in request.headers else 400
            raise InvalidClientError(description="Authenticate by private_key_jwt.", status_code=status)
        if request.payload.client_id not in {None, client.get_client_id()}:
            _refuse("client_id is not who the assertion is about.")
        return client

    def extract_assertion(self, assertion: str) -> tuple[Mapping[str, Any], dict[str, Any]]:
        """Header and claims, not verified yet."""
        return _unverified(assertion)

    def resolve_client_public_key(self, client: Any) -> KeySet:
        """The registered keys: nothing in the assertion can bring its own."""
        return of_client(client.jwks)

    def process_assertion_claims(self, assertion: str, resolve_key: KeySet) -> dict[str, Any]:
        """The claims, once the signature and each of them hold."""
        try:
            claims = jwt.decode(assertion, resolve_key, algorithms=CLIENT_ALGORITHMS).claims
        except UNREADABLE:
            _refuse("The assertion is not signed by this client.")
        self.proof = check(claims, self._issuer, time.time())
        return claims


def check(claims: Mapping[str, Any], issuer: str, now: float) -> Proof:
    """The proof in these claims. InvalidClientError says which of RFC 7523 section 3 they break."""
    if claims.get("iss") != claims.get("sub"):
        _refuse("iss and sub must both be the client id.")
    if claims.get("aud") != issuer:
        _refuse(f"aud must be the string {issuer}.")
    expires = _moment(claims, "exp", None)
    if not now < expires <= now + LIFETIME + AHEAD:
        _refuse(f"exp must be at most {LIFETIME} seconds ahead.")
    for name in ("iat", "nbf"):
        if not _moment(claims, name, now) <= now + AHEAD:
            _refuse(f"{name} must be at most {AHEAD} seconds ahead.")
    jti = claims.get("jti")
    if not isinstance(jti, str) or not JTI.fullmatch(jti):
        _refuse("jti must be 1 to 255 printable characters.")
    return Proof(claims["sub"], jti, expires)


def _moment(claims: Mapping[str, Any], name: str, otherwise: float | None) -> float:
    found = claims.get(name, otherwise)
    if isinstance(found, bool) or not isinstance(found, int | float):
        _refuse(f"{name} must be a number of seconds.")
    return found


def _unverified(assertion: str) -> tuple[Mapping[str, Any], dict[str, Any]]:
    try:
        parts = jws.extract_compact(assertion.encode())
        claims = json.loads(parts.payload)
    except UNREADABLE:
        _refuse("The assertion is not a JWT.")
    if not isinstance(claims, dict):
        _refuse("The assertion is not a JWT.")
    return parts.headers(), cast(dict[str, Any], claims)


def _refuse(why: str) -> NoReturn:
    raise InvalidClientError(description=why)
