"""Access tokens read strictly (RFC 9068): what is not exactly ours, for us, tells us nothing.

A token is verified once and remembered, by its hash, until it expires.
"""

import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass

from joserfc import jwt
from joserfc.errors import JoseError

from gateway.oauth.keys import SIGNING, Issuer
from hub.caller import AgencyId, ClientId
from hub.problem import Unauthenticated

REMEMBERED = 4096
AHEAD = 5
TYPES = frozenset({"at+jwt", "application/at+jwt"})
UNREADABLE = (JoseError, ValueError, KeyError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Verified:
    """What a token says, once it is known to be ours. Who may still use it is another question."""

    client: ClientId
    agency: AgencyId
    scopes: frozenset[str]
    until: float


class AccessTokens:
    """Verifies access tokens, each of them once."""

    def __init__(self, issuer: Issuer) -> None:
        self._issuer = issuer
        self._known: OrderedDict[bytes, Verified] = OrderedDict()

    def __len__(self) -> int:
        """How many are remembered."""
        return len(self._known)

    def verify(self, token: str) -> Verified:
        """What the token says. Unauthenticated unless it is ours, for us, and not expired."""
        digest = hashlib.sha256(token.encode()).digest()
        known = self._known.get(digest)
        if known is None:
            known = self._read(token)
            self._known[digest] = known
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        if not time.time() < known.until:
            raise Unauthenticated("The access token has expired.")
        return known

    def _read(self, token: str) -> Verified:
        try:
            found = jwt.decode(token, self._issuer.keys, algorithms=[SIGNING])
            claims = found.claims
            ours = claims["iss"] == claims["aud"] == self._issuer.name
            if ours and found.header["typ"].lower() in TYPES and claims["iat"] <= time.time() + AHEAD:
                return Verified(
                    client=ClientId(claims["client_id"]),
                    agency=AgencyId(claims["agency"]),
                    scopes=frozenset(claims["scope"].split()),
                    until=float(claims["exp"]),
                )
        except UNREADABLE as reason:
            raise Unauthenticated("The access token is not one of ours.") from reason
        raise Unauthenticated("The access token is not for this hub.")
