"""How a client of the hub gets an access token: its key, and the request it signs with it."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey

ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class TokenRefused(Exception):
    """The hub did not give this client a token."""


@dataclass(frozen=True)
class ClientKey:
    """A client's ES256 key pair. The hub only ever sees the public half."""

    private: ECKey

    @classmethod
    def fresh(cls) -> "ClientKey":
        """A new pair."""
        return cls(ECKey.generate_key("P-256", {"use": "sig"}))

    @classmethod
    def read(cls, text: str) -> "ClientKey":
        """The pair from its JSON."""
        return cls(ECKey.import_key(json.loads(text)))

    def written(self) -> str:
        """The pair as JSON: a secret."""
        return json.dumps(self.private.as_dict(private=True))

    @property
    def public(self) -> dict[str, str | list[str]]:
        """The public JWK."""
        return self.private.as_dict(private=False)


async def token_for(
    http: httpx.AsyncClient, issuer: str, client: str, key: ClientKey, scopes: Iterable[str]
) -> str:
    """An access token by `client_credentials` with `private_key_jwt` (RFC 7523). Raises TokenRefused."""
    return (await ask(http, issuer, client, key, scopes))["access_token"]


async def ask(
    http: httpx.AsyncClient, issuer: str, client: str, key: ClientKey, scopes: Iterable[str]
) -> dict[str, Any]:
    """The whole answer of the token endpoint. Raises TokenRefused."""
    answer = await http.post(f"{issuer}/oauth/token", data=_request(issuer, client, key, scopes))
    if answer.status_code != 200:
        raise TokenRefused(answer.text)
    return answer.json()


def _request(issuer: str, client: str, key: ClientKey, scopes: Iterable[str]) -> dict[str, str]:
    """The form that asks for a token, with an assertion good for one minute and one use."""
    now = int(time.time())
    claims = {
        "iss": client,
        "sub": client,
        "aud": issuer,
        "iat": now,
        "exp": now + 60,
        "jti": str(uuid4()),
    }
    return {
        "grant_type": "client_credentials",
        "scope": " ".join(sorted(scopes)),
        "client_assertion_type": ASSERTION,
        "client_assertion": jwt.encode({"alg": "ES256"}, claims, key.private),
    }
