"""Who is asking: a bearer token (RFC 6750) and two headers of ours, read as a Caller.

Whether the token's client is still good is asked of the database, and remembered for half a second.
"""

import asyncio
import re
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

from fastapi import Request

from gateway.oauth.clients import Client, good
from gateway.oauth.conditions import Standing
from gateway.oauth.keys import Issuer
from gateway.oauth.metadata import RESOURCE
from gateway.oauth.tokens import AccessTokens, Verified
from hub.access import ASKS, SAFE, Authenticate
from hub.caller import (
    AUDIENCE_LIMIT,
    PURPOSE_SCOPE,
    SLUG,
    STAFF_ID,
    AgencyId,
    Caller,
    ClientId,
    PractitionerId,
    Purpose,
)
from hub.database import Database
from hub.problem import Problem, Unauthenticated
from hub.trace import refuse

REMEMBERED_SECONDS = 0.5
PRACTITIONER = re.compile(STAFF_ID)
AGENCY = re.compile(SLUG)


class PractitionerNotValid(Problem):
    """The Practitioner header is not a staff id."""

    status = 400


class PractitionerSuspended(Problem):
    """Your agency's practitioner is suspended from this hub."""

    status = 403


class TooManyInVain(Problem):
    """More was asked for than is usual of what the hub does not show here: reading has to wait."""

    status = 429


class AudienceNotValid(Problem):
    """The Audience header is not a list of agencies."""

    status = 400


class Clients:
    """Which clients are still good, as the database has it, to within half a second."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._asked: dict[ClientId, tuple[float, asyncio.Task[Client | None]]] = {}

    async def welcome(self, said: Verified, request: UUID) -> Client:
        """The token's client, or Unauthenticated once it or its agency has been shut out."""
        client = await self._good(said.client, request)
        if client is None or client.agency != said.agency:
            raise Unauthenticated("The access token is no longer good.")
        return client

    async def _good(self, client: ClientId, request: UUID) -> Client | None:
        """The newest answer. Requests that ask at the same moment share it."""
        asked, now = self._asked.get(client), time.monotonic()
        if asked is None or now - asked[0] > REMEMBERED_SECONDS:
            asked = self._asked[client] = now, asyncio.create_task(self._ask(client, request))
        return await asyncio.shield(asked[1])

    async def _ask(self, client: ClientId, request: UUID) -> Client | None:
        async with self._database.transaction(None, "authenticate", request) as tx:
            return await good(tx, client)


def by_access_token(issuer: Issuer, database: Database) -> Authenticate:
    """How the front door knows its callers: by the tokens of its own issuer, and nothing else."""
    tokens, clients = AccessTokens(issuer), Clients(database)

    async def authenticate(request: Request) -> Caller:
        try:
            said = tokens.verify(_bearer(request))
            client = await clients.welcome(said, request.state.request_id)
        except Unauthenticated as problem:
            problem.headers = _challenge(problem, issuer.name + RESOURCE)
            raise
        caller = _caller(said.scopes & client.scopes, client, request)
        if problem := _kept_out(client.standing, caller, request):
            await _leave_trace(database, caller, request, problem)
            raise problem
        return caller

    return authenticate


def _kept_out(standing: Standing, caller: Caller, request: Request) -> Problem | None:
    """Why a caller we know gets no further. What is written goes on: a concern, a withdrawal never waits."""
    if caller.practitioner in standing.suspended:
        return PractitionerSuspended()
    wait = standing.wait_of(caller.practitioner)
    if wait and not caller.oversees and _only_reads(request):
        until = datetime.now(UTC) + timedelta(seconds=wait)
        return TooManyInVain(
            f"Nothing is read until {until:%Y-%m-%d %H:%M:%S} UTC, and writes go through."
            " The hub's data protection officer can let you go on earlier.",
            headers={"retry-after": str(wait)},
        )
    return None


def _only_reads(request: Request) -> bool:
    route = request.scope.get("route")
    return request.method in SAFE or (getattr(route, "openapi_extra", None) or {}).items() >= ASKS.items()


def _caller(held: frozenset[str], client: Client, request: Request) -> Caller:
    """The caller with the scopes whose conditions are met; those that are not are withheld, with why."""
    practitioner = _practitioner(request)
    withheld = frozenset(w for w in client.standing.withheld_from(practitioner) if w[0] in held)
    scopes = held - {scope for scope, _ in withheld}
    return Caller(
        agency=client.agency,
        client=client.id,
        scopes=scopes,
        purpose=_purpose(scopes),
        practitioner=practitioner,
        audience=_audience(request),
        team=f"{client.agency}/{client.team}" if client.team else None,
        withheld=withheld,
    )


async def _leave_trace(database: Database, caller: Caller, request: Request, problem: Problem) -> None:
    """Who was kept out is on record before they are told."""
    async with database.transaction(caller, "authenticate", request.state.request_id) as tx:
        await refuse(tx, problem.slug())
        await tx.commit()


def _bearer(request: Request) -> str:
    """The token of the one Authorization header: never of the query or the body (RFC 6750)."""
    given = request.headers.getlist("authorization")
    kind, _, token = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    if kind.lower() != "bearer" or not token:
        raise Unauthenticated
    return token


def _challenge(problem: Unauthenticated, metadata: str) -> dict[str, str]:
    kind, _, error = problem.headers["www-authenticate"].partition(" ")
    said = [part for part in (error, f'resource_metadata="{metadata}"') if part]
    return {"www-authenticate": f"{kind} {', '.join(said)}"}


def _purpose(scopes: frozenset[str]) -> Purpose | None:
    for scope in scopes:
        if scope.startswith(PURPOSE_SCOPE):
            return Purpose(scope.removeprefix(PURPOSE_SCOPE))
    return None


def _practitioner(request: Request) -> PractitionerId | None:
    """In small letters, as a body or a path that names somebody is read (hub.heard): Kim is kim."""
    given = request.headers.getlist("practitioner")
    if not given:
        return None
    if len(given) > 1 or not PRACTITIONER.fullmatch(given[0]):
        raise PractitionerNotValid("Send one opaque staff id: 1 to 64 of A-Z a-z 0-9 . _ -")
    return PractitionerId(given[0].lower())


def _audience(request: Request) -> tuple[AgencyId, ...]:
    """Who else will see the answer. In order, so that the same room is the same Caller."""
    given = request.headers.getlist("audience")
    if not given:
        return ()
    agencies = {name.strip() for name in ",".join(given).split(",")}
    if len(agencies) > AUDIENCE_LIMIT or not all(map(AGENCY.fullmatch, agencies)):
        raise AudienceNotValid(f"Send the ids of at most {AUDIENCE_LIMIT} agencies, with commas.")
    return tuple(AgencyId(agency) for agency in sorted(agencies))
