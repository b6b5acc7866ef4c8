"""The only way to a transaction: `allow(scope)`. No scope, no session; and nobody else commits.

The transaction opens when the endpoint asks for it and commits after the answer is built and before it
leaves, so a failed commit is never a 2xx. A refusal rolls back and leaves its own trace.
"""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response, Security
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.routing import APIRoute
from fastapi.security import OAuth2, SecurityScopes
from typing_extensions import override

from hub import idempotency
from hub.caller import PURPOSE_SCOPE, Caller, InnerVerifier, Purpose, Scope
from hub.database import Database, Tx
from hub.problem import Problem, ScopeMissing, Unauthenticated
from hub.seals.answers import Seals, on_the_way_out
from hub.sharing.agreements import AgreementExpired
from hub.trace import disclose_again, refuse

LEAVES_A_TRACE = frozenset({403, 404})
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

Authenticate = Callable[[Request], Awaitable[Caller]]


class TrainingExpired(Problem):
    """The training that this scope depends on is missing or out of date."""

    status = 403


class NotForARoom(Problem):
    """This is shown to the agency that asks, and not to a room."""

    status = 400


@dataclass(frozen=True)
class Part:
    """What a running part of the hub gives its endpoints: its name, its database, and who is asking.

    `shows_rooms` what everybody in a room may see, row by row. What says who shares, hides or looks does not.
    """

    name: str
    database: Database
    authenticate: Authenticate
    seals: Seals = field(default_factory=Seals)
    shows_rooms: bool = True


def by_inner_token(verifier: InnerVerifier) -> Authenticate:
    """How a service knows its caller: the token that the gateway signed for it, and nothing else."""

    async def authenticate(request: Request) -> Caller:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise Unauthenticated
        return verifier.verify(token)

    return authenticate


ALL_SCOPES = {scope.value: scope.value for scope in Scope} | {
    PURPOSE_SCOPE + purpose: f"for the purpose {purpose}" for purpose in Purpose
}
_oauth2 = OAuth2(
    flows=OAuthFlows(
        clientCredentials=OAuthFlowClientCredentials(tokenUrl="/oauth/token", scopes=ALL_SCOPES)
    ),
    scheme_name="hub",
    auto_error=False,
)


# What an operation says of itself in OpenAPI (`openapi_extra`): a POST that changes nothing.
ASKS = {"x-asks": True}


def allow(
    *scopes: Scope, claim: bool = True, storing: bool = False, asks: bool = False, shows_less: bool = False
) -> Any:
    """A transaction for a caller who holds every one of `scopes`; without one of them ScopeMissing.

    A write claims its Idempotency-Key first. `claim=False` is for an action whose own statement does the
    claiming; `asks=True`, and ASKS in its OpenAPI, for a POST that only asks a question and needs no key.
    `shows_less=True` is for what only takes sight away: it waits for no training and no agreement.
    """

    async def opened(request: Request, security: SecurityScopes, _: Annotated[Any, Security(_oauth2)]) -> Tx:
        caller = await _part(request).authenticate(request)
        request.state.caller = caller
        waiting = {scope for scope, _ in caller.withheld if shows_less}
        if not set(security.scopes) <= caller.scopes | waiting:
            raise _refusal(security.scopes, caller)
        if len(caller.everyone_who_sees()) > 1 and not _part(request).shows_rooms:
            raise NotForARoom("Leave the Audience header out, and look at it alone.")
        tx = await _open(request, caller, storing=storing)
        if request.method not in SAFE and not asks:
            tx.key, tx.fingerprint = await idempotency.read(request, caller)
            if claim:
                await idempotency.claim(tx)
        return tx

    return Security(opened, scopes=list(scopes))


def allow_anyone() -> Any:
    """A transaction for everybody: public data, and more for a caller who says who it is.

    A token that is sent must be good; without one the caller is nobody.
    """

    async def opened(request: Request) -> Tx:
        given = request.headers.getlist("authorization")
        known = any(one.lower().startswith("bearer ") for one in given)
        return await _open(request, await _part(request).authenticate(request) if known else None)

    return Depends(opened)


def allow_if_authenticated() -> Any:
    """The Caller alone, without a transaction: for what composes answers others have decided."""

    async def known(request: Request, _: Annotated[Any, Security(_oauth2)]) -> Caller:
        caller = request.state.caller = await _part(request).authenticate(request)
        return caller

    return Depends(known)


