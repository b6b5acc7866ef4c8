"""Keys: the one that signs access tokens, and the public ones that clients are known by."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from authlib.common.security import is_secure_transport
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, KeySetSerialization, OKPKey, RSAKey

from hub.problem import Problem

SIGNING = "ES256"
CLIENT_ALGORITHMS = ["ES256", "PS256", "Ed25519"]
SMALLEST_RSA = 2048
MOST_KEYS = 10
PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
PUBLIC = ("kty", "crv", "x", "y", "n", "e", "kid")


@dataclass(frozen=True)
class Issuer:
    """The authorization server as others know it: its name, and the keys it signs with."""

    name: str
    keys: KeySet


class KeyNotAccepted(Problem):
    """The key cannot prove who a client is."""

    status = 422


class SigningKeyNotUsable(Exception):
    """HUB_TOKEN_KEY is not a private P-256 key, so no access token can be signed with it."""


class IssuerNotSecure(Exception):
    """HUB_PUBLIC_URL is neither https nor on this machine, so tokens would travel in the open."""


def issuer(public_url: str, key: ECKey) -> Issuer:
    """The hub's own issuer. Its keys are a set, so that every token names its own in `kid`.

    Raises IssuerNotSecure (RFC 6749 section 1.6, RFC 8414 section 2), or SigningKeyNotUsable for
    anything but a private P-256 key.
    """
    if not is_secure_transport(public_url) or {"?", "#"} & set(public_url):
        raise IssuerNotSecure("HUB_PUBLIC_URL must be https without a query, or on this machine.")
    if not key.is_private or key.curve_name != "P-256":
        raise SigningKeyNotUsable("HUB_TOKEN_KEY must be a private EC key on the curve P-256.")
    return Issuer(public_url.rstrip("/"), KeySet([key]))


def published(keys: KeySet) -> dict[str, list[dict[str, Any]]]:
    """The public halves, as RFC 7517 has a verifier read them."""
    return {"keys": [_public(key, SIGNING) for key in keys]}


def accepted(keys: Sequence[Mapping[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """A client's public keys as we store them, each bound to its one algorithm.

    Raises KeyNotAccepted for a private, symmetric or weak key, or a curve FAPI 2.0 does not list.
    """
    if not 1 <= len(keys) <= MOST_KEYS:
        raise KeyNotAccepted(f"A client has 1 to {MOST_KEYS} public keys.")
    return {"keys": [_public(*_read(dict(key))) for key in keys]}


def of_client(jwks: Mapping[str, Any]) -> KeySet:
    """The stored keys of one client, ready to verify with."""
    return KeySet.import_key_set(cast(KeySetSerialization, jwks))


def _read(key: dict[str, Any]) -> tuple[Key, str]:
    if PRIVATE & key.keys():
        raise KeyNotAccepted("Send the public half only, and retire the key we have now seen.")
    try:
        match key.get("kty"), key.get("crv"):
            case "EC", "P-256":
                return ECKey.import_key(key), "ES256"
            case "OKP", "Ed25519":
                return OKPKey.import_key(key), "Ed25519"
            case "RSA", None:
                return _strong(key), "PS256"
            case _:
                raise KeyNotAccepted("Use EC on P-256, OKP on Ed25519, or RSA.")
    except (JoseError, KeyError, ValueError, TypeError) as reason:
        raise KeyNotAccepted("A key must be a public JSON Web Key (RFC 7517).") from reason


def _strong(key: dict[str, Any]) -> RSAKey:
    modulus = int.from_bytes(base64.urlsafe_b64decode(key["n"] + "=="), "big")
    if modulus.bit_length() < SMALLEST_RSA:
        raise KeyNotAccepted(f"An RSA key has at least {SMALLEST_RSA} bits.")
    return RSAKey.import_key(key)


def _public(key: Key, algorithm: str) -> dict[str, Any]:
    key.ensure_kid()
    parts = key.as_dict(private=False)
    return {name: parts[name] for name in PUBLIC if name in parts} | {
        "use": "sig",
        "alg": algorithm,
    }
