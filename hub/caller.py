"""Who is asking: the vocabulary of scopes and purposes, the Caller, and the inner token that carries it."""

import time
from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType, TypeVar

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from hub.problem import Unauthenticated

K = TypeVar("K")
V = TypeVar("V")

AgencyId = NewType("AgencyId", str)
ClientId = NewType("ClientId", str)
PractitionerId = NewType("PractitionerId", str)


class Scope(StrEnum):
    """`<noun>:<verb>`, alphabetical. What an agency's client may ever do, whatever it may see."""

    AGREEMENTS_READ = "agreements:read"
    AGREEMENTS_WRITE = "agreements:write"
    ASSESSMENTS_READ = "assessments:read"
    ASSESSMENTS_WRITE = "assessments:write"
    AUDIT_WITNESS = "audit:witness"
    CASES_READ = "cases:read"
    CONCERNS_READ = "concerns:read"
    CONCERNS_WRITE = "concerns:write"
    DIRECTORY_PROPOSE = "directory:propose"
    DIRECTORY_REVIEW = "directory:review"
    DIRECTORY_WRITE = "directory:write"
    DISCLOSURES_AUDIT = "disclosures:audit"
    DISCLOSURES_HOLD_BACK = "disclosures:hold_back"
    DISCLOSURES_READ = "disclosures:read"
    EXISTENCE_READ = "existence:read"
    EXISTENCE_WRITE = "existence:write"
    INSIGHT_READ = "insight:read"
    MEETINGS_READ = "meetings:read"
    MEETINGS_WRITE = "meetings:write"
    NOTICES_READ = "notices:read"
    PARTNERSHIP_READ = "partnership:read"
    PARTNERSHIP_WRITE = "partnership:write"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    PLANS_READ = "plans:read"
    PLANS_WRITE = "plans:write"
    RECORDS_CORRECT = "records:correct"
    RECORDS_ERASE = "records:erase"
    RECORDS_OVERSEE = "records:oversee"
    REFERRALS_READ = "referrals:read"
    REFERRALS_TRIAGE = "referrals:triage"
    REFERRALS_WRITE = "referrals:write"
    RIGHTS_WRITE = "rights:write"
    SHARING_EXPLAIN = "sharing:explain"
    SHARING_OVERRIDE = "sharing:override"
    SHARING_OVERRIDE_REVIEW = "sharing:override_review"
    SHARING_READ = "sharing:read"
    SHARING_WRITE = "sharing:write"


# What the front door says in the name of oversight, once two people decided; no client ever holds it.
INNER_SCOPES = frozenset({Scope.RECORDS_CORRECT, Scope.RECORDS_ERASE})


class Purpose(StrEnum):
    """Why information is wanted. Asked for as the OAuth scope `purpose:<name>`, one in a token."""

    ATTENDANCE = "attendance"
    EARLY_HELP = "early_help"
    SAFEGUARDING = "safeguarding"
    SERVICE_DELIVERY = "service_delivery"


PURPOSE_SCOPE = "purpose:"
AUDIENCE_LIMIT = 40
SLUG = "[a-z0-9][a-z0-9-]{1,62}"  # an agency, or a team of one, as it is registered
STAFF_ID = "[A-Za-z0-9._-]{1,64}"  # an agency's own opaque id of a person


@dataclass(frozen=True, slots=True)
class Caller:
    """One client of one agency, for one purpose.

    `audience` is every agency that will see the answer: the caller's own, and for a screen shared in
    a meeting every other agency in the room. It can only narrow what is shown. `withheld` are scopes the
    client holds but whose condition is not met, each with what is lacking: a course, or '' for an agreement.
    """

    agency: AgencyId
    client: ClientId
    scopes: frozenset[str]
    purpose: Purpose | None = None
    practitioner: PractitionerId | None = None
    audience: tuple[AgencyId, ...] = ()
    team: str | None = None
    withheld: frozenset[tuple[str, str]] = frozenset()

    def everyone_who_sees(self) -> tuple[str, ...]:
        """The caller's agency (and team, `agency+team`) first, then whoever else is in the room."""
        own = f"{self.agency}+{self.team}" if self.team else self.agency
        return (own, *(agency for agency in self.audience if agency != self.agency))

    @property
    def oversees(self) -> bool:
        """Whether this is the hub's own data protection officer, who sees what nobody shares."""
        return Scope.RECORDS_OVERSEE in self.scopes


INNER_LIFETIME = 30
INNER_ALGORITHM = "Ed25519"
REMEMBERED = 4096


class InnerSigner:
    """Signs a Caller for one service, for 30 seconds, and reuses the token while most of that is left."""

    def __init__(self, key: OKPKey) -> None:
        self._key = key
        self._signed: OrderedDict[tuple[Caller, str], tuple[float, str]] = OrderedDict()

    def sign(self, caller: Caller, service: str) -> str:
        """A compact JWS that only `service` accepts."""
        now = time.time()
        until, token = self._signed.get((caller, service), (0.0, ""))
        if until - now > INNER_LIFETIME / 3:
            return token
        until = now + INNER_LIFETIME
        claims = {
            "aud": service,
            "exp": int(until),
            "agency": caller.agency,
            "client": caller.client,
            "scopes": sorted(caller.scopes),
            "purpose": caller.purpose,
            "practitioner": caller.practitioner,
            "audience": list(caller.audience),
            "team": caller.team,
            "withheld": sorted(caller.withheld),
        }
        token = jwt.encode({"alg": INNER_ALGORITHM}, claims, self._key, algorithms=[INNER_ALGORITHM])
        _remember(self._signed, (caller, service), (until, token))
        return token


class InnerVerifier:
    """Tells a service who is asking, from a token only the gateway can have signed."""

    def __init__(self, key: OKPKey, service: str) -> None:
        self._key = key
        self._service = service
        self._known: OrderedDict[str, tuple[float, Caller]] = OrderedDict()

    def verify(self, token: str) -> Caller:
        """The Caller, or Unauthenticated: expired, for another service, or signed by another key."""
        until, known = self._known.get(token, (0.0, None))
        if known is None:
            until, known = self._read(token)
            _remember(self._known, token, (until, known))
        if time.time() >= until:
            raise Unauthenticated("The inner token has expired.")
        return known

    def _read(self, token: str) -> tuple[float, Caller]:
        try:
            claims = jwt.decode(token, self._key, algorithms=[INNER_ALGORITHM]).claims
            if claims["aud"] != self._service:
                raise Unauthenticated("The inner token is for another service.")
            return float(claims["exp"]), Caller(
                agency=AgencyId(claims["agency"]),
                client=ClientId(claims["client"]),
                scopes=frozenset(claims["scopes"]),
                purpose=Purpose(claims["purpose"]) if claims["purpose"] else None,
                practitioner=claims["practitioner"],
                audience=tuple(claims["audience"]),
                team=claims["team"],
                withheld=frozenset((scope, lacking) for scope, lacking in claims["withheld"]),
            )
        except (JoseError, ValueError, KeyError, TypeError) as reason:
            raise Unauthenticated("The inner token is not one of ours.") from reason


def _remember(memory: OrderedDict[K, V], key: K, value: V) -> None:
    memory[key] = value
    if len(memory) > REMEMBERED:
        memory.popitem(last=False)