def require_met(tx: Tx, *scopes: Scope) -> None:
    """Refuse what shows more, of an operation that `allow` opens with `shows_less`.

    Raises what `allow` does without it: TrainingExpired, AgreementExpired.
    """
    if not set(scopes) <= tx.known_caller.scopes:
        raise _refusal(scopes, tx.known_caller)


def _refusal(scopes: Sequence[str], caller: Caller) -> Problem:
    """Why this caller lacks a scope: it never had it, or a condition of it is not met any more."""
    for scope, lacking in sorted(caller.withheld):
        if scope in scopes and lacking:
            return TrainingExpired(_untrained(scope, lacking, caller))
        if scope in scopes:
            return AgreementExpired(f"The scope {scope} needs an agreement in force that your agency signed.")
    return _scope_missing(scopes)


def _untrained(scope: str, course: str, caller: Caller) -> str:
    words = f"The scope {scope} needs the course {course}, completed and in date."
    if caller.practitioner:
        return words
    return f"{words} Where it is practitioners who complete it, say who acts in the Practitioner header."


def _scope_missing(needed: Sequence[str]) -> ScopeMissing:
    """The refusal with its challenge (RFC 6750, section 3.1)."""
    challenge = f'Bearer error="insufficient_scope", scope="{" ".join(needed)}"'
    words = f"scope{'s' if len(needed) > 1 else ''} {' and '.join(needed)}"
    return ScopeMissing(f"This operation needs the {words}.", headers={"www-authenticate": challenge})


def _part(request: Request) -> Part:
    return request.app.state.part


async def _open(request: Request, caller: Caller | None, *, storing: bool = False) -> Tx:
    stack: AsyncExitStack = request.state.stack
    about = (caller, operation_of(request), request.state.request_id)
    tx = await stack.enter_async_context(_part(request).database.transaction(*about, storing=storing))
    tx.route = f"{request.method} {request.url.path}"
    request.state.tx = tx
    return tx


def operation_of(request: Request) -> str:
    """`referral POST /referrals/{referral}/triage`: what the trace calls this operation."""
    route = request.scope.get("route")
    return f"{_part(request).name} {request.method} {getattr(route, 'path', request.url.path)}"


class HubRoute(APIRoute):
    """A route whose transaction commits after its answer is built and before it is sent."""

    @override
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own handler, inside our transaction."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await _in_transaction(request, handle)
            except Problem as problem:
                await _leave_trace(request, problem)
                raise

        return handled


async def _in_transaction(
    request: Request, handle: Callable[[Request], Coroutine[Any, Any, Response]]
) -> Response:
    shows: str | None = None
    async with AsyncExitStack() as stack:
        request.state.stack = stack
        try:
            response = await handle(request)
        except idempotency.AlreadyAnswered as earlier:
            response, shows = earlier.response, earlier.shows
        else:
            tx: Tx | None = getattr(request.state, "tx", None)
            if tx is not None:
                response = await on_the_way_out(tx, _part(request).seals, response)
                await idempotency.remember(tx, response)
                await tx.commit()
                return response
    # With its own connection given back: one that waits for a second can wait for itself.
    return await sealed(request, response, shows)


async def sealed(request: Request, response: Response, shows: str | None = None) -> Response:
    """An answer that no open transaction stands behind, as its audience may have it.

    A repeated answer (`shows` is what it discloses, again), one composed of others' answers, a refusal that
    says more than its name.
    """
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None:
        return response
    part = _part(request)
    async with part.database.transaction(caller, operation_of(request), request.state.request_id) as tx:
        if shows is not None:
            await disclose_again(tx, shows)
        shown = await on_the_way_out(tx, part.seals, response)
        await tx.commit()
    return shown


async def _leave_trace(request: Request, problem: Problem) -> None:
    """A refusal is a row too, written before the refusal is answered."""
    caller: Caller | None = getattr(request.state, "caller", None)
    if caller is None or problem.status not in LEAVES_A_TRACE:
        return
    tx: Tx | None = getattr(request.state, "tx", None)
    asked: list[UUID] = tx.asked if tx else []
    async with _part(request).database.transaction(
        caller, operation_of(request), request.state.request_id
    ) as trace:
        await refuse(trace, problem.slug(), asked)
        await trace.commit()
