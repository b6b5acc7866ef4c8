"""The synthetic partnership's OAuth clients: their keys, their registration, and how one gets a token."""

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import uuid4

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey

from deploy.demo.partnership import PARTNERSHIP
from gateway.oauth import clients
from hub.caller import PURPOSE_SCOPE, ClientId, Purpose
from hub.database import Database
from hub.settings import Settings

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


async def register_partnership(
    gateway: Settings, public_keys: Mapping[ClientId, Mapping[str, str | list[str]]]
) -> None:
    """Register every agency of the partnership and its client, under the gateway's own role."""
    database = Database(gateway.need("database_url"), 1)
    async with database.transaction(None, "register", uuid4()) as tx:
        for agency in PARTNERSHIP:
            await clients.join(tx, agency.id, agency.name, agency.type)
            key = public_keys[agency.client]
            scopes = [*agency.scopes, *(PURPOSE_SCOPE + purpose for purpose in Purpose)]
            await clients.register(tx, agency.client, agency.id, agency.name, [key], scopes)
        await tx.session.commit()
    await database.close()


async def token_for(
    http: httpx.AsyncClient, issuer: str, client: ClientId, key: ClientKey, scopes: Iterable[str]
) -> str:
    """An access token by `client_credentials` with `private_key_jwt` (RFC 7523). Raises TokenRefused."""
    now = int(time.time())
    claims = {
        "iss": client,
        "sub": client,
        "aud": issuer,
        "iat": now,
        "exp": now + 60,
        "jti": str(uuid4()),
    }
    answer = await http.post(
        f"{issuer}/oauth/token",
        data={
            "grant_type": "client_credentials",
            "scope": " ".join(sorted(scopes)),
            "client_assertion_type": ASSERTION,
            "client_assertion": jwt.encode({"alg": "ES256"}, claims, key.private),
        },
    )
    if answer.status_code != 200:
        raise TokenRefused(answer.text)
    return answer.json()["access_token"]
